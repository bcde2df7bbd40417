// SPDX-License-Identifier: Apache-2.0
/*
 * Processes that are killed while the engine works for them: what they had is given back, but not before the engine is
 * done with it. The pages that come back are taken by the next process at once, which would see it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "flow.h"
#include "link.h"
#include "model.h"
#include "pattern.h"
#include "place.h"
#include "share.h"
#include "system-file.h"
#include "tests.h"

#define SIZE (2u << 20)
#define ROUNDS 5
#define CANARY (8u << 20)

/** Asks for more than can be done before it dies: from the GPU into its own pages, slowly. */
static bool victim(int socket)
{
	int device = device_open(0);
	struct nvlink_submit submit;
	struct buffer here[4], there;

	if (!buffer_allocate(&there, device, 0, SIZE) || !fill(&there, 0, SIZE, ~0ull))
		return false;
	for (unsigned int i = 0; i < 4; i++)
		if (!buffer_allocate(&here[i], device, NVLINK_WHERE_SYSTEM, SIZE))
			return false;
	for (unsigned int i = 0; i < 16; i++) {
		submit = (struct nvlink_submit){ .flags = i % 2 ? NVLINK_SUBMIT_OUT_FENCE : 0 };
		if (!copy_as(&here[i % 4], 0, &there, 0, SIZE, &submit))
			return false;
	}
	if (!tell(socket))
		return false;
	pause();
	return false;
}

static bool kill_in_the_middle(unsigned int milliseconds)
{
	int socket, status;
	pid_t process = process_start(victim, &socket);
	bool started;

	/* Nor is there anything to kill: -1 would be everybody. */
	if (process < 0)
		return false;
	started = await(socket);
	sleep_ms((int)milliseconds);
	kill(process, SIGKILL);
	waitpid(process, &status, 0);
	close(socket);
	return started && WIFSIGNALED(status);
}

static long long free_kilobytes(void)
{
	char text[4096], *line;

	if (!read_text("/proc/meminfo", text, sizeof(text)) || !(line = strstr(text, "MemFree:")))
		return -1;
	return strtoll(line + strlen("MemFree:"), NULL, 10);
}

/** Free pages that CPUs keep for themselves are not counted as free: let them keep few. */
static void let_cpus_keep(const char *fraction)
{
	write_text(fraction, "/proc/sys/vm/percpu_pagelist_high_fraction");
}

static uint64_t gpu_free(int device)
{
	struct nvlink_ioc_gpu_info info;

	return device_gpu(device, 0, &info) ? info.free : 0;
}

static bool settles(int device, int places, uint64_t memory)
{
	for (int tries = 0; tries < 500; tries++) {
		if (places_taken(0) == places && gpu_free(device) == memory)
			return true;
		sleep_ms(10);
	}
	printf("# buffers: %d, were %d\n", places_taken(0), places);
	return false;
}

int test_killed(void)
{
	char addresses[4][16];
	struct flow flow;
	uint8_t *canary;
	long long memory;
	uint64_t gpu;
	bool good = true;
	int places;

	if (!controllers_find(addresses, 4))
		return ktap_skip_all("no controller");
	ktap_plan(6);
	if (!ktap_check(flow_open(&flow, 0) && flow_works(&flow), "data flows"))
		return 1;
	let_cpus_keep("10000");
	places = places_taken(0);
	gpu = gpu_free(flow.device);
	/* The first one pays for what is kept for later: slabs, per-CPU lists. */
	kill_in_the_middle(0);
	settles(flow.device, places, gpu);
	sleep_ms(200);
	memory = free_kilobytes();
	model_do(0, "link 0 limit 50");
	model_do(0, "link 1 limit 50");
	for (unsigned int round = 0; round < ROUNDS && good; round++) {
		good = kill_in_the_middle(round * 9);
		canary = mmap(NULL, CANARY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		pattern_write(canary, CANARY, round);
		sleep_ms(40);
		if (good && !pattern_holds(canary, CANARY, round)) {
			printf("# the engine wrote to a page of another process in round %u\n", round);
			good = false;
		}
		munmap(canary, CANARY);
	}
	ktap_check(good, "pages of the dead go to others only when the engine is done with them");
	model_do(0, "link 0 limit 0");
	model_do(0, "link 1 limit 0");
	ktap_check(settles(flow.device, places, gpu), "no buffer and no GPU memory is left over");
	sleep_ms(200);
	printf("# free: %lld kB before, %lld kB after\n", memory, free_kilobytes());
	ktap_check(free_kilobytes() > memory - 4096, "no memory is left over");
	let_cpus_keep("0");
	ktap_check(channels_idle(0), "no job is left over");
	ktap_check(flow_works(&flow), "data flows");
	flow_close(&flow);
	return ktap_finish();
}
