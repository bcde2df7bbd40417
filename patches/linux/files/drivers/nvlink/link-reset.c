// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the data path and user space ask of links.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>

#include "link.h"

/**
 * nvlink_link_up() - whether a link is trained
 * @nv: controller
 * @link: number of the link
 *
 * As seen at the link's last event; reads no register. A link that sleeps is
 * up: nvlink_pm_get() wakes it.
 *
 * Return: true where it is.
 */
bool nvlink_link_up(struct nvlink *nv, unsigned int link)
{
	return link < nv->facts.links &&
	       nvlink_state_up(READ_ONCE(nv->link[link].state));
}

/**
 * nvlink_links_up_to_gpu() - the links to a GPU that are trained
 * @nv: controller
 * @gpu: number of the GPU
 *
 * Return: bits of the links.
 */
u32 nvlink_links_up_to_gpu(struct nvlink *nv, unsigned int gpu)
{
	u32 links = 0;
	unsigned int n;

	if (gpu >= nv->facts.gpus)
		return 0;
	for (n = 0; n < nv->facts.links; n++)
		if (nv->facts.gpu[gpu].links & BIT(n) && nvlink_link_up(nv, n))
			links |= BIT(n);
	return links;
}

/* Return: 1 while the outcome of a reset is open. */
static int outcome(struct nvlink_link *link)
{
	int err = nvlink_alive(link->nv);
	u32 state;

	if (err)
		return err;
	/* Pairs with who begins the reset. */
	if (smp_load_acquire(&link->asked))
		return 1;
	state = READ_ONCE(link->state);
	if (nvlink_state_up(state))
		return 0;
	if (state == NVLINK_STATE_FAIL || state == NVLINK_STATE_FAULT)
		return -EIO;
	return READ_ONCE(link->alone) ? -ENOLINK : 1;
}

static int wait_for_outcome(struct nvlink_link *link)
{
	long left;
	int err;

	left = wait_event_killable_timeout(link->changed,
					   (err = outcome(link)) <= 0,
					   msecs_to_jiffies(2 * NVLINK_TIME_HS_MS));
	if (left < 0)
		return left;
	return left ? err : -ETIMEDOUT;
}

static int ask_and_wait(struct nvlink_link *link)
{
	mutex_lock(&link->lock);
	link->asked = true;
	link->given_up = false;
	link->tries = 0;
	link->retry_at = 0;
	mutex_unlock(&link->lock);
	nvlink_link_event(link);
	return wait_for_outcome(link);
}

/**
 * nvlink_link_reset() - reset a link and wait until it is up again
 * @nv: controller
 * @link: number of the link
 *
 * May be called inside a section of nvlink_enter() and outside.
 *
 * Return: 0 once it is up; -EINVAL: no such link, or one to nowhere; -ENOLINK:
 * it has no partner; -EIO: training fails; -ETIMEDOUT; -ERESTARTSYS: killed;
 * or what nvlink_alive() tells.
 */
int nvlink_link_reset(struct nvlink *nv, unsigned int link)
{
	int index, err;

	if (link >= nv->facts.links ||
	    nv->facts.link[link].peer == NVLINK_PEER_NONE)
		return -EINVAL;
	index = nvlink_enter(nv);
	if (index < 0)
		return index;
	err = nvlink_pm_get(nv);
	if (!err) {
		err = ask_and_wait(&nv->link[link]);
		nvlink_pm_put(nv);
	}
	nvlink_exit(nv, index);
	return err;
}
