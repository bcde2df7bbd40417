/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An open file of /dev/nvlinkN: its handles, its queue of jobs, its events.
 */
#ifndef NVLINK_FILE_H
#define NVLINK_FILE_H

#include <linux/kfifo.h>
#include <linux/xarray.h>
#include <uapi/linux/nvlink.h>

#include "job.h"

#define NVLINK_HANDLES_MAX 4096
#define NVLINK_JOBS_MAX 128
#define NVLINK_JOBS_KNOWN 256
#define NVLINK_EVENTS 64

/**
 * struct nvlink_file - an open file
 * @ref: the file itself and its jobs hold references
 * @dma: data path that it belongs to
 * @channel: channel that runs its jobs
 * @channel_node: in nvlink_channel.files
 * @queue: jobs that wait for fences, in order; under the channel's lock
 * @context: context of its fences
 * @seqno: number of the newest job; under @submit_lock
 * @submit_lock: see dma.h
 * @known_lock: guards @known
 * @known: fences of the newest jobs
 * @unfinished: jobs that did not end
 * @wait: woken when a job ended or the file is closed
 * @handles: buffers by handle; marked XA_MARK_1 where they may not be written
 * @used: bytes of system memory that count against it
 * @dma_node: in nvlink_dma.files
 * @events_lock: guards @events and @events_lost
 * @events: events that were not read
 * @events_lost: number of those that there was no room for
 * @events_wait: woken when there is one, or there never will be
 * @read_lock: one reader at a time
 * @pid: process that opened it
 */
struct nvlink_file {
	struct kref ref;
	struct nvlink_dma *dma;
	struct nvlink_channel *channel;
	struct list_head channel_node;
	struct list_head queue;
	u64 context;
	u64 seqno;
	struct mutex submit_lock; /* see above */
	spinlock_t known_lock; /* see above */
	struct nvlink_fence *known[NVLINK_JOBS_KNOWN];
	atomic_t unfinished;
	wait_queue_head_t wait;
	struct xarray handles;
	atomic64_t used;
	struct list_head dma_node;
	spinlock_t events_lock; /* see above */
	DECLARE_KFIFO(events, struct nvlink_event, NVLINK_EVENTS);
	u64 events_lost;
	wait_queue_head_t events_wait;
	struct mutex read_lock; /* see above */
	pid_t pid;
};

/* file.c */
struct nvlink_file *nvlink_file_open(struct nvlink_dma *dma);
void nvlink_file_close(struct nvlink_file *file);
struct nvlink_file *nvlink_file_get(struct nvlink_file *file);
void nvlink_file_put(struct nvlink_file *file);

/* handle.c */
int nvlink_handle_add(struct nvlink_file *file, struct nvlink_buffer *buffer,
		      bool write, u32 *handle);
struct nvlink_buffer *nvlink_handle_look(struct nvlink_file *file, u32 handle,
					 bool *write);
struct nvlink_buffer *nvlink_handle_get(struct nvlink_file *file, u32 handle,
					bool write);
int nvlink_handle_free(struct nvlink_file *file, u32 handle);
void nvlink_handles_free(struct nvlink_file *file);

/* notify.c */
void nvlink_notify(struct nvlink_dma *dma, u32 type, u32 index, u64 value);
ssize_t nvlink_events_read(struct nvlink_file *file, char __user *to,
			   size_t count, bool block);
__poll_t nvlink_events_poll(struct nvlink_file *file);

/* alloc.c */
int nvlink_file_mmap(struct nvlink_file *file, struct vm_area_struct *vma);

/* What NVLINK_IOC_* do; each takes the structure of its name. */
int nvlink_ioctl_info(struct nvlink_file *file, void *arg);
int nvlink_ioctl_gpu_info(struct nvlink_file *file, void *arg);
int nvlink_ioctl_alloc(struct nvlink_file *file, void *arg);
int nvlink_ioctl_free(struct nvlink_file *file, void *arg);
int nvlink_ioctl_query(struct nvlink_file *file, void *arg);
int nvlink_ioctl_export(struct nvlink_file *file, void *arg);
int nvlink_ioctl_import(struct nvlink_file *file, void *arg);
int nvlink_ioctl_copy(struct nvlink_file *file, void *arg);
int nvlink_ioctl_fill(struct nvlink_file *file, void *arg);
int nvlink_ioctl_wait(struct nvlink_file *file, void *arg);
int nvlink_ioctl_call(struct nvlink_file *file, void *arg);
int nvlink_ioctl_peer(struct nvlink_file *file, void *arg);
int nvlink_ioctl_ring(struct nvlink_file *file, void *arg);
int nvlink_ioctl_sync(struct nvlink_file *file, void *arg);
int nvlink_ioctl_link_reset(struct nvlink_file *file, void *arg);

#endif
