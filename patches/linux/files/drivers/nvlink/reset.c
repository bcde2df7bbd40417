// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loss of a controller, its return, and resets with back-off.
 */
#include <linux/device.h>
#include <linux/jiffies.h>
#include <uapi/linux/nvlink.h>

#include "contract.h"
#include "control.h"
#include "event.h"
#include "link.h"

/* A controller that worked for so long after a reset is healthy. */
#define HEALTHY_MS 10000
/* Failed resets until it is left alone. */
#define FAILURES_MAX 5
/* Resets that help for no longer than that, until it is left alone. */
#define TRIES_MAX 30

/* What is to be told once state_lock is free; bits in the order of telling. */
#define NVLINK_NEWS_ERROR BIT(0)
#define NVLINK_NEWS_REMOVED BIT(1)
#define NVLINK_NEWS_RESTORED BIT(2)
#define NVLINK_NEWS_RESET BIT(3)
#define NVLINK_NEWS_FAILED BIT(4)

/*
 * Sending a uevent allocates, and allocating may wait for the very fences that
 * only a reset ends: so it is done without the lock that a reset needs.
 */
static void unlock_and_tell(struct nvlink *nv)
{
	static const char *const events[] = {
		"error", "removed", "restored", "reset", "failed",
	};
	unsigned long news = nv->news;
	unsigned int n;

	nv->news = 0;
	mutex_unlock(&nv->state_lock);
	for_each_set_bit(n, &news, ARRAY_SIZE(events))
		nvlink_tell(nv, events[n]);
}

static int reinitialise(struct nvlink *nv, bool returned)
{
	const struct nvlink_glue *glue = dev_get_platdata(nv->dev);
	int err = 0;

	if (returned && glue && glue->restore)
		err = glue->restore(nv->dev->parent);
	if (!err)
		err = nvlink_hardware_reset(nv);
	if (!err)
		err = nvlink_contract_read(nv);
	if (!err)
		err = nvlink_start(nv);
	return err;
}

static void alive_again(struct nvlink *nv, bool returned)
{
	WRITE_ONCE(nv->epoch, nv->epoch + 1);
	WRITE_ONCE(nv->reset_reason, NULL);
	nv->resets++;
	nv->reset_failures = 0;
	nv->returning = false;
	WRITE_ONCE(nv->status, NVLINK_ALIVE);
	nvlink_go(nv);
	dev_info(nv->dev, "works again, generation %u\n", nv->generation);
	nv->news |= returned ? NVLINK_NEWS_RESTORED : NVLINK_NEWS_RESET;
	nvlink_event(nv, NVLINK_EVENT_RESET, 0, nv->epoch);
}

static void fail(struct nvlink *nv, int err)
{
	dev_err(nv->dev, "given up after %u resets, of which %u failed, error %d\n",
		nv->reset_tries, nv->reset_failures, err);
	WRITE_ONCE(nv->status, NVLINK_FAILED);
	WRITE_ONCE(nv->reset_reason, NULL);
	nv->news |= NVLINK_NEWS_FAILED;
}

static void lose(struct nvlink *nv)
{
	dev_err(nv->dev, "does not answer any more\n");
	nvlink_quiesce(nv, NVLINK_LOST, -ENODEV);
	WRITE_ONCE(nv->reset_reason, NULL);
	nv->news |= NVLINK_NEWS_REMOVED;
	nvlink_event(nv, NVLINK_EVENT_REMOVED, 0, 0);
}

static int try_reset(struct nvlink *nv)
{
	bool returned = nv->returning;
	int err;

	nv->reset_tries++;
	err = reinitialise(nv, returned);
	nv->last_reset = jiffies;
	if (!err) {
		alive_again(nv, returned);
		return 0;
	}

	dev_err(nv->dev, "reset failed: %d\n", err);
	nv->reset_failures++;
	nvlink_dma_stop(nv, -EIO);
	if (err == -ENODEV)
		lose(nv);
	else if (err == -EPROTO || err == -EINVAL ||
		 nv->reset_failures >= FAILURES_MAX)
		fail(nv, err);
	return err;
}

