// SPDX-License-Identifier: GPL-2.0-only
/*
 * Submitting a job: it waits for its place, gets a number and a fence, is made
 * public (publish.c) and handed to its queue.
 */
#include <linux/file.h>
#include <linux/sched/signal.h>
#include <linux/sync_file.h>

#include "file.h"

/**
 * struct submission - what submitting a job needs for a while
 * @job: the job
 * @in: fence that user space named, or NULL
 * @out: file for the job's fence, or NULL
 * @fd: number for that file, or negative
 */
struct submission {
	struct nvlink_job *job;
	struct dma_fence *in;
	struct sync_file *out;
	int fd;
};

/* From here to the end of the job nothing can fail for want of memory. */
static int hand_over(struct nvlink_job *job)
{
	bool cookie = dma_fence_begin_signalling();
	int ret = nvlink_queue_add(job);

	if (ret) {
		job->error = ret;
		nvlink_job_finish(job);
	}
	dma_fence_end_signalling(cookie);
	return ret;
}

static int number(struct submission *s)
{
	struct nvlink_file *file = s->job->file;
	struct nvlink_fence *fence = nvlink_fence_alloc();

	if (!fence)
		return -ENOMEM;
	nvlink_fence_init(fence, file->context, ++file->seqno);
	s->job->fence = fence;
	if (s->fd < 0)
		return 0;
	s->out = sync_file_create(&fence->base);
	return s->out ? 0 : -ENOMEM;
}

static bool take_place(struct nvlink_file *file)
{
	return atomic_add_unless(&file->unfinished, 1, NVLINK_JOBS_MAX);
}

static void leave_place(struct nvlink_file *file)
{
	atomic_dec(&file->unfinished);
	wake_up_all(&file->wait);
}

/*
 * Return: 0 and a reference to the job's fence, or why it was not begun. The job
 * is gone in any case.
 */
static int submit(struct submission *s, struct nvlink_fence **fence)
{
	struct nvlink_job *job = s->job;
	struct nvlink_file *file = job->file;
	int ret;

	ret = wait_event_interruptible(file->wait, take_place(file));
	if (ret)
		goto free;
	ret = mutex_lock_interruptible(&file->submit_lock);
	if (ret)
		goto leave;
	ret = number(s);
	if (!ret)
		ret = nvlink_job_publish(job, s->in);
	if (ret) {
		mutex_unlock(&file->submit_lock);
		goto leave;
	}
	*fence = job->fence;
	dma_fence_get(&job->fence->base);
	ret = hand_over(job);
	mutex_unlock(&file->submit_lock);
	if (ret)
		dma_fence_put(&(*fence)->base);
	return ret;

leave:
	leave_place(file);
free:
	nvlink_job_free(job);
	return ret;
}

static int wait_for(struct nvlink_file *file, struct nvlink_fence *fence)
{
	int ret;

	ret = wait_event_killable(file->wait, dma_fence_is_signaled(&fence->base));
	if (ret)
		return -EINTR;
	return min(dma_fence_get_status(&fence->base), 0);
}

/**
 * nvlink_submit_check() - look at what user space asks of a job
 * @nv: the controller
 * @how: what it asks
 * @allowed: flags that this kind of job knows besides the common ones
 *
 * Return: 0, or -EINVAL.
 */
int nvlink_submit_check(struct nvlink *nv, const struct nvlink_submit *how,
			u32 allowed)
{
	allowed |= NVLINK_SUBMIT_IN_FENCE | NVLINK_SUBMIT_OUT_FENCE |
		   NVLINK_SUBMIT_WAIT;
	if (how->flags & ~allowed)
		return -EINVAL;
	if (!(how->flags & NVLINK_SUBMIT_IN_FENCE) && how->in_fence)
		return -EINVAL;
	if (how->link != NVLINK_ANY_LINK && how->link >= nv->facts.links)
		return -EINVAL;
	return 0;
}

static int open_fences(struct submission *s, const struct nvlink_submit *how)
{
	if (how->flags & NVLINK_SUBMIT_IN_FENCE) {
		s->in = sync_file_get_fence(how->in_fence);
		if (!s->in)
			return -EBADF;
	}
	if (how->flags & NVLINK_SUBMIT_OUT_FENCE)
		s->fd = get_unused_fd_flags(O_CLOEXEC);
	return how->flags & NVLINK_SUBMIT_OUT_FENCE ? min(s->fd, 0) : 0;
}

static void close_fences(struct submission *s, int ret)
{
	dma_fence_put(s->in);
	if (s->fd < 0)
		return;
	if (!ret) {
		fd_install(s->fd, s->out->file);
		return;
	}
	if (s->out)
		fput(s->out->file);
	put_unused_fd(s->fd);
}

/**
 * nvlink_submit() - run a job as user space asks
 * @job: the job; gone afterwards
 * @how: how, and what becomes of it; nvlink_submit_check() has seen it
 *
 * Return: 0, or a negative errno; with NVLINK_SUBMIT_WAIT that of the job.
 */
int nvlink_submit(struct nvlink_job *job, struct nvlink_submit *how)
{
	struct submission s = { .job = job, .fd = -1 };
	struct nvlink_file *file = job->file;
	struct nvlink_fence *fence;
	int ret;

	how->path = job->path;
	how->descriptors = job->count;
	how->out_fence = -1;
	how->job = 0;
	how->bytes = 0;
	how->nanoseconds = 0;
	ret = open_fences(&s, how);
	if (ret)
		nvlink_job_free(job);
	else
		ret = submit(&s, &fence);
	close_fences(&s, ret);
	if (ret)
		return ret;

	how->out_fence = s.fd;
	how->job = fence->base.seqno;
	if (how->flags & NVLINK_SUBMIT_WAIT) {
		ret = wait_for(file, fence);
		how->bytes = fence->bytes;
		how->nanoseconds = fence->nanoseconds;
	}
	dma_fence_put(&fence->base);
	return ret;
}

/**
 * nvlink_submit_and_wait() - run a job of the driver itself
 * @job: the job; gone afterwards
 * @nanoseconds: time that the engine took; may be NULL
 *
 * Return: 0, or a negative errno, also that of the job; -EINTR where a fatal
 * signal ended the waiting.
 */
int nvlink_submit_and_wait(struct nvlink_job *job, u64 *nanoseconds)
{
	struct submission s = { .job = job, .fd = -1 };
	struct nvlink_file *file = job->file;
	struct nvlink_fence *fence;
	int ret;

	ret = submit(&s, &fence);
	if (ret)
		return ret;
	ret = wait_for(file, fence);
	if (nanoseconds)
		*nanoseconds = fence->nanoseconds;
	dma_fence_put(&fence->base);
	return ret;
}
