// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "link.h"
#include "model.h"
#include "samples.h"
#include "transfer.h"

/**
 * The controller's firmware resets a link without asking. It trained again when the number of trainings has grown and
 * data flows.
 */
static bool reset_by_firmware(unsigned int controller, unsigned int link, double *begin)
{
	long long attempts = link_number(controller, link, "attempts");
	double end = now_ns() + 10e9;

	*begin = now_ns();
	if (!model_do(controller, "link %u reset", link))
		return false;
	while (link_number(controller, link, "attempts") == attempts)
		if (now_ns() > end)
			return false;
	while (!link_is_up(controller, link))
		if (now_ns() > end)
			return false;
	return true;
}

bool measure_recovery(int device, unsigned int controller, unsigned int link, bool firmware, unsigned int count)
{
	static struct samples all;
	double begin;
	bool good = true;

	all.count = 0;
	for (unsigned int i = 0; i < count && good; i++) {
		begin = now_ns();
		good = firmware ? reset_by_firmware(controller, link, &begin) : reset_link(device, link);
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
