// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a job public: it learns which fences it has to wait for, and all other
 * users of its buffers learn to wait for its own.
 */
#include <linux/dma-resv.h>
#include <linux/slab.h>

#include "buffer.h"
#include "file.h"

/**
 * struct holding - the reservations of a job's buffers, locked
 * @job: the job
 * @ctx: context of the locks
 * @locked: which of them were locked on behalf of that buffer
 * @slow: the one that was locked first, as it was contended
 */
struct holding {
	struct nvlink_job *job;
	struct ww_acquire_ctx ctx;
	bool locked[NVLINK_JOB_BUFFERS];
	struct dma_resv *slow;
};

static void unlock(struct holding *h)
{
	unsigned int n;

	for (n = 0; n < h->job->uses; n++) {
		if (h->locked[n])
			dma_resv_unlock(h->job->use[n].buffer->resv);
		h->locked[n] = false;
	}
	if (h->slow)
		dma_resv_unlock(h->slow);
	h->slow = NULL;
}

/* Return: 0, or the reservation that is contended in @busy with -EDEADLK. */
static int lock_each(struct holding *h, struct dma_resv **busy)
{
	unsigned int n;
	int ret;

	for (n = 0; n < h->job->uses; n++) {
		*busy = h->job->use[n].buffer->resv;
		ret = dma_resv_lock_interruptible(*busy, &h->ctx);
		if (ret && ret != -EALREADY)
			return ret;
		h->locked[n] = !ret;
	}
	return 0;
}

static int lock(struct holding *h)
{
	struct dma_resv *busy;
	int ret;

	ww_acquire_init(&h->ctx, &reservation_ww_class);
	while ((ret = lock_each(h, &busy)) == -EDEADLK) {
		unlock(h);
		ret = dma_resv_lock_slow_interruptible(busy, &h->ctx);
		if (ret)
			break;
		h->slow = busy;
	}
	if (ret) {
		unlock(h);
		ww_acquire_fini(&h->ctx);
		return ret;
	}
	ww_acquire_done(&h->ctx);
	return 0;
}

static void signalled(struct dma_fence *fence, struct dma_fence_cb *cb)
{
	struct nvlink_blocker *blocker = container_of(cb, struct nvlink_blocker,
						      cb);

	nvlink_queue_unblock(blocker->job, blocker->asked && fence->error ?
					   -ECANCELED : 0);
}

static void block(struct nvlink_job *job, struct dma_fence *fence, bool asked)
{
	struct nvlink_blocker *blocker = &job->blocker[job->blockers];

	blocker->job = job;
	blocker->fence = dma_fence_get(fence);
	blocker->asked = asked;
	if (!dma_fence_add_callback(fence, &blocker->cb, signalled)) {
		job->blockers++;
		return;
	}
	dma_fence_put(fence);
	nvlink_queue_unblock(job, asked && dma_fence_get_status(fence) < 0 ?
				  -ECANCELED : 0);
}

/* Jobs of the same queue run in order anyway. */
static bool in_the_way(struct nvlink_job *job, struct dma_fence *fence)
{
	return fence->context != job->file->context;
}

static int block_on_all(struct nvlink_job *job, struct dma_fence *in)
{
	unsigned int count = in ? 1 : 0;
	struct dma_resv_iter cursor;
	struct dma_fence *fence;
	unsigned int n;

	for (n = 0; n < job->uses; n++)
		dma_resv_for_each_fence(&cursor, job->use[n].buffer->resv,
					dma_resv_usage_rw(job->use[n].write),
					fence)
			count += in_the_way(job, fence);

	job->blocked = 1 + count;
	if (!count)
		return 0;
	job->blocker = kcalloc(count, sizeof(*job->blocker), GFP_KERNEL_ACCOUNT);
	if (!job->blocker)
		return -ENOMEM;

	if (in)
		block(job, in, true);
	for (n = 0; n < job->uses; n++)
		dma_resv_for_each_fence(&cursor, job->use[n].buffer->resv,
					dma_resv_usage_rw(job->use[n].write),
					fence)
			if (in_the_way(job, fence))
				block(job, fence, false);
	return 0;
}

static int make_room(struct nvlink_job *job)
{
	unsigned int n;
	int ret;

	for (n = 0; n < job->uses; n++) {
		ret = dma_resv_reserve_fences(job->use[n].buffer->resv,
					      job->uses);
		if (ret)
			return ret;
	}
	return 0;
}

static void remember(struct nvlink_file *file, struct nvlink_fence *fence)
{
	unsigned int n = fence->base.seqno % NVLINK_JOBS_KNOWN;
	struct nvlink_fence *old;

	dma_fence_get(&fence->base);
	spin_lock(&file->known_lock);
	old = file->known[n];
	file->known[n] = fence;
	spin_unlock(&file->known_lock);
	if (old)
		dma_fence_put(&old->base);
}

static void add_fence(struct nvlink_job *job)
{
	unsigned int n;

	for (n = 0; n < job->uses; n++)
		dma_resv_add_fence(job->use[n].buffer->resv, &job->fence->base,
				   job->use[n].write ? DMA_RESV_USAGE_WRITE :
						       DMA_RESV_USAGE_READ);
}

/**
 * nvlink_job_publish() - make a job known to all users of its buffers
 * @job: a job with a fence
 * @in: a fence that it has to wait for besides, or NULL
 *
 * Nothing can fail for want of memory afterwards, until the job has ended.
 *
 * Return: 0; then the job has to be handed to its queue at once, under the same
 * submit_lock. Or a negative errno; then the job is as private as before.
 */
int nvlink_job_publish(struct nvlink_job *job, struct dma_fence *in)
{
	struct holding h = { .job = job };
	int ret;

	ret = lock(&h);
	if (ret)
		return ret;
	ret = make_room(job);
	if (!ret)
		ret = block_on_all(job, in);
	if (!ret) {
		remember(job->file, job->fence);
		add_fence(job);
	}
	unlock(&h);
	ww_acquire_fini(&h.ctx);
	return ret;
}
