// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power. While nobody uses a controller its links may sleep: runtime power
 * management, which user space switches on with power/control. A suspended
 * system loses what the GPUs' memory held, as after any reset.
 */
#include <linux/pm.h>
#include <linux/pm_runtime.h>

#include "control.h"
#include "link.h"

#define IDLE_MS 2000

/**
 * nvlink_pm_get() - need trained links
 * @nv: controller inside nvlink_enter(); may sleep
 *
 * Return: 0 once the links were woken, of those that are up; then
 * nvlink_pm_put() has to follow. Or a negative error.
 */
int nvlink_pm_get(struct nvlink *nv)
{
	return pm_runtime_resume_and_get(nv->dev);
}

/**
 * nvlink_pm_put() - need them no more
 * @nv: controller; from any context, also after the driver was unbound
 */
void nvlink_pm_put(struct nvlink *nv)
{
	pm_runtime_mark_last_busy(nv->dev);
	pm_runtime_put_autosuspend(nv->dev);
}

static int nvlink_runtime_suspend(struct device *dev)
{
	struct nvlink *nv = dev_get_drvdata(dev);
	int index = nvlink_enter(nv);

	if (index < 0) {
		nvlink_links_intend(nv, NVLINK_GOAL_SLEEP);
		return 0;
	}
	nvlink_links_sleep(nv);
	nvlink_exit(nv, index);
	return 0;
}

static int nvlink_runtime_resume(struct device *dev)
{
	struct nvlink *nv = dev_get_drvdata(dev);
	int index = nvlink_enter(nv);

	if (index < 0) {
		nvlink_links_intend(nv, NVLINK_GOAL_UP);
		return 0;
	}
	nvlink_links_wake(nv);
	nvlink_exit(nv, index);
	return 0;
}

static int nvlink_suspend(struct device *dev)
{
	struct nvlink *nv = dev_get_drvdata(dev);

	mutex_lock(&nv->state_lock);
	if (nv->status != NVLINK_LOST)
		nvlink_quiesce(nv, NVLINK_ASLEEP, -EIO);
	mutex_unlock(&nv->state_lock);
	nvlink_recovery_exit(nv);
	return 0;
}

static int nvlink_resume(struct device *dev)
{
	struct nvlink *nv = dev_get_drvdata(dev);

	mutex_lock(&nv->state_lock);
	if (nv->status == NVLINK_ASLEEP)
		nvlink_retry(nv, "the system was suspended");
	nvlink_health_watch(nv);
	mutex_unlock(&nv->state_lock);
	return 0;
}

const struct dev_pm_ops nvlink_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(nvlink_suspend, nvlink_resume)
	RUNTIME_PM_OPS(nvlink_runtime_suspend, nvlink_runtime_resume, NULL)
};

/**
 * nvlink_pm_init() - begin runtime power management, off until asked for
 * @nv: controller with its links prepared
 */
void nvlink_pm_init(struct nvlink *nv)
{
	pm_runtime_set_active(nv->dev);
	pm_runtime_set_autosuspend_delay(nv->dev, IDLE_MS);
	pm_runtime_use_autosuspend(nv->dev);
	pm_runtime_forbid(nv->dev);
	pm_runtime_enable(nv->dev);
}

/**
 * nvlink_pm_exit() - end runtime power management
 * @nv: controller that is gone
 */
void nvlink_pm_exit(struct nvlink *nv)
{
	pm_runtime_disable(nv->dev);
	pm_runtime_dont_use_autosuspend(nv->dev);
	pm_runtime_set_suspended(nv->dev);
}
