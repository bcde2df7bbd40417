// SPDX-License-Identifier: Apache-2.0
/*
 * Random calls of the device by two processes: numbers that mean something mixed with numbers that mean nothing. It
 * does not look at results, but at what is left of the driver afterwards.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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

#define POOL 32
#define ARGUMENT_WORDS 48
#define SEED 20261125

static struct {
	unsigned int calls;
	bool faults;
} plan;

/** What one process plays with. */
struct player {
	struct random dice;
	int device;
	int files[POOL];
	uint32_t handles[POOL];
	unsigned int done, succeeded;
};

static const unsigned long calls[] = {
	NVLINK_IOC_INFO,   NVLINK_IOC_GPU_INFO, NVLINK_IOC_ALLOC, NVLINK_IOC_ALLOC, NVLINK_IOC_FREE, NVLINK_IOC_QUERY,
	NVLINK_IOC_EXPORT, NVLINK_IOC_IMPORT,	NVLINK_IOC_COPY,  NVLINK_IOC_COPY,  NVLINK_IOC_COPY, NVLINK_IOC_FILL,
	NVLINK_IOC_WAIT,   NVLINK_IOC_CALL,	NVLINK_IOC_PEER,  NVLINK_IOC_RING,  NVLINK_IOC_SYNC,
};

static uint64_t roll(struct player *player, uint64_t below)
{
	return random_below(&player->dice, below);
}

/** A number of the kinds that code stumbles over, or of those that it wants. */
static uint32_t number(struct player *player)
{
	switch (roll(player, 10)) {
	case 0:
		return (uint32_t)random_next(&player->dice);
	case 1:
		return 1u << roll(player, 32);
	case 2:
		return ~0u - (uint32_t)roll(player, 4);
	case 3:
		return player->handles[roll(player, POOL)];
	case 4:
		return (uint32_t)player->files[roll(player, POOL)];
	case 5:
		return (uint32_t)roll(player, 65536);
	default:
		return (uint32_t)roll(player, 8) / 4;
	}
}

static uint32_t handle(struct player *player)
{
	return roll(player, 20) ? player->handles[roll(player, POOL)] : number(player);
}

/** Make calls succeed now and then: handles where handles belong, and no reserved field set. */
static void make_plausible(struct player *player, unsigned long call, void *argument)
{
	struct nvlink_ioc_copy *copy = argument;
	struct nvlink_ioc_fill *fill = argument;
	struct nvlink_ioc_alloc *alloc = argument;
	struct nvlink_ioc_wait *wait = argument;
	struct nvlink_ioc_export *export = argument;
	struct nvlink_ioc_import *import = argument;

	switch (call) {
	case NVLINK_IOC_ALLOC:
		*alloc = (struct nvlink_ioc_alloc){ .size = 1 + roll(player, 65536),
						    .where = (uint32_t)roll(player, 4) - 1 };
		break;
	case NVLINK_IOC_COPY:
		*copy = (struct nvlink_ioc_copy){ .source = handle(player),
						  .destination = handle(player),
						  .source_offset = roll(player, 4096),
						  .destination_offset = roll(player, 4096),
						  .length = 1 + roll(player, 65536) };
		copy->submit.flags = (uint32_t)roll(player, 16) & ~NVLINK_SUBMIT_IN_FENCE;
		copy->submit.link = roll(player, 4) ? NVLINK_ANY_LINK : (uint32_t)roll(player, 5);
		break;
	case NVLINK_IOC_FILL:
		*fill = (struct nvlink_ioc_fill){ .handle = handle(player),
						  .length = 1 + roll(player, 65536),
						  .pattern = random_next(&player->dice) };
		fill->submit.flags = (uint32_t)roll(player, 8) & ~NVLINK_SUBMIT_IN_FENCE;
		fill->submit.link = NVLINK_ANY_LINK;
		break;
	case NVLINK_IOC_WAIT:
		*wait = (struct nvlink_ioc_wait){ .kind = (uint32_t)roll(player, 5), .id = number(player) };
		break;
	case NVLINK_IOC_EXPORT:
		*export = (struct nvlink_ioc_export){ .handle = handle(player), .flags = O_RDWR | O_CLOEXEC };
		break;
	case NVLINK_IOC_IMPORT:
		*import = (struct nvlink_ioc_import){ .fd = player->files[roll(player, POOL)] };
		break;
	}
}

static void keep_file(struct player *player, int file)
{
	unsigned int slot = (unsigned int)roll(player, POOL);

	/* Only what was made here is closed. */
	if (file <= player->device)
		return;
	if (player->files[slot] > player->device)
		close(player->files[slot]);
	for (unsigned int i = 0; i < POOL; i++)
		if (player->files[i] == player->files[slot] && i != slot)
			player->files[i] = -1;
	player->files[slot] = file;
}

static void keep_handle(struct player *player, uint32_t handle)
{
	unsigned int slot = (unsigned int)roll(player, POOL);
	struct nvlink_ioc_free old = { .handle = player->handles[slot] };

	if (old.handle)
		ioctl(player->device, NVLINK_IOC_FREE, &old);
	player->handles[slot] = handle;
}

static void keep(struct player *player, unsigned long call, const void *argument)
{
	switch (call) {
	case NVLINK_IOC_ALLOC:
		keep_handle(player, ((const struct nvlink_ioc_alloc *)argument)->handle);
		break;
	case NVLINK_IOC_IMPORT:
		keep_handle(player, ((const struct nvlink_ioc_import *)argument)->handle);
		break;
	case NVLINK_IOC_EXPORT:
		keep_file(player, ((const struct nvlink_ioc_export *)argument)->fd);
		break;
	case NVLINK_IOC_COPY:
		keep_file(player, ((const struct nvlink_ioc_copy *)argument)->submit.out_fence);
		break;
	case NVLINK_IOC_FILL:
		keep_file(player, ((const struct nvlink_ioc_fill *)argument)->submit.out_fence);
		break;
	}
}

