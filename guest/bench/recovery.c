// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdio.h>

#include "link.h"
#include "model.h"
#include "samples.h"
#include "transfer.h"

/** NVLINK_STATE_HS of the contract. */
#define HIGH_SPEED 1

/**
 * The controller's firmware resets a link without asking: until the driver's event says that data flows again. It tells
 * of OFF or DETECT in between, or of none of it where that was too short to be seen.
 */
static bool reset_by_firmware(int device, unsigned int controller, unsigned int link)
{
	struct nvlink_event event;

	if (!model_do(controller, "link %u reset", link))
		return false;
	while (next_event(device, NVLINK_EVENT_LINK, &event, 10000))
		if (event.index == link && event.value == HIGH_SPEED)
			return true;
	errno = 0;
	return link_is(controller, link, "HS", 0);
}

bool measure_recovery(int device, unsigned int controller, unsigned int link, bool firmware, unsigned int count)
{
	static struct samples all;
	struct nvlink_event old;
	double begin;
	bool good = true;

	all.count = 0;
	for (unsigned int i = 0; i < count && good; i++) {
		while (next_event(device, NVLINK_EVENT_LINK, &old, 100))
			;
		errno = 0;
		begin = now_ns();
		good = firmware ? reset_by_firmware(device, controller, link) : reset_link(device, link);
		samples_add(&all, (now_ns() - begin) / 1e6);
	}
	if (!good)
		return false;
	samples_sort(&all);
	printf("nvlink-bench: {\"measure\":\"recovery\",\"asked_by\":\"%s\",\"count\":%u,\"min_ms\":%.3f,\"mean_ms\":%.3f,"
	       "\"max_ms\":%.3f}\n",
	       firmware ? "firmware" : "kernel", count, samples_percentile(&all, 0), samples_mean(&all),
	       samples_percentile(&all, 100));
	return true;
}
