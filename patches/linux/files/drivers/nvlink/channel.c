// SPDX-License-Identifier: GPL-2.0-only
/*
 * Channels: a ring of descriptors that the driver writes, and one of completions
 * that the controller writes. Both are in memory that the controller sees by the
 * DMA API's coherent mappings, so nothing here reads a register while jobs run.
 */
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>

#include "job.h"

#define RING_BYTES (NVLINK_RING_ENTRIES * sizeof(struct nvlink_descriptor))
#define DONE_BYTES (NVLINK_RING_ENTRIES * sizeof(struct nvlink_completion))
#define ENTRY(n) ((n) % NVLINK_RING_ENTRIES)
#define DISABLE_US 200000
/* Descriptors of so many bytes interrupt each. */
#define OFTEN_BYTES SZ_1M
#define BUSY_BYTES (2 * NVLINK_STEP_BYTES)

/**
 * nvlink_channel_init() - get the memory of a channel
 * @dma: the data path
 * @index: number of the channel
 *
 * Return: 0, -ENOMEM, or -ERANGE where the memory is outside the DMA windows.
 */
int nvlink_channel_init(struct nvlink_dma *dma, unsigned int index)
{
	struct nvlink_channel *ch = &dma->channel[index];
	struct device *dev = dma->nv->dma_dev;

	ch->dma = dma;
	ch->index = index;
	ch->error = -EIO;
	spin_lock_init(&ch->lock);
	INIT_LIST_HEAD(&ch->files);
	INIT_LIST_HEAD(&ch->running);
	INIT_LIST_HEAD(&ch->ended);
	ch->emptied = true;

	ch->ring = dma_alloc_coherent(dev, RING_BYTES, &ch->ring_addr, GFP_KERNEL);
	ch->done = dma_alloc_coherent(dev, DONE_BYTES, &ch->done_addr, GFP_KERNEL);
	ch->bounce = dma_alloc_coherent(dev, NVLINK_BOUNCE_BYTES,
					&ch->bounce_addr, GFP_KERNEL);
	if (!ch->ring || !ch->done || !ch->bounce)
		return -ENOMEM;
	if (!nvlink_window_holds(dma, ch->ring_addr, RING_BYTES) ||
	    !nvlink_window_holds(dma, ch->done_addr, DONE_BYTES) ||
	    !nvlink_window_holds(dma, ch->bounce_addr, NVLINK_BOUNCE_BYTES)) {
		dev_err(dma->nv->dev, "channel %u: memory outside the DMA windows\n",
			index);
		return -ERANGE;
	}
	return 0;
}

/**
 * nvlink_channel_exit() - give the memory of a channel back
 * @ch: the channel, disabled or as nvlink_channel_init() left it
 */
void nvlink_channel_exit(struct nvlink_channel *ch)
{
	struct device *dev = ch->dma->nv->dma_dev;

	if (ch->ring)
		dma_free_coherent(dev, RING_BYTES, ch->ring, ch->ring_addr);
	if (ch->done)
		dma_free_coherent(dev, DONE_BYTES, ch->done, ch->done_addr);
	if (ch->bounce)
		dma_free_coherent(dev, NVLINK_BOUNCE_BYTES, ch->bounce,
				  ch->bounce_addr);
	ch->ring = NULL;
	ch->done = NULL;
	ch->bounce = NULL;
}

/**
 * nvlink_channel_enable() - begin anew with empty rings
 * @ch: a channel that is disabled
 *
 * Return: 0; -EIO where the controller does not like the rings; -ENODEV where it
 * is gone.
 */
int nvlink_channel_enable(struct nvlink_channel *ch)
{
	struct nvlink *nv = ch->dma->nv;
	u32 status;

	memset(ch->ring, 0, RING_BYTES);
	memset(ch->done, 0, DONE_BYTES);
	nvlink_write64(nv, NVLINK_REG_CHANNEL_RING_LO(ch->index), ch->ring_addr);
	nvlink_write64(nv, NVLINK_REG_CHANNEL_DONE_LO(ch->index), ch->done_addr);
	nvlink_write(nv, NVLINK_REG_CHANNEL_LOG2(ch->index), NVLINK_RING_LOG2);
	nvlink_write(nv, NVLINK_REG_CHANNEL_CONTROL(ch->index),
		     NVLINK_CHANNEL_CONTROL_ENABLE_MASK);

	spin_lock_irq(&ch->lock);
	ch->head = 0;
	ch->tail = 0;
	ch->rung = 0;
	ch->progress = jiffies;
	ch->fault = NVLINK_ERROR_NONE;
	ch->error = 0;
	ch->emptied = false;
	ch->open = true;
	spin_unlock_irq(&ch->lock);

	status = nvlink_read(nv, NVLINK_REG_CHANNEL_STATUS(ch->index));
	if (status == U32_MAX)
		return -ENODEV;
	return status & NVLINK_CHANNEL_STATUS_HALTED_MASK ? -EIO : 0;
}

