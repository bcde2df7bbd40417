// SPDX-License-Identifier: GPL-2.0-only
/*
 * What no interrupt tells: a controller that vanished or came back, one that
 * somebody else has reset, and interrupts that were lost.
 */
#include <linux/jiffies.h>

#include "control.h"

static void look(struct nvlink *nv)
{
	u32 control, status;

	control = nvlink_read(nv, NVLINK_REG_GLOBAL_CONTROL);
	status = nvlink_read(nv, NVLINK_REG_GLOBAL_STATUS);
	if (control == U32_MAX || status == U32_MAX)
		nvlink_report_dead(nv);
	else if (status & NVLINK_GLOBAL_STATUS_FATAL_MASK)
		nvlink_schedule_reset(nv, "fatal error");
	else if (!(control & NVLINK_GLOBAL_CONTROL_ENABLE_MASK))
		nvlink_schedule_reset(nv, "somebody else has reset it");
	else
		nvlink_irq_poll(nv);
}

static void health_work(struct work_struct *work)
{
	struct nvlink *nv = container_of(work, struct nvlink, health.work);
	bool there = nvlink_read(nv, NVLINK_REG_GLOBAL_ID) ==
		     NVLINK_GLOBAL_ID_RESET;
	bool lost = READ_ONCE(nv->status) == NVLINK_LOST;
	int index;

	if (there == lost)
		nvlink_report_dead(nv);
	index = nvlink_enter(nv);
	if (index >= 0) {
		if (there)
			look(nv);
		nvlink_exit(nv, index);
	}
	nvlink_health_watch(nv);
}

/**
 * nvlink_health_watch() - look at the controller in a second
 * @nv: controller
 */
void nvlink_health_watch(struct nvlink *nv)
{
	queue_delayed_work(nv->wq, &nv->health, round_jiffies_relative(HZ));
}

/**
 * nvlink_health_init() - prepare looking at the controller
 * @nv: new controller
 */
void nvlink_health_init(struct nvlink *nv)
{
	INIT_DELAYED_WORK(&nv->health, health_work);
}
