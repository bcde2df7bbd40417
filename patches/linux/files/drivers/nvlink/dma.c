// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path as the rest of the driver sees it.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "buffer.h"
#include "control.h"
#include "file.h"
#include "link.h"

/* A channel that completes nothing for so long needs a reset. */
#define PATIENCE_MS 60000

/**
 * nvlink_dma_get() - take a reference
 * @dma: the data path
 *
 * Return: the data path.
 */
struct nvlink_dma *nvlink_dma_get(struct nvlink_dma *dma)
{
	kref_get(&dma->ref);
	return dma;
}

static void release(struct kref *ref)
{
	struct nvlink_dma *dma = container_of(ref, struct nvlink_dma, ref);

	nvlink_gpumem_exit(dma);
	mutex_destroy(&dma->lock);
	nvlink_put(dma->nv);
	kvfree(dma);
}

/**
 * nvlink_dma_put() - drop a reference
 * @dma: the data path; may sleep
 */
void nvlink_dma_put(struct nvlink_dma *dma)
{
	kref_put(&dma->ref, release);
}

static void retire_work(struct work_struct *work)
{
	struct nvlink_dma *dma = container_of(work, struct nvlink_dma, retire);
	struct llist_node *jobs = llist_del_all(&dma->retired);
	/*
	 * Looked at after the jobs were taken: one that hangs ends only after it
	 * was told there.
	 */
	bool quiet = READ_ONCE(dma->quiet);
	struct nvlink_job *job, *next;

	llist_for_each_entry_safe(job, next, jobs, retired) {
		if (quiet)
			nvlink_job_free(job);
		else
			llist_add(&job->retired, &dma->retired);
	}
}

static bool at_work(struct nvlink_channel *ch)
{
	return READ_ONCE(ch->open) && READ_ONCE(ch->head) != READ_ONCE(ch->tail);
}

/* An interrupt may be lost, a channel may halt without one. */
static void watch_channel(struct nvlink_channel *ch)
{
	struct nvlink *nv = ch->dma->nv;
	unsigned long end = READ_ONCE(ch->progress) + msecs_to_jiffies(PATIENCE_MS);
	u32 status;

	nvlink_channel_reap(ch);
	if (!at_work(ch))
		return;
	status = nvlink_read(nv, NVLINK_REG_CHANNEL_STATUS(ch->index));
	if (status == U32_MAX)
		nvlink_report_dead(nv);
	else if (status & NVLINK_CHANNEL_STATUS_HALTED_MASK)
		nvlink_schedule_reset(nv, "a channel is halted");
	else if (time_after(jiffies, end))
		nvlink_schedule_reset(nv, "a channel makes no progress");
}

static void watch_work(struct work_struct *work)
{
	struct nvlink_dma *dma = container_of(work, struct nvlink_dma, watch.work);
	bool again = false;
	unsigned int n;

	for (n = 0; n < dma->channels; n++) {
		if (at_work(&dma->channel[n]))
			watch_channel(&dma->channel[n]);
		again |= at_work(&dma->channel[n]);
	}
	if (again)
		queue_delayed_work(dma->wq, &dma->watch, HZ);
}

static int init_memory(struct nvlink_dma *dma)
{
	unsigned int n;
	int ret;

	ret = nvlink_windows_init(dma);
	for (n = 0; n < dma->channels && !ret; n++)
		ret = nvlink_channel_init(dma, n);
	return ret;
}

static struct nvlink_dma *make(struct nvlink *nv)
{
	struct nvlink_dma *dma = kvzalloc(sizeof(*dma), GFP_KERNEL);

	if (!dma)
		return NULL;
	kref_init(&dma->ref);
	dma->nv = nv;
	dma->channels = nv->facts.channels;
	dma->quiet = true;
	init_llist_head(&dma->retired);
	INIT_WORK(&dma->retire, retire_work);
	INIT_DELAYED_WORK(&dma->watch, watch_work);
	mutex_init(&dma->lock);
	INIT_LIST_HEAD(&dma->buffers);
	spin_lock_init(&dma->files_lock);
	INIT_LIST_HEAD(&dma->files);
	nvlink_gpumem_init(dma);
	nvlink_get(nv);

	dma->wq = alloc_workqueue("nvlink%d-dma", WQ_UNBOUND | WQ_MEM_RECLAIM, 0,
				  nv->id);
	if (dma->wq)
		return dma;
	nvlink_dma_put(dma);
	return NULL;
}

/**
 * nvlink_dma_init() - make the data path
 * @nv: controller whose facts are known
 *
 * Return: 0 or a negative errno.
 */
int nvlink_dma_init(struct nvlink *nv)
{
	struct nvlink_dma *dma = make(nv);
	int ret;

	if (!dma)
		return -ENOMEM;
	nv->dma = dma;
	ret = init_memory(dma);
	if (ret)
		nvlink_dma_exit(nv);
	return ret;
}

