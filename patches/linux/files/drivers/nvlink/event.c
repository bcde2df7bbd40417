// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space hears of a controller.
 */
#include <linux/device.h>
#include <linux/kobject.h>

#include "event.h"
#include "nvlink.h"

/**
 * nvlink_tell() - send a uevent of a controller
 * @nv: controller
 * @event: value of NVLINK_EVENT
 */
void nvlink_tell(struct nvlink *nv, const char *event)
{
	char text[40], generation[40];
	char *envp[3] = { text, generation };

	if (!device_is_registered(&nv->class_dev))
		return;
	snprintf(text, sizeof(text), "NVLINK_EVENT=%s", event);
	snprintf(generation, sizeof(generation), "NVLINK_GENERATION=%u",
		 nv->generation);
	kobject_uevent_env(&nv->class_dev.kobj, KOBJ_CHANGE, envp);
}
