// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space and the log hear of links.
 */
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/ratelimit.h>
#include <uapi/linux/nvlink.h>

#include "event.h"
#include "link.h"

static void tell_links_up(struct nvlink *nv)
{
	unsigned int n;

	for (n = 0; n < nv->facts.links; n++)
		if (nv->facts.link[n].peer == NVLINK_PEER_GPU &&
		    !nvlink_link_up(nv, n))
			return;
	if (!xchg(&nv->links_told, true))
		nvlink_tell(nv, "links_up");
}

/* NULL while the device is not added yet. */
static struct device *device_of(struct nvlink_link *link)
{
	/* Pairs with nvlink_devices_add(). */
	return smp_load_acquire(&link->dev);
}

static void send(struct nvlink_link *link, const char *state)
{
	char number[24], name[32], error[40];
	char *envp[4] = { number, name, error };
	struct device *dev = device_of(link);

	if (!dev)
		return;
	snprintf(number, sizeof(number), "NVLINK_LINK=%u", link->index);
	snprintf(name, sizeof(name), "NVLINK_STATE=%s", state);
	snprintf(error, sizeof(error), "NVLINK_ERROR=%s",
		 nvlink_error_name(link->error));
	kobject_uevent_env(&dev->kobj, KOBJ_CHANGE, envp);
}

/**
 * nvlink_link_tell() - tell that a link has changed its state
 * @link: the link, locked
 *
 * Only states in which a link may stay are worth an event.
 */
void nvlink_link_tell(struct nvlink_link *link)
{
	const char *state = nvlink_state_name(link->state);

	if (nvlink_state_training(link->state) ||
	    link->state == NVLINK_STATE_RESET ||
	    (link->state == NVLINK_STATE_DETECT && !link->alone))
		return;
	if (link->state == NVLINK_STATE_FAULT ||
	    link->state == NVLINK_STATE_FAIL)
		dev_warn_ratelimited(link->nv->dev, "link %u: %s, error %s\n",
				     link->index, state,
				     nvlink_error_name(link->error));
	else if (!nvlink_state_known(link->state))
		dev_err_ratelimited(link->nv->dev, "link %u: state %#x is impossible\n",
				    link->index, link->state);
	else
		dev_dbg(link->nv->dev, "link %u: %s, %u MB/s\n", link->index,
			state, link->speed);

	send(link, state);
	nvlink_event(link->nv, NVLINK_EVENT_LINK, link->index, link->state);
	if (nvlink_state_up(link->state))
		tell_links_up(link->nv);
}

/**
 * nvlink_link_tell_errors() - tell that a link counts many errors
 * @link: the link
 */
void nvlink_link_tell_errors(struct nvlink_link *link)
{
	char number[24], event[] = "NVLINK_EVENT=errors";
	char *envp[3] = { number, event };
	struct device *dev = device_of(link);

	if (!__ratelimit(&link->report))
		return;
	dev_warn(link->nv->dev, "link %u: error counters reached their threshold\n",
		 link->index);
	snprintf(number, sizeof(number), "NVLINK_LINK=%u", link->index);
	if (dev)
		kobject_uevent_env(&dev->kobj, KOBJ_CHANGE, envp);
}