static void detach_buffers(struct nvlink_dma *dma)
{
	struct nvlink_buffer *buffer;

	mutex_lock(&dma->lock);
	list_for_each_entry(buffer, &dma->buffers, node)
		nvlink_buffer_detach(buffer);
	mutex_unlock(&dma->lock);
}

/**
 * nvlink_dma_exit() - end all that the controller can reach
 * @nv: controller that is stopped
 */
void nvlink_dma_exit(struct nvlink *nv)
{
	struct nvlink_dma *dma = nv->dma;
	unsigned int n;

	cancel_delayed_work_sync(&dma->watch);
	if (!dma->quiet && nvlink_hardware_reset(nv) == -ETIMEDOUT)
		nvlink_isolate(nv);
	nvlink_windows_close(dma);
	WRITE_ONCE(dma->quiet, true);
	queue_work(dma->wq, &dma->retire);
	destroy_workqueue(dma->wq);
	detach_buffers(dma);
	for (n = 0; n < dma->channels; n++)
		if (dma->channel[n].dma)
			nvlink_channel_exit(&dma->channel[n]);
	nv->dma = NULL;
	nvlink_dma_put(dma);
}

/**
 * nvlink_dma_start() - take jobs
 * @nv: controller that was reset and is enabled
 *
 * Return: 0 or a negative errno; after one, nvlink_dma_stop() is to follow.
 */
int nvlink_dma_start(struct nvlink *nv)
{
	struct nvlink_dma *dma = nv->dma;
	unsigned int n;
	int ret = 0;

	/* What was at work before has ended by the reset at the latest. */
	WRITE_ONCE(dma->quiet, true);
	queue_work(dma->wq, &dma->retire);

	nvlink_windows_open(dma);
	for (n = 0; n < dma->channels && !ret; n++)
		ret = nvlink_channel_enable(&dma->channel[n]);
	return ret;
}

/**
 * nvlink_dma_stop() - end all jobs
 * @nv: controller; its registers may give all ones
 * @error: what the jobs fail with, and those that come
 */
void nvlink_dma_stop(struct nvlink *nv, int error)
{
	struct nvlink_dma *dma = nv->dma;
	bool quiet = true;
	unsigned int n;

	for (n = 0; n < dma->channels; n++)
		quiet &= nvlink_channel_disable(&dma->channel[n], error);
	if (!quiet) {
		dev_warn(nv->dev, "a channel does not end its transfer\n");
		WRITE_ONCE(dma->quiet, false);
	}
	for (n = 0; n < dma->channels; n++)
		nvlink_channel_abort(&dma->channel[n], error);
	cancel_delayed_work_sync(&dma->watch);
}

/**
 * nvlink_dma_interrupt() - descriptors were completed
 * @nv: controller; from any context
 */
void nvlink_dma_interrupt(struct nvlink *nv)
{
	bool cookie = dma_fence_begin_signalling();
	unsigned int n;

	for (n = 0; n < nv->dma->channels; n++)
		nvlink_channel_reap(&nv->dma->channel[n]);
	dma_fence_end_signalling(cookie);
}

/* The same fault again is told once. */
static void report_fault(struct nvlink_channel *ch)
{
	struct nvlink *nv = ch->dma->nv;
	u32 fault = nvlink_read(nv, NVLINK_REG_CHANNEL_ERROR(ch->index));
	u64 address;

	if (!nvlink_channel_errno(fault))
		return;
	address = nvlink_read64(nv, NVLINK_REG_CHANNEL_ADDRESS_LO(ch->index));
	if (fault == ch->fault && address == ch->fault_address)
		return;
	ch->fault = fault;
	ch->fault_address = address;
	dev_warn_ratelimited(nv->dev, "channel %u: error %s at %#llx\n", ch->index,
			     nvlink_error_name(fault), address);
}

/**
 * nvlink_dma_fault() - an access was refused, or a transfer was ended
 * @nv: controller
 */
void nvlink_dma_fault(struct nvlink *nv)
{
	unsigned int n;

	for (n = 0; n < nv->dma->channels; n++) {
		u32 status = nvlink_read(nv, NVLINK_REG_CHANNEL_STATUS(n));

		if (status == U32_MAX) {
			nvlink_report_dead(nv);
			return;
		}
		if (status & NVLINK_CHANNEL_STATUS_HALTED_MASK)
			nvlink_schedule_reset(nv, "a channel is halted");
		report_fault(&nv->dma->channel[n]);
	}
}

/**
 * nvlink_doorbell() - GPUs rang
 * @nv: controller
 * @gpus: bits of the GPUs
 */
void nvlink_doorbell(struct nvlink *nv, u32 gpus)
{
	unsigned int n;

	for (n = 0; n < nv->facts.gpus; n++)
		if (gpus & BIT(n))
			nvlink_notify(nv->dma, NVLINK_EVENT_DOORBELL, n,
				      nvlink_read(nv, NVLINK_REG_GPU_ANSWER(n)));
}
