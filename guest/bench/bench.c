// SPDX-License-Identifier: Apache-2.0
/*
 * nvlink-bench: latency of small transfers, bandwidth of large ones, and how long a link is away after a reset, beside
 * what the engine itself took. Prints lines "nvlink-bench: {json}" among its KTAP.
 */
#include <unistd.h>

#include "../programs/ktap.h"
#include "controller.h"
#include "device.h"
#include "link.h"
#include "pattern.h"
#include "tests.h"
#include "transfer.h"

#define LARGE (32u << 20)
#define SMALL 4096u
#define WORD 64u

static struct buffer here, there, other;

static const struct transfer transfers[] = {
	{ "zero-copy", "to-gpu", &there, &here, 0, NVLINK_PATH_DIRECT },
	{ "zero-copy", "from-gpu", &here, &there, 0, NVLINK_PATH_DIRECT },
	{ "staged", "to-gpu", &there, &here, NVLINK_SUBMIT_STAGED, NVLINK_PATH_STAGED },
	{ "staged", "from-gpu", &here, &there, NVLINK_SUBMIT_STAGED, NVLINK_PATH_STAGED },
	{ "peer", "gpu-to-gpu", &other, &there, 0, NVLINK_PATH_PEER },
};
#define TRANSFERS (sizeof(transfers) / sizeof(transfers[0]))

int nvlink_bench(void)
{
	char addresses[4][16], name[64];
	int device;

	if (!controllers_find(addresses, 4))
		return ktap_skip_all("no controller");
	links_wait(0, 20000);
	device = device_open(0);
	ktap_plan(1 + 2 * TRANSFERS + 2);
	if (!ktap_check(buffer_allocate(&here, device, NVLINK_WHERE_SYSTEM, LARGE) &&
				buffer_allocate(&there, device, 0, LARGE) && buffer_allocate(&other, device, 1, LARGE),
			"buffers"))
		return 1;
	pattern_write(here.memory, LARGE, 1);
	for (size_t i = 0; i < TRANSFERS; i++) {
		snprintf(name, sizeof(name), "latency, %s %s", transfers[i].path, transfers[i].direction);
		ktap_check(measure_latency(&transfers[i], WORD, 200) && measure_latency(&transfers[i], SMALL, 200), name);
	}
	for (size_t i = 0; i < TRANSFERS; i++) {
		snprintf(name, sizeof(name), "bandwidth, %s %s", transfers[i].path, transfers[i].direction);
		ktap_check(measure_bandwidth(&transfers[i], 1u << 20, 16) && measure_bandwidth(&transfers[i], LARGE, 8),
			   name);
	}
	ktap_check(measure_recovery(device, 0, 0, false, 20), "recovery, asked by the kernel");
	ktap_check(measure_recovery(device, 0, 0, true, 20), "recovery, asked by the firmware");
	close(device);
	return ktap_finish();
}
