// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues: the jobs of one open file run in the order in which they were asked
 * for, so its fences are signalled in that order. The open files of a channel
 * take turns; one whose first job waits for fences is passed over, so nobody's
 * fence holds up somebody else.
 */
#include "file.h"

static bool runnable(const struct nvlink_job *job)
{
	return job && (!job->blocked || job->error);
}

/**
 * nvlink_queue_next() - take the next job of a channel
 * @ch: the channel, locked
 *
 * The open files take turns, so that many jobs of one do not hold up another.
 *
 * Return: the job, or NULL.
 */
struct nvlink_job *nvlink_queue_next(struct nvlink_channel *ch)
{
	struct nvlink_file *file;
	struct nvlink_job *job;

	list_for_each_entry(file, &ch->files, channel_node) {
		job = list_first_entry_or_null(&file->queue, struct nvlink_job,
					       node);
		if (!runnable(job))
			continue;
		list_move_tail(&file->channel_node, &ch->files);
		list_del_init(&job->node);
		return job;
	}
	return NULL;
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
	/* A channel that is closed but not empty is aborted soon, in order. */
	if (!ch->emptied) {
		list_add_tail(&job->node, &file->queue);
		job->blocked--;
		nvlink_channel_push(ch);
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
	nvlink_channel_push(ch);
	spin_unlock_irqrestore(&ch->lock, flags);
}

/**
 * nvlink_queue_cancel() - let the jobs fail that are not in the ring yet
 * @file: open file that is being closed
 *
 * They end in their order, after those that are in the ring.
 */
void nvlink_queue_cancel(struct nvlink_file *file)
{
	struct nvlink_channel *ch = file->channel;
	struct nvlink_job *job;

	spin_lock_irq(&ch->lock);
	list_for_each_entry(job, &file->queue, node)
		nvlink_job_fail(job, -ECANCELED);
	if (ch->current_job && ch->current_job->file == file)
		nvlink_job_fail(ch->current_job, -ECANCELED);
	nvlink_channel_push(ch);
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
