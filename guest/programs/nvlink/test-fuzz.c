// SPDX-License-Identifier: Apache-2.0
/*
 * Random calls of the device by two processes. What they give is not looked at, but what is left of the driver
 * afterwards. The long one breaks links and the controller meanwhile.
 */
#include "../ktap.h"
#include "caller.h"
#include "controller.h"
#include "flow.h"
#include "link.h"
#include "model.h"
#include "pattern.h"
#include "place.h"
#include "share.h"
#include "system-file.h"
#include "tests.h"

#define SEED 20261125

static struct {
	unsigned int calls;
	bool faults;
} plan;

static void one_fault(struct random *dice)
{
	static const char *const commands[] = {
		"link 0 down", "link 0 up",	 "link 1 reset", "link 2 errors crc_flit 50",
		"dma stuck 1", "doorbell 0 1", "fatal",	 "dma hang",
	};
	char answer[MODEL_ANSWER];

	model_ask(0, answer, "%s", commands[random_below(dice, sizeof(commands) / sizeof(commands[0]))]);
	model_ask(0, answer, "link 0 up");
}

static bool play(uint64_t seed)
{
	struct caller caller;
	int device = device_open(0);

	if (device < 0)
		return false;
	caller_begin(&caller, seed, device);
	while (caller.done < plan.calls) {
		caller_call(&caller);
		if (random_below(&caller.dice, 50) == 0)
			caller_do_else(&caller);
		if (plan.faults && random_below(&caller.dice, 5000) == 0)
			one_fault(&caller.dice);
	}
	printf("# %u calls, %u of them did something\n", caller.done, caller.succeeded);
	return caller.succeeded > 0;
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
