// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues: the jobs of one open file run in the order in which they were asked
 * for, so its fences are signalled in that order. Only the first one waits for
 * fences; when they are signalled it goes to the channel, which it shares with
 * those of other open files. Nobody's fence holds up another open file.
 */
#include "file.h"

/* Move what may run to the channel; under its lock. */
static void advance(struct nvlink_file *file)
{
	struct nvlink_channel *ch = file->channel;
	struct nvlink_job *job;

	while ((job = list_first_entry_or_null(&file->queue, struct nvlink_job,
					       node))) {
		if (job->blocked && !job->error)
			break;
		list_move_tail(&job->node, &ch->ready);
	}
	nvlink_channel_push(ch);
}

/**
 * nvlink_queue_add() - hand a job to its queue
 * @job: a job with a fence that is published; gone where this succeeds
 *
 * Ends the blocking that submitting is.
 *
 * Return: 0, or what the channel is closed for: then the job is still the
 * caller's, who has to finish it.
 */
int nvlink_queue_add(struct nvlink_job *job)
{
	struct nvlink_file *file = job->file;
	struct nvlink_channel *ch = file->channel;
	unsigned long flags;
	int error = 0;

	spin_lock_irqsave(&ch->lock, flags);
	if (ch->open) {
		list_add_tail(&job->node, &file->queue);
		job->blocked--;
		advance(file);
	} else {
		error = ch->error;
	}
	spin_unlock_irqrestore(&ch->lock, flags);
	return error;
}

/**
 * nvlink_queue_unblock() - one fence less that a job waits for
 * @job: a job that is not freed, but may have ended already
 * @error: zero, or what the job fails with
 */
void nvlink_queue_unblock(struct nvlink_job *job, int error)
{
	struct nvlink_channel *ch = job->file->channel;
	unsigned long flags;

	spin_lock_irqsave(&ch->lock, flags);
	job->blocked--;
	if (error && !job->error)
		nvlink_job_fail(job, error);
	advance(job->file);
	spin_unlock_irqrestore(&ch->lock, flags);
}

/**
 * nvlink_queue_cancel() - let the jobs fail that are not at work yet
 * @file: open file that is being closed
 *
 * They end in their order, after those that are at work.
 */
void nvlink_queue_cancel(struct nvlink_file *file)
{
	struct nvlink_channel *ch = file->channel;
	struct nvlink_job *job;

	spin_lock_irq(&ch->lock);
	list_for_each_entry(job, &file->queue, node)
		nvlink_job_fail(job, -ECANCELED);
	advance(file);
	spin_unlock_irq(&ch->lock);
}

/**
 * nvlink_queues_empty() - take the jobs out of all queues of a channel
 * @ch: the channel, locked
 * @jobs: list that they are appended to
 */
void nvlink_queues_empty(struct nvlink_channel *ch, struct list_head *jobs)
{
	struct nvlink_file *file;

	list_for_each_entry(file, &ch->files, channel_node)
		list_splice_tail_init(&file->queue, jobs);
}
