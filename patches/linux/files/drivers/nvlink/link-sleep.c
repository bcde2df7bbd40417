// SPDX-License-Identifier: GPL-2.0-only
/*
 * Putting links to sleep and waking them.
 */
#include <linux/iopoll.h>

#include "link.h"

static void wait_for(struct nvlink_link *link, u32 state)
{
	u32 value;

	read_poll_timeout(nvlink_read, value, value != link->state, 200,
			  NVLINK_TIME_SAFE_MS * 1000, false, link->nv,
			  NVLINK_REG_LINK_STATE(link->index));
	nvlink_link_look(link);
	if (link->state != state)
		nvlink_link_event(link);
}

static void set_goal(struct nvlink_link *link, enum nvlink_goal goal)
{
	if (link->goal != NVLINK_GOAL_OFF)
		WRITE_ONCE(link->goal, goal);
}

/**
 * nvlink_links_sleep() - put the links that are up to sleep
 * @nv: controller inside nvlink_enter()
 *
 * Links that come up later are put to sleep then.
 */
void nvlink_links_sleep(struct nvlink *nv)
{
	unsigned int n;

	for (n = 0; n < nv->facts.links; n++) {
		struct nvlink_link *link = &nv->link[n];

		mutex_lock(&link->lock);
		set_goal(link, NVLINK_GOAL_SLEEP);
		if (nvlink_link_look(link) == NVLINK_STATE_HS) {
			nvlink_link_command(link, NVLINK_COMMAND_SLEEP);
			wait_for(link, NVLINK_STATE_SLEEP);
		}
		mutex_unlock(&link->lock);
	}
}

/**
 * nvlink_links_wake() - wake the links that sleep
 * @nv: controller inside nvlink_enter()
 *
 * All are commanded before any is waited for. One that does not wake is mended
 * in the background.
 */
void nvlink_links_wake(struct nvlink *nv)
{
	unsigned int n;

	for (n = 0; n < nv->facts.links; n++) {
		struct nvlink_link *link = &nv->link[n];

		mutex_lock(&link->lock);
		set_goal(link, NVLINK_GOAL_UP);
		if (nvlink_link_look(link) == NVLINK_STATE_SLEEP)
			nvlink_link_command(link, NVLINK_COMMAND_WAKE);
		mutex_unlock(&link->lock);
	}
	for (n = 0; n < nv->facts.links; n++) {
		struct nvlink_link *link = &nv->link[n];

		mutex_lock(&link->lock);
		if (link->state == NVLINK_STATE_SLEEP)
			wait_for(link, NVLINK_STATE_HS);
		mutex_unlock(&link->lock);
	}
}

/**
 * nvlink_links_intend() - say what is wanted of links that cannot be reached
 * @nv: controller that is not alive
 * @goal: what is wanted once it is
 */
void nvlink_links_intend(struct nvlink *nv, enum nvlink_goal goal)
{
	unsigned int n;

	for (n = 0; n < nv->facts.links; n++) {
		mutex_lock(&nv->link[n].lock);
		set_goal(&nv->link[n], goal);
		mutex_unlock(&nv->link[n].lock);
	}
}