/** Other ways into the driver than its calls. */
static void something_else(struct player *player)
{
	struct nvlink_ioc_query query = { .handle = handle(player) };
	struct nvlink_event events[3];
	struct pollfd file = { .fd = player->device, .events = POLLIN };
	void *memory;

	switch (roll(player, 3)) {
	case 0:
		if (poll(&file, 1, 0) == 1 && file.revents & POLLIN)
			(void)!read(player->device, events, roll(player, sizeof(events)));
		break;
	case 1:
		if (ioctl(player->device, NVLINK_IOC_QUERY, &query) == 0 && query.mmap_offset) {
			memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, player->device,
				      (off_t)query.mmap_offset);
			if (memory != MAP_FAILED) {
				*(volatile uint32_t *)memory = number(player);
				munmap(memory, 4096);
			}
		}
		break;
	default:
		memory = mmap(NULL, (1 + roll(player, 16)) * 4096, PROT_READ, MAP_SHARED, player->device,
			      (off_t)(random_next(&player->dice) >> 20 & ~4095ull));
		if (memory != MAP_FAILED)
			munmap(memory, 4096);
	}
}

static void one_call(struct player *player)
{
	static uint32_t argument[ARGUMENT_WORDS];
	unsigned long call = calls[roll(player, sizeof(calls) / sizeof(calls[0]))];
	struct nvlink_ioc_wait *wait = (void *)argument;

	for (unsigned int i = 0; i < ARGUMENT_WORDS; i++)
		argument[i] = number(player);
	if (roll(player, 4))
		make_plausible(player, call, argument);
	if (roll(player, 8) == 0)
		argument[roll(player, _IOC_SIZE(call) / 4)] = number(player);
	/* It has to come back. */
	if (call == NVLINK_IOC_WAIT)
		wait->timeout_ns = roll(player, 2000000);
	if (call == NVLINK_IOC_FREE)
		for (unsigned int i = 0; i < POOL; i++)
			if (player->handles[i] == argument[0])
				player->handles[i] = 0;
	if (roll(player, 200) == 0)
		call = _IOC((unsigned int)roll(player, 4), NVLINK_IOC_TYPE, (unsigned int)roll(player, 32),
			    (unsigned int)roll(player, 512));
	player->done++;
	if (ioctl(player->device, call, argument) == 0) {
		player->succeeded++;
		keep(player, call, argument);
	}
}

static void one_fault(struct player *player)
{
	static const char *const commands[] = {
		"link 0 down", "link 0 up",	 "link 1 reset", "link 2 errors crc_flit 50",
		"dma stuck 1", "doorbell 0 1", "fatal",	 "dma hang",
	};
	char answer[MODEL_ANSWER];

	model_ask(0, answer, "%s", commands[roll(player, sizeof(commands) / sizeof(commands[0]))]);
	model_ask(0, answer, "link 0 up");
}

static bool play(uint64_t seed)
{
	struct player player = { .dice = { .state = seed }, .device = device_open(0) };

	if (player.device < 0)
		return false;
	for (unsigned int i = 0; i < POOL; i++)
		player.files[i] = -1;
	while (player.done < plan.calls) {
		one_call(&player);
		if (roll(&player, 50) == 0)
			something_else(&player);
		if (plan.faults && roll(&player, 5000) == 0)
			one_fault(&player);
	}
	printf("# %u calls, %u of them did something\n", player.done, player.succeeded);
	return true;
}

static uint64_t seeds[2];

static bool play_first(int socket)
{
	(void)socket;
	return play(seeds[0]);
}

static bool play_second(int socket)
{
	(void)socket;
	return play(seeds[1]);
}

static int run(void)
{
	char addresses[4][16];
	struct random dice;
	struct flow flow;
	pid_t first, second;
	int sockets[2], places;
	long long end;

	if (!controllers_find(addresses, 4))
		return ktap_skip_all("no controller");
	ktap_plan(5);
	if (!ktap_check(flow_open(&flow, 0) && flow_works(&flow), "data flows"))
		return 1;
	places = places_taken(0);
	dice = random_seeded(SEED);
	seeds[0] = random_next(&dice);
	seeds[1] = random_next(&dice);
	provoke(true);
	first = process_start(play_first, &sockets[0]);
	second = process_start(play_second, &sockets[1]);
	ktap_check(first > 0 && process_succeeded(first), "the first process came to its end");
	ktap_check(second > 0 && process_succeeded(second), "the second process came to its end");
	for (end = now_ms() + 20000; now_ms() < end && places_taken(0) > places;)
		sleep_ms(50);
	model_do(0, "link 0 up");
	links_wait(0, 30000);
	/* A reset takes the contents of GPU memory away, and what the flow has with it. */
	if (plan.faults)
		flow_renew(&flow);
	ktap_check(places_taken(0) == places, "nothing is left over");
	ktap_check(flow_works(&flow), "data flows");
	provoke(false);
	flow_close(&flow);
	return ktap_finish();
}

int test_calls_at_random(void)
{
	plan.calls = 4000;
	return run();
}

int test_fuzz(void)
{
	plan.calls = 150000;
	plan.faults = true;
	return run();
}