/**
 * nvlink_channel_disable() - take no more jobs, and abort what runs
 * @ch: the channel
 * @error: what jobs fail with from now on
 *
 * Return: true where the controller writes to no memory any more.
 */
bool nvlink_channel_disable(struct nvlink_channel *ch, int error)
{
	struct nvlink *nv = ch->dma->nv;
	bool was_open;
	u32 status;

	spin_lock_irq(&ch->lock);
	was_open = ch->open;
	ch->open = false;
	ch->error = error;
	spin_unlock_irq(&ch->lock);
	if (!was_open)
		return true;

	nvlink_write(nv, NVLINK_REG_CHANNEL_CONTROL(ch->index), 0);
	return !read_poll_timeout(nvlink_read, status,
				  status == U32_MAX ||
				  !(status & NVLINK_CHANNEL_STATUS_BUSY_MASK),
				  1000, DISABLE_US, false, nv,
				  NVLINK_REG_CHANNEL_STATUS(ch->index));
}

static void write_descriptor(struct nvlink_channel *ch, struct nvlink_job *job)
{
	struct nvlink_descriptor *descriptor = &job->descriptor[job->pushed++];
	u64 length = le64_to_cpu(descriptor->length);
	u32 n = ch->tail++;

	descriptor->cookie = cpu_to_le64(n);
	/* Early enough, so that there is room again before the ring is empty. */
	if (job->stepwise || job->pushed == job->count || length >= OFTEN_BYTES ||
	    ENTRY(n) % (NVLINK_RING_ENTRIES / 2) == 0)
		descriptor->flags |= NVLINK_DESCRIPTOR_INTERRUPT;
	ch->bytes += length;
	ch->owner[ENTRY(n)] = job;
	ch->ring[ENTRY(n)] = *descriptor;
}

/* What is in the ring cannot be taken back: no more than keeps the engine busy. */
static bool may_push(struct nvlink_channel *ch, struct nvlink_job *job)
{
	if (ch->tail - ch->head == NVLINK_RING_ENTRIES || ch->bytes >= BUSY_BYTES)
		return false;
	return !job->stepwise || job->completed == job->pushed;
}

static void push_jobs(struct nvlink_channel *ch)
{
	for (;;) {
		struct nvlink_job *job = ch->current_job;

		if (!job)
			job = nvlink_queue_next(ch);
		ch->current_job = job;
		if (!job)
			return;
		while (job->pushed < job->count) {
			if (!may_push(ch, job))
				return;
			write_descriptor(ch, job);
		}
		list_add_tail(&job->node, &ch->running);
		ch->current_job = NULL;
	}
}

/**
 * nvlink_channel_push() - write what there is room for to the ring
 * @ch: the channel, locked
 *
 * Writes one register, and that only where there is something new.
 */
void nvlink_channel_push(struct nvlink_channel *ch)
{
	if (!ch->open)
		return;
	push_jobs(ch);
	if (ch->rung == ch->tail)
		return;

	/* Where more is to follow, somebody has to call this again. */
	if (ch->current_job)
		ch->ring[ENTRY(ch->tail - 1)].flags |= NVLINK_DESCRIPTOR_INTERRUPT;
	if (ch->rung == ch->head)
		ch->progress = jiffies;
	ch->rung = ch->tail;
	nvlink_write(ch->dma->nv, NVLINK_REG_CHANNEL_TAIL(ch->index), ch->tail);
	queue_delayed_work(ch->dma->wq, &ch->dma->watch, HZ);
}

/**
 * nvlink_channel_errno() - what user space is told of an error of the engine
 * @error: NVLINK_ERROR_*
 *
 * Return: a negative errno, or 0 for NVLINK_ERROR_NONE.
 */
int nvlink_channel_errno(u32 error)
{
	switch (error) {
	case NVLINK_ERROR_NONE:
		return 0;
	case NVLINK_ERROR_HOST_REFUSED:
	case NVLINK_ERROR_WINDOW:
		return -EACCES;
	case NVLINK_ERROR_GPU_ADDRESS:
		return -ERANGE;
	case NVLINK_ERROR_NO_GPU:
		return -ENXIO;
	case NVLINK_ERROR_LINK_DOWN:
		return -ENETDOWN;
	case NVLINK_ERROR_NO_PEER:
		return -EHOSTUNREACH;
	case NVLINK_ERROR_ABORTED:
		return -ECANCELED;
	case NVLINK_ERROR_WATCHDOG:
		return -ETIMEDOUT;
	case NVLINK_ERROR_REMOTE:
	case NVLINK_ERROR_CALL:
		return -EREMOTEIO;
	default:
		return -EIO;
	}
}

