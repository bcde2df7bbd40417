// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links: each has a work item that looks at it after every event and does what
 * policy.c decides. Nobody else commands a link while the controller is alive,
 * except for sleep and wake, which hold the link's lock.
 */
#include <linux/device.h>
#include <linux/jiffies.h>

#include "link.h"

#define WATCH_MS 100
/* A controller may reset and train a link by itself: do not come between. */
#define STRAY_OFF_MS 20

/**
 * nvlink_link_command() - write a command to a link
 * @link: the link, locked
 * @command: NVLINK_COMMAND_*
 */
void nvlink_link_command(struct nvlink_link *link, u32 command)
{
	nvlink_write(link->nv, NVLINK_REG_LINK_CONTROL(link->index), command);
}

static bool was_healthy(struct nvlink_link *link)
{
	return time_after(jiffies, link->up_since +
				   msecs_to_jiffies(NVLINK_LINK_HEALTHY_MS));
}

static void entered(struct nvlink_link *link, u32 old, u32 state)
{
	unsigned int limit = nvlink_state_limit_ms(state);

	link->since = jiffies;
	link->retry_at = 0;
	WRITE_ONCE(link->alone, false);
	if (old == NVLINK_STATE_OFF)
		link->ours = false;
	if (!nvlink_state_training(old) || !nvlink_state_training(state))
		link->deadline = jiffies + msecs_to_jiffies(limit);
	if (state == NVLINK_STATE_HS && !nvlink_state_up(old))
		link->up_since = jiffies;
	if (nvlink_state_up(old) && was_healthy(link))
		link->tries = 0;
	if (state == NVLINK_STATE_HS)
		link->given_up = false;
}

/**
 * nvlink_link_look() - read the state of a link and remember it
 * @link: the link, locked
 *
 * Return: the state, or all ones where the controller is lost.
 */
u32 nvlink_link_look(struct nvlink_link *link)
{
	struct nvlink *nv = link->nv;
	u32 state = nvlink_read(nv, NVLINK_REG_LINK_STATE(link->index));
	u32 old = link->state;

	if (state == U32_MAX) {
		nvlink_report_dead(nv);
		return state;
	}
	if (state == old)
		return state;

	WRITE_ONCE(link->error, nvlink_read(nv, NVLINK_REG_LINK_ERROR(link->index)));
	WRITE_ONCE(link->speed, nvlink_read(nv, NVLINK_REG_LINK_SPEED(link->index)));
	WRITE_ONCE(link->state, state);
	entered(link, old, state);
	nvlink_link_tell(link);
	return state;
}

static unsigned int reset(struct nvlink_link *link)
{
	if (!link->asked)
		link->tries++;
	link->ours = true;
	link->retry_at = 0;
	link->resets++;
	nvlink_link_command(link, NVLINK_COMMAND_RESET);
	nvlink_link_look(link);
	/* Who asked may not take the state of before for the outcome. */
	smp_store_release(&link->asked, false);
	return WATCH_MS;
}

static unsigned int back_off(struct nvlink_link *link)
{
	if (!link->retry_at)
		link->retry_at = (jiffies + msecs_to_jiffies(nvlink_back_off_ms(link->tries))) | 1;
	if (time_before(jiffies, link->retry_at))
		return jiffies_to_msecs(link->retry_at - jiffies) + 1;
	return reset(link);
}

static unsigned int train(struct nvlink_link *link)
{
	if (!link->ours) {
		link->ours = true;
		return STRAY_OFF_MS;
	}
	nvlink_link_command(link, NVLINK_COMMAND_TRAIN);
	return WATCH_MS;
}

static void give_up(struct nvlink_link *link)
{
	if (!link->given_up)
		dev_err(link->nv->dev, "link %u: given up after %u resets, state %s, error %s\n",
			link->index, link->tries, nvlink_state_name(link->state),
			nvlink_error_name(link->error));
	link->given_up = true;
}

/* Return: milliseconds after which to look again, 0: at the next event. */
static unsigned int act(struct nvlink_link *link, enum nvlink_action action)
{
	switch (action) {
	case NVLINK_ACTION_TRAIN:
		return train(link);
	case NVLINK_ACTION_OFF:
		nvlink_link_command(link, NVLINK_COMMAND_OFF);
		return 0;
	case NVLINK_ACTION_SLEEP:
		nvlink_link_command(link, NVLINK_COMMAND_SLEEP);
		return 0;
	case NVLINK_ACTION_WAKE:
		nvlink_link_command(link, NVLINK_COMMAND_WAKE);
		return 0;
	case NVLINK_ACTION_RESET:
		return reset(link);
	case NVLINK_ACTION_BACK_OFF:
		return back_off(link);
	case NVLINK_ACTION_WATCH:
		return WATCH_MS;
	case NVLINK_ACTION_GIVE_UP:
		give_up(link);
		return 0;
	case NVLINK_ACTION_HUNG:
		nvlink_schedule_reset(link->nv, "a link hangs in its reset");
		return 0;
	default:
		return 0;
	}
}

