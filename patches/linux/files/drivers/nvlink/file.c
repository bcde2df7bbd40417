// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open files. What is left of one after its closing is a number of bytes that
 * buffers count against, and a queue that empties.
 */
#include <linux/sched.h>
#include <linux/slab.h>

#include "file.h"

/**
 * nvlink_file_open() - make an open file
 * @dma: the data path
 *
 * Return: the file, or NULL.
 */
struct nvlink_file *nvlink_file_open(struct nvlink_dma *dma)
{
	struct nvlink_file *file = kvzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);
	unsigned int n;

	if (!file)
		return NULL;
	n = (unsigned int)atomic_inc_return(&dma->next_channel) % dma->channels;
	kref_init(&file->ref);
	file->dma = nvlink_dma_get(dma);
	file->channel = &dma->channel[n];
	file->context = dma_fence_context_alloc(1);
	file->pid = task_tgid_nr(current);
	INIT_LIST_HEAD(&file->queue);
	mutex_init(&file->submit_lock);
	spin_lock_init(&file->known_lock);
	init_waitqueue_head(&file->wait);
	xa_init_flags(&file->handles, XA_FLAGS_ALLOC1);
	spin_lock_init(&file->events_lock);
	INIT_KFIFO(file->events);
	init_waitqueue_head(&file->events_wait);
	mutex_init(&file->read_lock);

	spin_lock_irq(&file->channel->lock);
	list_add_tail(&file->channel_node, &file->channel->files);
	spin_unlock_irq(&file->channel->lock);
	spin_lock_irq(&dma->files_lock);
	list_add_tail(&file->dma_node, &dma->files);
	spin_unlock_irq(&dma->files_lock);
	return file;
}

static void forget_jobs(struct nvlink_file *file)
{
	unsigned int n;

	for (n = 0; n < NVLINK_JOBS_KNOWN; n++) {
		if (file->known[n])
			dma_fence_put(&file->known[n]->base);
		file->known[n] = NULL;
	}
}

/**
 * nvlink_file_close() - nobody has the file open any more
 * @file: the file; the opener's reference is dropped
 *
 * Jobs that are at work run to their end and keep what they need. Those that
 * still wait for something fail.
 */
void nvlink_file_close(struct nvlink_file *file)
{
	struct nvlink_dma *dma = file->dma;

	spin_lock_irq(&dma->files_lock);
	list_del(&file->dma_node);
	spin_unlock_irq(&dma->files_lock);

	nvlink_queue_cancel(file);
	nvlink_handles_free(file);
	forget_jobs(file);
	nvlink_file_put(file);
}

/**
 * nvlink_file_get() - take a reference
 * @file: the file
 *
 * Return: the file.
 */
struct nvlink_file *nvlink_file_get(struct nvlink_file *file)
{
	kref_get(&file->ref);
	return file;
}

static void release(struct kref *ref)
{
	struct nvlink_file *file = container_of(ref, struct nvlink_file, ref);
	struct nvlink_dma *dma = file->dma;

	spin_lock_irq(&file->channel->lock);
	list_del(&file->channel_node);
	spin_unlock_irq(&file->channel->lock);
	mutex_destroy(&file->submit_lock);
	mutex_destroy(&file->read_lock);
	kvfree(file);
	nvlink_dma_put(dma);
}

/**
 * nvlink_file_put() - drop a reference
 * @file: the file; may sleep
 */
void nvlink_file_put(struct nvlink_file *file)
{
	kref_put(&file->ref, release);
}