static int verdict(const struct nvlink_completion *done,
		   const struct nvlink_descriptor *descriptor)
{
	u64 asked = le64_to_cpu(descriptor->length);
	u64 moved = le64_to_cpu(done->bytes);
	int error = nvlink_channel_errno(le32_to_cpu(done->error));

	if (done->cookie != descriptor->cookie || moved > asked)
		return -EIO;
	if (error)
		return error;
	/* Half a copy that is called a success would show what was there before. */
	if (descriptor->opcode == NVLINK_OPCODE_CALL)
		asked = sizeof(struct nvlink_answer);
	return moved == asked ? 0 : -EIO;
}

static bool take_completion(struct nvlink_channel *ch)
{
	const struct nvlink_completion *slot = &ch->done[ENTRY(ch->head)];
	const struct nvlink_descriptor *descriptor;
	struct nvlink_completion done;
	struct nvlink_job *job;
	int error;

	if (le32_to_cpu(READ_ONCE(slot->sequence)) != ch->head + 1)
		return false;
	dma_rmb();
	done = *slot;

	job = ch->owner[ENTRY(ch->head)];
	descriptor = &job->descriptor[job->completed++];
	ch->head++;
	ch->bytes -= le64_to_cpu(descriptor->length);
	ch->progress = jiffies;

	error = verdict(&done, descriptor);
	if (error)
		nvlink_job_fail(job, error);
	else if (!job->stepwise || job->completed % 2 == 0)
		job->bytes += le64_to_cpu(done.bytes);
	job->nanoseconds += le64_to_cpu(done.nanoseconds);
	if (job->completed == job->count)
		list_move_tail(&job->node, &ch->ended);
	return true;
}

/*
 * Finishes jobs that ended, without the channel's lock. One at a time does so:
 * fences of an open file are signalled in the order in which its jobs end.
 */
static void finish_ended(struct nvlink_channel *ch)
{
	struct nvlink_job *job;
	unsigned long flags;

	spin_lock_irqsave(&ch->lock, flags);
	if (ch->finishing || list_empty(&ch->ended))
		goto unlock;
	ch->finishing = true;
	while (!list_empty(&ch->ended)) {
		job = list_first_entry(&ch->ended, struct nvlink_job, node);
		list_del_init(&job->node);
		spin_unlock_irqrestore(&ch->lock, flags);
		nvlink_job_finish(job);
		spin_lock_irqsave(&ch->lock, flags);
	}
	ch->finishing = false;
unlock:
	spin_unlock_irqrestore(&ch->lock, flags);
}

/**
 * nvlink_channel_reap() - take the completions that there are
 * @ch: the channel, not locked
 *
 * Ends jobs, and pushes more descriptors where there is room now.
 */
void nvlink_channel_reap(struct nvlink_channel *ch)
{
	unsigned long flags;

	spin_lock_irqsave(&ch->lock, flags);
	while (ch->open && ch->head != ch->rung && take_completion(ch))
		;
	nvlink_channel_push(ch);
	spin_unlock_irqrestore(&ch->lock, flags);
	finish_ended(ch);
}

/* Takes all jobs away from a channel. Return: whether there were any. */
static bool take_all(struct nvlink_channel *ch, int error)
{
	struct nvlink_job *job;
	LIST_HEAD(jobs);
	bool any;

	spin_lock_irq(&ch->lock);
	list_splice_tail_init(&ch->running, &jobs);
	if (ch->current_job)
		list_add_tail(&ch->current_job->node, &jobs);
	ch->current_job = NULL;
	nvlink_queues_empty(ch, &jobs);
	list_for_each_entry(job, &jobs, node) {
		job->error = job->error ?: error;
		atomic64_inc(&ch->dma->aborted);
	}
	ch->rung = ch->head;
	ch->bytes = 0;
	list_splice_tail_init(&jobs, &ch->ended);
	any = !list_empty(&ch->ended) || ch->finishing;
	ch->emptied = !any;
	spin_unlock_irq(&ch->lock);
	return any;
}

/**
 * nvlink_channel_abort() - end all jobs of a channel that is disabled
 * @ch: the channel
 * @error: what they fail with
 */
void nvlink_channel_abort(struct nvlink_channel *ch, int error)
{
	/* Who submits meanwhile queues behind the others, and is taken next. */
	while (take_all(ch, error)) {
		finish_ended(ch);
		cond_resched();
	}
}
