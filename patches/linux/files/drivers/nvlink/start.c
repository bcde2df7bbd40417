// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting a controller and bringing it to rest.
 */
#include <linux/iopoll.h>
#include <linux/lockdep.h>

#include "control.h"
#include "link.h"

/**
 * nvlink_hardware_reset() - reset the controller
 * @nv: controller that nobody uses
 *
 * Return: 0; -ENODEV where it is not there; -ETIMEDOUT where it does not become
 * ready.
 */
int nvlink_hardware_reset(struct nvlink *nv)
{
	u32 value;
	int err;

	nvlink_write(nv, NVLINK_REG_GLOBAL_CONTROL,
		     NVLINK_GLOBAL_CONTROL_RESET_MASK);
	err = read_poll_timeout(nvlink_read, value,
				!(value & NVLINK_GLOBAL_CONTROL_RESET_MASK) ||
				value == U32_MAX,
				1000, NVLINK_TIME_RESET_MS * 1000, false, nv,
				NVLINK_REG_GLOBAL_CONTROL);
	if (value == U32_MAX)
		return -ENODEV;
	if (err)
		return err;
	value = nvlink_read(nv, NVLINK_REG_GLOBAL_STATUS);
	return value & NVLINK_GLOBAL_STATUS_READY_MASK ? 0 : -ETIMEDOUT;
}

/**
 * nvlink_isolate() - keep a controller that does not stop from memory
 * @nv: controller whose reset failed
 */
void nvlink_isolate(struct nvlink *nv)
{
	const struct nvlink_glue *glue = dev_get_platdata(nv->dev);

	dev_crit(nv->dev, "does not stop its transfers: cut off from memory\n");
	if (glue && glue->isolate)
		glue->isolate(nv->dev->parent);
}

/**
 * nvlink_start() - switch the controller and the data path on
 * @nv: controller that was checked; still not alive
 *
 * Return: 0 or a negative error.
 */
int nvlink_start(struct nvlink *nv)
{
	nv->generation = nvlink_read(nv, NVLINK_REG_GLOBAL_GENERATION);
	nvlink_write(nv, NVLINK_REG_GLOBAL_INT_STATUS, U32_MAX);
	nvlink_write(nv, NVLINK_REG_GLOBAL_CONTROL,
		     NVLINK_GLOBAL_CONTROL_ENABLE_MASK);
	return nvlink_dma_start(nv);
}

/**
 * nvlink_go() - let interrupts come and bring the links up
 * @nv: controller that is alive
 */
void nvlink_go(struct nvlink *nv)
{
	nvlink_irq_enable(nv);
	nvlink_links_start(nv);
	nvlink_health_watch(nv);
}

/**
 * nvlink_quiesce() - keep everybody away from the controller
 * @nv: controller, its state_lock held
 * @status: what it is from now on
 * @error: what unfinished work ends with
 *
 * On return no job is left, nobody is inside nvlink_enter(), and no link is
 * driven.
 */
void nvlink_quiesce(struct nvlink *nv, enum nvlink_status status, int error)
{
	unsigned int n;

	lockdep_assert_held(&nv->state_lock);
	WRITE_ONCE(nv->status, status);
	nvlink_irq_disable(nv);
	nvlink_dma_stop(nv, error);
	for (n = 0; n < nv->facts.links; n++)
		wake_up_all(&nv->link[n].changed);
	synchronize_srcu(&nv->srcu);
	nvlink_links_stop(nv);
}