/* A partner that is late is no news; one that stays away is. */
static unsigned int wait_for_partner(struct nvlink_link *link)
{
	unsigned long end = link->since + msecs_to_jiffies(NVLINK_LINK_ALONE_MS);

	if (link->alone)
		return 0;
	if (time_before(jiffies, end))
		return jiffies_to_msecs(end - jiffies) + 1;
	WRITE_ONCE(link->alone, true);
	nvlink_link_tell(link);
	return 0;
}

static void link_work(struct work_struct *work)
{
	struct nvlink_link *link = container_of(work, struct nvlink_link,
						work.work);
	struct nvlink_link_view view;
	unsigned int again = 0;

	mutex_lock(&link->lock);
	if (!nvlink_alive(link->nv)) {
		view.state = nvlink_link_look(link);
		view.goal = link->goal;
		view.tries = link->tries;
		view.asked = link->asked;
		view.overdue = time_after(jiffies, link->deadline);
		if (view.state != U32_MAX)
			again = act(link, nvlink_link_action(&view));
		if (link->state == NVLINK_STATE_DETECT && !again)
			again = wait_for_partner(link);
	}
	mutex_unlock(&link->lock);

	wake_up_all(&link->changed);
	if (again)
		queue_delayed_work(link->nv->wq, &link->work,
				   msecs_to_jiffies(again));
}

/**
 * nvlink_link_event() - let a link be looked at
 * @link: the link; from any context
 */
void nvlink_link_event(struct nvlink_link *link)
{
	mod_delayed_work(link->nv->wq, &link->work, 0);
}

/**
 * nvlink_link_refresh() - bring what is remembered of a link up to date
 * @link: the link
 *
 * Where the controller is not alive, what is remembered stays.
 */
void nvlink_link_refresh(struct nvlink_link *link)
{
	struct nvlink *nv = link->nv;
	int index = nvlink_enter(nv);

	if (index < 0)
		return;
	mutex_lock(&link->lock);
	if (nvlink_link_look(link) != U32_MAX) {
		WRITE_ONCE(link->error,
			   nvlink_read(nv, NVLINK_REG_LINK_ERROR(link->index)));
		WRITE_ONCE(link->speed,
			   nvlink_read(nv, NVLINK_REG_LINK_SPEED(link->index)));
	}
	mutex_unlock(&link->lock);
	nvlink_exit(nv, index);
}

/**
 * nvlink_links_init() - prepare the links of a controller
 * @nv: controller whose facts are known
 */
void nvlink_links_init(struct nvlink *nv)
{
	unsigned int n;

	for (n = 0; n < nv->facts.links; n++) {
		struct nvlink_link *link = &nv->link[n];

		link->nv = nv;
		link->index = n;
		link->goal = nv->facts.link[n].peer == NVLINK_PEER_NONE ?
			     NVLINK_GOAL_OFF : NVLINK_GOAL_UP;
		mutex_init(&link->lock);
		INIT_DELAYED_WORK(&link->work, link_work);
		init_waitqueue_head(&link->changed);
		ratelimit_state_init(&link->report, HZ, 2);
	}
}

/**
 * nvlink_links_start() - bring the links up, in the background
 * @nv: controller that has become alive
 */
void nvlink_links_start(struct nvlink *nv)
{
	unsigned int n;

	nv->links_told = false;
	for (n = 0; n < nv->facts.links; n++) {
		struct nvlink_link *link = &nv->link[n];

		mutex_lock(&link->lock);
		link->ours = true;
		link->given_up = false;
		link->tries = 0;
		if (link->limit)
			nvlink_write(nv, NVLINK_REG_LINK_LIMIT(n), link->limit);
		mutex_unlock(&link->lock);
		nvlink_link_event(link);
	}
}

/**
 * nvlink_links_stop() - stop driving the links
 * @nv: controller that is not alive any more
 */
void nvlink_links_stop(struct nvlink *nv)
{
	unsigned int n;

	for (n = 0; n < nv->facts.links; n++) {
		struct nvlink_link *link = &nv->link[n];

		cancel_delayed_work_sync(&link->work);
		mutex_lock(&link->lock);
		link->asked = false;
		link->retry_at = 0;
		WRITE_ONCE(link->speed, 0);
		if (link->state != NVLINK_STATE_OFF) {
			WRITE_ONCE(link->state, NVLINK_STATE_OFF);
			nvlink_link_tell(link);
		}
		mutex_unlock(&link->lock);
		wake_up_all(&link->changed);
	}
}
