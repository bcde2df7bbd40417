// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events for user space: each open file has a queue of its own. Where one is not
 * read, the oldest events go first, and the reader is told how many.
 */
#include <linux/poll.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#include "event.h"
#include "file.h"

static void put(struct nvlink_file *file, const struct nvlink_event *event)
{
	spin_lock(&file->events_lock);
	if (kfifo_is_full(&file->events)) {
		kfifo_skip(&file->events);
		file->events_lost++;
	}
	kfifo_put(&file->events, *event);
	spin_unlock(&file->events_lock);
	wake_up_interruptible_poll(&file->events_wait, EPOLLIN | EPOLLRDNORM);
}

/**
 * nvlink_notify() - tell all open files of an event
 * @dma: the data path
 * @type: NVLINK_EVENT_*
 * @index: number of the GPU or link
 * @value: see the types
 *
 * From any context.
 */
void nvlink_notify(struct nvlink_dma *dma, u32 type, u32 index, u64 value)
{
	struct nvlink_event event = {
		.type = type,
		.index = index,
		.value = value,
		.timestamp = ktime_get_ns(),
	};
	struct nvlink_file *file;
	unsigned long flags;

	spin_lock_irqsave(&dma->files_lock, flags);
	list_for_each_entry(file, &dma->files, dma_node)
		put(file, &event);
	spin_unlock_irqrestore(&dma->files_lock, flags);
}

/**
 * nvlink_event() - tell of an event from outside the data path
 * @nv: the controller; its data path may not be there yet
 * @type: NVLINK_EVENT_*
 * @index: number of the link
 * @value: see the types
 */
void nvlink_event(struct nvlink *nv, u32 type, u32 index, u64 value)
{
	if (nv->dma)
		nvlink_notify(nv->dma, type, index, value);
}

static bool gone(struct nvlink_file *file)
{
	return nvlink_alive(file->dma->nv) == -ENODEV;
}

static bool take(struct nvlink_file *file, struct nvlink_event *event)
{
	bool taken = true;

	spin_lock_irq(&file->events_lock);
	if (file->events_lost) {
		memset(event, 0, sizeof(*event));
		event->type = NVLINK_EVENT_OVERFLOW;
		event->value = file->events_lost;
		event->timestamp = ktime_get_ns();
		file->events_lost = 0;
	} else {
		taken = kfifo_get(&file->events, event);
	}
	spin_unlock_irq(&file->events_lock);
	return taken;
}

static bool any(struct nvlink_file *file)
{
	return !kfifo_is_empty(&file->events) || READ_ONCE(file->events_lost);
}

static ssize_t copy_events(struct nvlink_file *file, char __user *to,
			   size_t count)
{
	struct nvlink_event event;
	size_t done = 0;

	while (count - done >= sizeof(event) && take(file, &event)) {
		if (copy_to_user(to + done, &event, sizeof(event)))
			return done ?: -EFAULT;
		done += sizeof(event);
	}
	return done;
}

/**
 * nvlink_events_read() - what read() does
 * @file: the file
 * @to: where to put whole events
 * @count: bytes of room
 * @block: wait for the first event
 *
 * Return: bytes, -EINVAL for no room, -EAGAIN, -ERESTARTSYS, or -ENODEV where
 * the controller is gone and all events were read.
 */
ssize_t nvlink_events_read(struct nvlink_file *file, char __user *to,
			   size_t count, bool block)
{
	ssize_t ret;

	if (count < sizeof(struct nvlink_event))
		return -EINVAL;
	do {
		if (block && wait_event_interruptible(file->events_wait,
						      any(file) || gone(file)))
			return -ERESTARTSYS;
		ret = mutex_lock_interruptible(&file->read_lock);
		if (ret)
			return -ERESTARTSYS;
		ret = copy_events(file, to, count);
		mutex_unlock(&file->read_lock);
		if (!ret && gone(file))
			return -ENODEV;
	} while (!ret && block);
	return ret ?: -EAGAIN;
}

/**
 * nvlink_events_poll() - what poll() tells
 * @file: the file; already waited for
 *
 * Return: EPOLL*.
 */
__poll_t nvlink_events_poll(struct nvlink_file *file)
{
	__poll_t mask = 0;

	if (any(file))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (gone(file))
		mask |= EPOLLERR | EPOLLHUP;
	return mask;
}
