// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fences of jobs. A fence can outlive its job, its open file, the binding of the
 * driver: it refers to nothing but this module's code, which it keeps loaded.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "job.h"

static const char *driver_name(struct dma_fence *fence)
{
	return "nvlink_fusion";
}

static const char *timeline_name(struct dma_fence *fence)
{
	return "copy";
}

static void free_fence(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct nvlink_fence, base.rcu));
	module_put(THIS_MODULE);
}

/*
 * The module's exit waits for such callbacks by rcu_barrier(), so that none is
 * left in its code.
 */
static void release(struct dma_fence *fence)
{
	call_rcu(&fence->rcu, free_fence);
}

static const struct dma_fence_ops nvlink_fence_ops = {
	.get_driver_name = driver_name,
	.get_timeline_name = timeline_name,
	.release = release,
};

/**
 * nvlink_fence_alloc() - make a fence that is not numbered yet
 *
 * Return: the fence, or NULL.
 */
struct nvlink_fence *nvlink_fence_alloc(void)
{
	struct nvlink_fence *fence = kzalloc(sizeof(*fence), GFP_KERNEL_ACCOUNT);

	if (fence)
		spin_lock_init(&fence->lock);
	return fence;
}

/**
 * nvlink_fence_init() - number a fence; from now on it has references
 * @fence: the fence
 * @context: context of the open file
 * @seqno: number of the job
 */
void nvlink_fence_init(struct nvlink_fence *fence, u64 context, u64 seqno)
{
	__module_get(THIS_MODULE);
	dma_fence_init64(&fence->base, &nvlink_fence_ops, &fence->lock, context,
			 seqno);
}

/**
 * nvlink_fence_of() - tell whether a fence is one of this driver
 * @fence: any fence
 *
 * Return: the same as a fence of this driver, or NULL.
 */
struct nvlink_fence *nvlink_fence_of(struct dma_fence *fence)
{
	if (fence->ops != &nvlink_fence_ops)
		return NULL;
	return container_of(fence, struct nvlink_fence, base);
}
