/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Jobs: lists of descriptors that the engine carries out in order, with a fence
 * that tells when all of them are done.
 *
 * A job belongs to one owner after the other: to who builds it; from
 * nvlink_submit() on to its channel, under the channel's lock; from the end of
 * its last descriptor to the work item that gives back what it holds. Who wants
 * to know what became of it holds a reference to its fence.
 */
#ifndef NVLINK_JOB_H
#define NVLINK_JOB_H

#include <linux/dma-fence.h>

#include "dma.h"

struct nvlink_exchange;
struct nvlink_file;
struct nvlink_submit;

#define NVLINK_JOB_BUFFERS 3

/**
 * struct nvlink_fence - fence of a job, and what became of the job
 * @base: the fence; first, for the core's kfree_rcu()
 * @lock: the fence's lock
 * @bytes: bytes moved; valid once it is signalled
 * @nanoseconds: time that the engine took; valid once it is signalled
 */
struct nvlink_fence {
	struct dma_fence base;
	spinlock_t lock; /* of the core */
	u64 bytes;
	u64 nanoseconds;
};

/**
 * struct nvlink_blocker - a fence that a job waits for
 * @cb: callback at that fence
 * @fence: the fence
 * @job: the job
 * @asked: user space named the fence: its error is the job's
 */
struct nvlink_blocker {
	struct dma_fence_cb cb;
	struct dma_fence *fence;
	struct nvlink_job *job;
	bool asked;
};

/**
 * struct nvlink_use - a buffer that a job uses
 * @buffer: the buffer
 * @write: the job writes it
 */
struct nvlink_use {
	struct nvlink_buffer *buffer;
	bool write;
};

/**
 * struct nvlink_job - a job
 * @node: in the queue of its open file, or in a list of its channel
 * @retired: in nvlink_dma.retired
 * @file: open file that it belongs to
 * @fence: its fence
 * @use: buffers that it uses
 * @uses: number of them
 * @blocker: fences that it waits for
 * @blockers: number of them
 * @blocked: those that are not signalled yet, and one while it is submitted
 * @descriptor: descriptors; all but cookie and flags are final
 * @room: room for that many
 * @count: number of descriptors
 * @pushed: those that were written to the ring
 * @completed: those that were completed
 * @stepwise: a descriptor needs the one before it to have succeeded
 * @path: NVLINK_PATH_*
 * @error: first error, a negative errno
 * @bytes: bytes that reached their destination
 * @nanoseconds: time that the engine took
 * @exchange: request and response of a call, or NULL
 */
struct nvlink_job {
	struct list_head node;
	struct llist_node retired;
	struct nvlink_file *file;
	struct nvlink_fence *fence;
	struct nvlink_use use[NVLINK_JOB_BUFFERS];
	unsigned int uses;
	struct nvlink_blocker *blocker;
	unsigned int blockers;
	unsigned int blocked;
	struct nvlink_descriptor *descriptor;
	size_t room;
	u32 count;
	u32 pushed;
	u32 completed;
	bool stepwise;
	u32 path;
	int error;
	u64 bytes;
	u64 nanoseconds;
	struct nvlink_exchange *exchange;
};

/* fence.c */
struct nvlink_fence *nvlink_fence_alloc(void);
void nvlink_fence_init(struct nvlink_fence *fence, u64 context, u64 seqno);
struct nvlink_fence *nvlink_fence_of(struct dma_fence *fence);

/* job.c */
struct nvlink_job *nvlink_job_alloc(struct nvlink_file *file, size_t room);
void nvlink_job_free(struct nvlink_job *job);
void nvlink_job_use(struct nvlink_job *job, struct nvlink_buffer *buffer,
		    bool write);
struct nvlink_descriptor *nvlink_job_add(struct nvlink_job *job, u8 opcode,
					 u64 length);
void nvlink_job_fail(struct nvlink_job *job, int error);
void nvlink_job_finish(struct nvlink_job *job);

/* queue.c */
struct nvlink_job *nvlink_queue_next(struct nvlink_channel *ch);
int nvlink_queue_add(struct nvlink_job *job);
void nvlink_queue_unblock(struct nvlink_job *job, int error);
void nvlink_queue_cancel(struct nvlink_file *file);
void nvlink_queues_empty(struct nvlink_channel *ch, struct list_head *jobs);

/* publish.c */
int nvlink_job_publish(struct nvlink_job *job, struct dma_fence *in);

/* submit.c */
int nvlink_submit_check(struct nvlink *nv, const struct nvlink_submit *how,
			u32 allowed);
int nvlink_submit(struct nvlink_job *job, struct nvlink_submit *how);
int nvlink_submit_and_wait(struct nvlink_job *job, u64 *nanoseconds);

#endif
