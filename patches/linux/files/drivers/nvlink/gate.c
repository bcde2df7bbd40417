// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may use a controller, and when.
 */
#include <linux/errno.h>

#include "control.h"

/**
 * nvlink_alive() - whether a controller can be used
 * @nv: controller; from any context
 *
 * Return: 0; -EAGAIN while it is reset, probed or suspended; -EIO where resets
 * do not help; -ENODEV where it is lost or the driver was unbound.
 */
int nvlink_alive(struct nvlink *nv)
{
	switch (READ_ONCE(nv->status)) {
	case NVLINK_ALIVE:
		return 0;
	case NVLINK_STARTING:
	case NVLINK_RESETTING:
	case NVLINK_ASLEEP:
		return -EAGAIN;
	case NVLINK_FAILED:
		return -EIO;
	default:
		return -ENODEV;
	}
}

/**
 * nvlink_enter() - begin to use a controller
 * @nv: controller, of which a reference is held
 *
 * Until nvlink_exit(), registers and dma_dev can be used, and neither a reset
 * nor a removal goes past its first steps. See the top of nvlink.h for what may
 * be waited for.
 *
 * Return: what nvlink_exit() wants, not negative; or what nvlink_alive() tells.
 */
int nvlink_enter(struct nvlink *nv)
{
	int index = srcu_read_lock(&nv->srcu);
	int err = nvlink_alive(nv);

	if (err) {
		srcu_read_unlock(&nv->srcu, index);
		return err;
	}
	/* Held from here on, which sparse cannot know. */
	__release(&nv->srcu);
	return index;
}

/**
 * nvlink_exit() - end what nvlink_enter() began
 * @nv: controller
 * @index: what nvlink_enter() returned
 */
void nvlink_exit(struct nvlink *nv, int index)
{
	__acquire(&nv->srcu);
	srcu_read_unlock(&nv->srcu, index);
}

/**
 * nvlink_status_name() - word for a status
 * @status: the status
 *
 * Return: as sysfs shows it.
 */
const char *nvlink_status_name(enum nvlink_status status)
{
	static const char *const names[] = {
		[NVLINK_STARTING] = "starting",
		[NVLINK_ALIVE] = "alive",
		[NVLINK_RESETTING] = "resetting",
		[NVLINK_ASLEEP] = "suspended",
		[NVLINK_FAILED] = "failed",
		[NVLINK_LOST] = "lost",
		[NVLINK_GONE] = "gone",
	};

	return names[status];
}
