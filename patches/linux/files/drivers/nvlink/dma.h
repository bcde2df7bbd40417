/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The data path: DMA windows, channels with their rings, jobs.
 *
 * Locks, in the order in which they are taken; nvlink.srcu, which every call
 * from user space but WAIT holds, is outside of all of them:
 *
 *  1. nvlink_file.submit_lock: jobs of one open file are numbered and queued in
 *     one order. Held over what follows, except for 2.
 *  2. nvlink_dma.lock: the list of buffers. A buffer leaves it and loses its
 *     mapping for the controller in one.
 *  3. dma_resv of the buffers of a job, in one ww_acquire_ctx.
 *  4. nvlink_buffer.lock: attachments, kernel mapping and the mapping for the
 *     controller. Taken inside dma_resv by the exporter's callbacks.
 *  5. the lock of a fence (ours or somebody else's); callbacks run under it.
 *  6. nvlink_channel.lock: rings and lists of jobs; interrupts off. Nothing is
 *     signalled while it is held: who signals runs callbacks, and they take the
 *     locks of other channels. Jobs that ended are collected first.
 *
 * nvlink_dma.files_lock and nvlink_file.events_lock (inside it) guard who hears
 * of events; interrupts off. They do not meet the others.
 *
 * From where a fence is published until it is signalled nothing allocates and
 * no lock but 5 and 6 is taken: descriptors are made before, and memory is given
 * back after, by the work item nvlink_dma.retire. A job that hangs ends by a
 * reset, which allocates only after it has ended the jobs.
 */
#ifndef NVLINK_DMA_H
#define NVLINK_DMA_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/maple_tree.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>

#include "nvlink.h"

#define NVLINK_RING_LOG2 8
#define NVLINK_RING_ENTRIES BIT(NVLINK_RING_LOG2)

/*
 * Bytes that one descriptor moves at most, so that a slow transfer shows its
 * progress by completions.
 */
#define NVLINK_STEP_BYTES SZ_16M
#define NVLINK_BOUNCE_BYTES SZ_1M

struct nvlink_buffer;
struct nvlink_job;
struct sg_table;

/**
 * struct nvlink_channel - a copy engine channel
 * @dma: what it belongs to
 * @index: number
 * @lock: guards all that follows but the addresses
 * @open: enabled, takes jobs
 * @error: what jobs fail with where it is not open
 * @fault: newest error that was reported
 * @fault_address: its address
 * @ring: descriptors
 * @done: completions
 * @bounce: buffer for staged copies; one step at a time uses it
 * @ring_addr: bus address of @ring
 * @done_addr: bus address of @done
 * @bounce_addr: bus address of @bounce
 * @owner: the job of each entry of the ring
 * @head: completions taken since it was enabled
 * @tail: descriptors written
 * @rung: @tail when the controller was told last
 * @bytes: bytes of the descriptors that are not completed
 * @progress: jiffies when something was begun or completed last
 * @files: open files that use this channel, whose turn it is first
 * @current_job: job that is being written to the ring, in no list
 * @running: jobs that are in the ring as a whole, in order
 * @ended: jobs that ended, in order, and are to be finished
 * @finishing: somebody finishes them right now
 * @emptied: not open, and no job is left to be ended
 */
struct nvlink_channel {
	struct nvlink_dma *dma;
	unsigned int index;
	spinlock_t lock; /* see above */
	bool open;
	int error;
	u32 fault;
	u64 fault_address;
	struct nvlink_descriptor *ring;
	struct nvlink_completion *done;
	void *bounce;
	dma_addr_t ring_addr;
	dma_addr_t done_addr;
	dma_addr_t bounce_addr;
	struct nvlink_job *owner[NVLINK_RING_ENTRIES];
	u32 head;
	u32 tail;
	u32 rung;
	u64 bytes;
	unsigned long progress;
	struct list_head files;
	struct nvlink_job *current_job;
	struct list_head running;
	struct list_head ended;
	bool finishing;
	bool emptied;
};

/**
 * struct nvlink_gpumem - memory of a GPU
 * @ranges: what is given out, in pages of 4096 bytes
 * @used: bytes that are
 */
struct nvlink_gpumem {
	struct maple_tree ranges;
	atomic64_t used;
};

/**
 * struct nvlink_dma - data path of a controller
 * @ref: buffers and open files hold references
 * @nv: the controller
 * @channels: number of channels
 * @channel: each of them
 * @next_channel: which one the next open file gets
 * @window: DMA windows that are open, or will be
 * @windows: number of them
 * @gpumem: memory of each GPU
 * @wq: queue of the work items
 * @retired: jobs that ended and still hold memory
 * @retire: gives that memory back
 * @quiet: no channel of the past writes to memory any more
 * @watch: looks every second whether jobs go on
 * @lock: guards @buffers
 * @buffers: all buffers
 * @pages: bytes of system memory that buffers hold
 * @files_lock: guards @files
 * @files: all open files
 * @bytes: bytes moved, by NVLINK_PATH_*
 * @jobs: jobs that ended
 * @failed: those that ended with an error
 * @aborted: those that a stop ended
 */
struct nvlink_dma {
	struct kref ref;
	struct nvlink *nv;
	unsigned int channels;
	struct nvlink_channel channel[NVLINK_CHANNELS_MAX];
	atomic_t next_channel;
	struct nvlink_range window[NVLINK_WINDOWS_MAX];
	unsigned int windows;
	struct nvlink_gpumem gpumem[NVLINK_GPUS_MAX];
	struct workqueue_struct *wq;
	struct llist_head retired;
	struct work_struct retire;
	bool quiet;
	struct delayed_work watch;
	struct mutex lock; /* see above */
	struct list_head buffers;
	atomic64_t pages;
	spinlock_t files_lock; /* see above */
	struct list_head files;
	atomic64_t bytes[4];
	atomic64_t jobs;
	atomic64_t failed;
	atomic64_t aborted;
};

/* dma.c */
struct nvlink_dma *nvlink_dma_get(struct nvlink_dma *dma);
void nvlink_dma_put(struct nvlink_dma *dma);

/* window.c */
int nvlink_windows_init(struct nvlink_dma *dma);
void nvlink_windows_open(struct nvlink_dma *dma);
void nvlink_windows_close(struct nvlink_dma *dma);
bool nvlink_window_holds(struct nvlink_dma *dma, u64 address, u64 size);
int nvlink_window_check(struct nvlink_dma *dma, struct sg_table *table);

/* channel.c */
int nvlink_channel_init(struct nvlink_dma *dma, unsigned int index);
void nvlink_channel_exit(struct nvlink_channel *ch);
int nvlink_channel_enable(struct nvlink_channel *ch);
bool nvlink_channel_disable(struct nvlink_channel *ch, int error);
void nvlink_channel_push(struct nvlink_channel *ch);
void nvlink_channel_reap(struct nvlink_channel *ch);
void nvlink_channel_abort(struct nvlink_channel *ch, int error);
int nvlink_channel_errno(u32 error);

#endif