static void reset_with_patience(struct nvlink *nv)
{
	unsigned long due;

	if (time_after(jiffies, nv->last_reset + msecs_to_jiffies(HEALTHY_MS)))
		nv->reset_tries = 0;
	if (nv->reset_tries >= TRIES_MAX) {
		fail(nv, -ELOOP);
		return;
	}
	due = nv->last_reset +
	      msecs_to_jiffies(nvlink_reset_delay_ms(nv->reset_tries));
	if (nv->reset_tries && time_before(jiffies, due))
		mod_delayed_work(nv->wq, &nv->recover, due - jiffies);
	else if (try_reset(nv) && nv->status == NVLINK_RESETTING)
		queue_delayed_work(nv->wq, &nv->recover, 0);
}

static void recover(struct nvlink *nv)
{
	u32 id = nvlink_read(nv, NVLINK_REG_GLOBAL_ID);

	if (id != NVLINK_GLOBAL_ID_RESET) {
		if (nv->status != NVLINK_LOST)
			lose(nv);
		return;
	}
	if (nv->status == NVLINK_LOST) {
		dev_info(nv->dev, "answers again\n");
		nv->returning = true;
		nv->reset_tries = 0;
		nv->reset_failures = 0;
		nvlink_retry(nv, "came back");
	}
	if (!nv->reset_reason)
		return;
	if (nv->status == NVLINK_ALIVE) {
		dev_err(nv->dev, "reset: %s\n", nv->reset_reason);
		nv->news |= NVLINK_NEWS_ERROR;
		nvlink_quiesce(nv, NVLINK_RESETTING, -EIO);
	}
	reset_with_patience(nv);
}

static void recover_work(struct work_struct *work)
{
	struct nvlink *nv = container_of(work, struct nvlink, recover.work);

	mutex_lock(&nv->state_lock);
	if (nv->status == NVLINK_ALIVE || nv->status == NVLINK_RESETTING ||
	    nv->status == NVLINK_FAILED || nv->status == NVLINK_LOST)
		recover(nv);
	unlock_and_tell(nv);
}

/**
 * nvlink_retry() - have a controller that is not alive reset in the background
 * @nv: controller, its state_lock held
 * @reason: why
 */
void nvlink_retry(struct nvlink *nv, const char *reason)
{
	lockdep_assert_held(&nv->state_lock);
	WRITE_ONCE(nv->status, NVLINK_RESETTING);
	nvlink_schedule_reset(nv, reason);
}

/**
 * nvlink_schedule_reset() - have the controller reset
 * @nv: controller; from any context
 * @reason: why, a string that stays
 */
void nvlink_schedule_reset(struct nvlink *nv, const char *reason)
{
	cmpxchg(&nv->reset_reason, NULL, reason);
	mod_delayed_work(nv->wq, &nv->recover, 0);
}

/**
 * nvlink_report_dead() - tell that a register gave all ones
 * @nv: controller; from any context
 */
void nvlink_report_dead(struct nvlink *nv)
{
	mod_delayed_work(nv->wq, &nv->recover, 0);
}

/**
 * nvlink_reset() - reset the controller now, as somebody asks
 * @nv: controller
 *
 * Earlier resets do not count.
 *
 * Return: 0 once it works again, or a negative error.
 */
int nvlink_reset(struct nvlink *nv)
{
	int err;

	if (mutex_lock_killable(&nv->state_lock))
		return -ERESTARTSYS;
	switch (nv->status) {
	case NVLINK_ALIVE:
	case NVLINK_RESETTING:
	case NVLINK_FAILED:
		nv->reset_tries = 0;
		nv->reset_failures = 0;
		nvlink_quiesce(nv, NVLINK_RESETTING, -EIO);
		err = try_reset(nv);
		if (err && nv->status == NVLINK_RESETTING)
			nvlink_retry(nv, "another try");
		break;
	default:
		err = -ENODEV;
	}
	unlock_and_tell(nv);
	return err;
}

/**
 * nvlink_recovery_init() - prepare recovery
 * @nv: new controller
 */
void nvlink_recovery_init(struct nvlink *nv)
{
	INIT_DELAYED_WORK(&nv->recover, recover_work);
	nvlink_health_init(nv);
}

/**
 * nvlink_recovery_exit() - stop recovery
 * @nv: controller that is gone or never lived
 */
void nvlink_recovery_exit(struct nvlink *nv)
{
	cancel_delayed_work_sync(&nv->health);
	cancel_delayed_work_sync(&nv->recover);
}
