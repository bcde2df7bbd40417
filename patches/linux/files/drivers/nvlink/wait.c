// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for jobs. It keeps nobody from resetting or removing the controller:
 * that ends the jobs, and so the waiting.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sync_file.h>

#include "buffer.h"
#include "file.h"

/* Return: jiffies to wait; zero to look only. */
static unsigned long to_wait(u64 ns)
{
	if (ns >= S64_MAX)
		return MAX_SCHEDULE_TIMEOUT;
	return nsecs_to_jiffies64(ns) + !!ns;
}

static struct nvlink_fence *find_known(struct nvlink_file *file, u64 id)
{
	unsigned int n = id % NVLINK_JOBS_KNOWN;
	struct nvlink_fence *fence;

	spin_lock(&file->known_lock);
	fence = file->known[n];
	if (fence && fence->base.seqno == id)
		dma_fence_get(&fence->base);
	else
		fence = NULL;
	spin_unlock(&file->known_lock);
	return fence;
}

static struct dma_fence *find_job(struct nvlink_file *file, u64 id)
{
	struct nvlink_fence *fence;

	if (!id || id > READ_ONCE(file->seqno))
		return ERR_PTR(-ENOENT);
	fence = find_known(file, id);
	return fence ? &fence->base : ERR_PTR(-EOVERFLOW);
}

/* The newest job is the last one to end. */
static struct dma_fence *find_newest(struct nvlink_file *file)
{
	u64 id = READ_ONCE(file->seqno);
	struct nvlink_fence *fence = NULL;

	while (id && !fence && id + NVLINK_JOBS_KNOWN > READ_ONCE(file->seqno))
		fence = find_known(file, id--);
	return fence ? &fence->base : dma_fence_get_stub();
}

static struct dma_fence *find(struct nvlink_file *file,
			      const struct nvlink_ioc_wait *args)
{
	struct dma_fence *fence;

	switch (args->kind) {
	case NVLINK_WAIT_JOB:
		return find_job(file, args->id);
	case NVLINK_WAIT_FENCE:
		if (args->id > INT_MAX)
			return ERR_PTR(-EBADF);
		fence = sync_file_get_fence(args->id);
		return fence ?: ERR_PTR(-EBADF);
	case NVLINK_WAIT_ALL:
		return args->id ? ERR_PTR(-EINVAL) : find_newest(file);
	default:
		return ERR_PTR(-EINVAL);
	}
}

static long wait_buffer(struct nvlink_file *file, struct nvlink_ioc_wait *args)
{
	struct nvlink_buffer *buffer;
	bool write;
	long ret;

	if (args->id > U32_MAX)
		return -ENOENT;
	buffer = nvlink_handle_look(file, args->id, &write);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	ret = dma_resv_wait_timeout(buffer->resv, dma_resv_usage_rw(true), true,
				    to_wait(args->timeout_ns));
	nvlink_buffer_put(buffer);
	return ret;
}

static void tell(struct nvlink_ioc_wait *args, struct dma_fence *fence)
{
	struct nvlink_fence *ours = nvlink_fence_of(fence);

	args->status = min(dma_fence_get_status(fence), 0);
	if (!ours || args->kind == NVLINK_WAIT_ALL)
		return;
	args->bytes = ours->bytes;
	args->nanoseconds = ours->nanoseconds;
}

static long wait_fence(struct nvlink_file *file, struct nvlink_ioc_wait *args)
{
	struct dma_fence *fence = find(file, args);
	long ret;

	if (IS_ERR(fence))
		return PTR_ERR(fence);
	ret = dma_fence_wait_timeout(fence, true, to_wait(args->timeout_ns));
	if (ret > 0 || (!ret && dma_fence_is_signaled(fence))) {
		tell(args, fence);
		ret = 1;
	}
	dma_fence_put(fence);
	return ret;
}

static void subtract(u64 *left, u64 spent)
{
	if (*left < S64_MAX)
		*left -= min(*left, spent);
}

int nvlink_ioctl_wait(struct nvlink_file *file, void *arg)
{
	struct nvlink_ioc_wait *args = arg;
	u64 begin = ktime_get_ns();
	long ret;

	if (args->reserved)
		return -EINVAL;
	args->status = 0;
	args->bytes = 0;
	args->nanoseconds = 0;
	if (args->kind == NVLINK_WAIT_BUFFER)
		ret = wait_buffer(file, args);
	else
		ret = wait_fence(file, args);

	if (ret == -ERESTARTSYS)
		subtract(&args->timeout_ns, ktime_get_ns() - begin);
	if (!ret)
		return -ETIME;
	return ret > 0 ? 0 : ret;
}
