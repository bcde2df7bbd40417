// SPDX-License-Identifier: GPL-2.0-only
/*
 * The character device: /dev/nvlinkN.
 */
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "file.h"

#define ARGUMENT_MAX 160
/* A reset that lasts longer fails what waits for it. */
#define PATIENCE_MS 30000
#define RETRY_MS 10

/* Where an ioctl runs: inside nvlink_enter(), or without touching the controller. */
enum place {
	INSIDE,
	/* It may wait for anything; refused where the controller is away. */
	OUTSIDE,
	/* Also then: how a job ended can be asked, and memory given back. */
	ALWAYS,
};

/**
 * struct command - what an ioctl does
 * @cmd: its number
 * @run: what it does
 * @place: where
 */
struct command {
	unsigned int cmd;
	int (*run)(struct nvlink_file *file, void *arg);
	enum place place;
};

static const struct command commands[] = {
	{ NVLINK_IOC_INFO, nvlink_ioctl_info, OUTSIDE },
	{ NVLINK_IOC_GPU_INFO, nvlink_ioctl_gpu_info, OUTSIDE },
	{ NVLINK_IOC_ALLOC, nvlink_ioctl_alloc },
	{ NVLINK_IOC_FREE, nvlink_ioctl_free, ALWAYS },
	{ NVLINK_IOC_QUERY, nvlink_ioctl_query },
	{ NVLINK_IOC_EXPORT, nvlink_ioctl_export },
	{ NVLINK_IOC_IMPORT, nvlink_ioctl_import },
	{ NVLINK_IOC_COPY, nvlink_ioctl_copy },
	{ NVLINK_IOC_FILL, nvlink_ioctl_fill },
	{ NVLINK_IOC_WAIT, nvlink_ioctl_wait, ALWAYS },
	{ NVLINK_IOC_CALL, nvlink_ioctl_call },
	{ NVLINK_IOC_PEER, nvlink_ioctl_peer },
	{ NVLINK_IOC_RING, nvlink_ioctl_ring },
	{ NVLINK_IOC_SYNC, nvlink_ioctl_sync, OUTSIDE },
	{ NVLINK_IOC_LINK_RESET, nvlink_ioctl_link_reset },
};

/* Return: what nvlink_exit() wants, or why the controller cannot be used. */
static int enter_patiently(struct nvlink *nv)
{
	unsigned long end = jiffies + msecs_to_jiffies(PATIENCE_MS);
	int index = nvlink_enter(nv);

	while (index == -EAGAIN && time_before(jiffies, end)) {
		msleep_interruptible(RETRY_MS);
		if (signal_pending(current))
			return -ERESTARTSYS;
		index = nvlink_enter(nv);
	}
	return index == -EAGAIN ? -EIO : index;
}

static int run(struct nvlink_file *file, const struct command *command, void *arg)
{
	struct nvlink *nv = file->dma->nv;
	int index;
	int ret;

	if (command->place != INSIDE) {
		if (command->place == OUTSIDE && nvlink_alive(nv) == -ENODEV)
			return -ENODEV;
		return command->run(file, arg);
	}
	index = enter_patiently(nv);
	if (index < 0)
		return index;
	ret = command->run(file, arg);
	nvlink_exit(nv, index);
	return ret;
}

static long nvlink_ioctl(struct file *filp, unsigned int cmd, unsigned long where)
{
	u8 arg[ARGUMENT_MAX] __aligned(8) = { };
	void __user *user = (void __user *)where;
	size_t size = _IOC_SIZE(cmd);
	unsigned int n;
	int ret;

	for (n = 0; n < ARRAY_SIZE(commands); n++)
		if (commands[n].cmd == cmd)
			break;
	if (n == ARRAY_SIZE(commands) || WARN_ON_ONCE(size > sizeof(arg)))
		return -ENOTTY;

	if (_IOC_DIR(cmd) & _IOC_WRITE && copy_from_user(arg, user, size))
		return -EFAULT;
	ret = run(filp->private_data, &commands[n], arg);
	if (_IOC_DIR(cmd) & _IOC_READ && copy_to_user(user, arg, size))
		return -EFAULT;
	return ret;
}

static int nvlink_open(struct inode *inode, struct file *filp)
{
	struct nvlink *nv = container_of(inode->i_cdev, struct nvlink, cdev);
	int index = enter_patiently(nv);
	struct nvlink_file *file;

	if (index < 0)
		return index;
	file = nvlink_file_open(nv->dma);
	nvlink_exit(nv, index);
	filp->private_data = file;
	return file ? nonseekable_open(inode, filp) : -ENOMEM;
}

static int nvlink_release(struct inode *inode, struct file *filp)
{
	nvlink_file_close(filp->private_data);
	return 0;
}

static int nvlink_mmap(struct file *filp, struct vm_area_struct *vma)
{
	struct nvlink_file *file = filp->private_data;

	if (nvlink_alive(file->dma->nv) == -ENODEV)
		return -ENODEV;
	return nvlink_file_mmap(file, vma);
}

static ssize_t nvlink_fread(struct file *filp, char __user *to, size_t count,
			    loff_t *position)
{
	return nvlink_events_read(filp->private_data, to, count,
				  !(filp->f_flags & O_NONBLOCK));
}

static __poll_t nvlink_poll(struct file *filp, poll_table *table)
{
	struct nvlink_file *file = filp->private_data;

	poll_wait(filp, &file->events_wait, table);
	return nvlink_events_poll(file);
}

static const struct file_operations nvlink_fops = {
	.owner = THIS_MODULE,
	.open = nvlink_open,
	.release = nvlink_release,
	.read = nvlink_fread,
	.poll = nvlink_poll,
	.mmap = nvlink_mmap,
	.unlocked_ioctl = nvlink_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/**
 * nvlink_cdev_add() - make /dev/nvlinkN
 * @nv: controller that works
 *
 * Return: 0 or a negative errno.
 */
int nvlink_cdev_add(struct nvlink *nv)
{
	cdev_init(&nv->cdev, &nvlink_fops);
	nv->cdev.owner = THIS_MODULE;
	return cdev_device_add(&nv->cdev, &nv->class_dev);
}

/**
 * nvlink_cdev_remove() - take /dev/nvlinkN away
 * @nv: controller that is gone
 *
 * Files that are open stay open, and get errors.
 */
void nvlink_cdev_remove(struct nvlink *nv)
{
	cdev_device_del(&nv->cdev, &nv->class_dev);
}
