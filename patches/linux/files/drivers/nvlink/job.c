// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a job: made with room for its descriptors, filled, submitted
 * (submit.c), run (queue.c, channel.c), finished, retired.
 */
#include <linux/slab.h>

#include "buffer.h"
#include "call.h"
#include "file.h"

/**
 * nvlink_job_alloc() - make a job
 * @file: open file that it belongs to
 * @room: descriptors that it can have, at least 1
 *
 * Return: the job, or an error pointer.
 */
struct nvlink_job *nvlink_job_alloc(struct nvlink_file *file, size_t room)
{
	struct nvlink_job *job = kzalloc(sizeof(*job), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!job)
		return ERR_PTR(-ENOMEM);
	job->descriptor = kvcalloc(room, sizeof(*job->descriptor),
				   GFP_KERNEL_ACCOUNT);
	if (!job->descriptor) {
		kfree(job);
		return ERR_PTR(-ENOMEM);
	}
	ret = nvlink_pm_get(file->dma->nv);
	if (ret) {
		kvfree(job->descriptor);
		kfree(job);
		return ERR_PTR(ret);
	}
	INIT_LIST_HEAD(&job->node);
	job->room = room;
	job->file = nvlink_file_get(file);
	job->path = NVLINK_PATH_DIRECT;
	return job;
}

/**
 * nvlink_job_free() - give back all that a job holds
 * @job: a job that was never submitted, or that ended; may sleep
 */
void nvlink_job_free(struct nvlink_job *job)
{
	struct nvlink_file *file = job->file;
	unsigned int n;

	for (n = 0; n < job->blockers; n++) {
		struct nvlink_blocker *blocker = &job->blocker[n];

		/* A callback that runs right now has ended after this. */
		dma_fence_remove_callback(blocker->fence, &blocker->cb);
		dma_fence_put(blocker->fence);
	}
	kfree(job->blocker);
	for (n = 0; n < job->uses; n++)
		nvlink_buffer_put(job->use[n].buffer);
	if (job->exchange)
		nvlink_exchange_put(job->exchange);
	if (job->fence)
		dma_fence_put(&job->fence->base);
	kvfree(job->descriptor);
	kfree(job);
	nvlink_pm_put(file->dma->nv);
	nvlink_file_put(file);
}

/**
 * nvlink_job_use() - tell that a job uses a buffer
 * @job: a job that is being made
 * @buffer: the buffer; the job takes a reference of its own
 * @write: it writes it
 *
 * At most NVLINK_JOB_BUFFERS times a job.
 */
void nvlink_job_use(struct nvlink_job *job, struct nvlink_buffer *buffer,
		    bool write)
{
	struct nvlink_use *use = &job->use[job->uses++];

	nvlink_buffer_get(buffer);
	use->buffer = buffer;
	use->write = write;
}

/**
 * nvlink_job_add() - add a descriptor to a job
 * @job: a job with room for it
 * @opcode: NVLINK_OPCODE_*
 * @length: bytes
 *
 * Return: the descriptor, for the rest of its fields.
 */
struct nvlink_descriptor *nvlink_job_add(struct nvlink_job *job, u8 opcode,
					 u64 length)
{
	struct nvlink_descriptor *descriptor;

	if (WARN_ON_ONCE(job->count == job->room))
		job->count--;
	descriptor = &job->descriptor[job->count++];
	descriptor->opcode = opcode;
	descriptor->link = NVLINK_LINK_ANY;
	descriptor->length = cpu_to_le64(length);
	return descriptor;
}

/**
 * nvlink_job_fail() - let a job end early
 * @job: the job; under its channel's lock
 * @error: negative errno; the first one of a job stays
 *
 * What is in the ring already is run. The rest is replaced by one descriptor
 * that does nothing, so that the job ends in its place and with an interrupt.
 */
void nvlink_job_fail(struct nvlink_job *job, int error)
{
	struct nvlink_descriptor *descriptor;

	job->error = job->error ?: error;
	if (job->pushed == job->count)
		return;
	descriptor = &job->descriptor[job->pushed];
	memset(descriptor, 0, sizeof(*descriptor));
	descriptor->opcode = NVLINK_OPCODE_NOP;
	descriptor->link = NVLINK_LINK_ANY;
	job->count = job->pushed + 1;
}

static void account(struct nvlink_dma *dma, struct nvlink_job *job)
{
	atomic64_inc(&dma->jobs);
	if (job->error)
		atomic64_inc(&dma->failed);
	atomic64_add(job->bytes, &dma->bytes[job->path]);
}

/**
 * nvlink_job_finish() - signal the fence of a job that ended
 * @job: the job, in no list of its channel; gone afterwards
 *
 * From any context, without the channel's lock.
 */
void nvlink_job_finish(struct nvlink_job *job)
{
	struct nvlink_dma *dma = job->file->dma;
	struct nvlink_fence *fence = job->fence;

	fence->bytes = job->bytes;
	fence->nanoseconds = job->nanoseconds;
	if (job->error)
		dma_fence_set_error(&fence->base, job->error);
	dma_fence_signal(&fence->base);

	account(dma, job);
	atomic_dec(&job->file->unfinished);
	wake_up_all(&job->file->wait);
	if (llist_add(&job->retired, &dma->retired))
		queue_work(dma->wq, &dma->retire);
}
