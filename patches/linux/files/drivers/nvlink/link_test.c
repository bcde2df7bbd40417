// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what is decided about links.
 */
#include <kunit/test.h>

#include "link.h"
#include "nvlink_test.h"

static enum nvlink_action decide(u32 state, enum nvlink_goal goal)
{
	const struct nvlink_link_view view = { .state = state, .goal = goal };

	return nvlink_link_action(&view);
}

struct decision {
	u32 state;
	enum nvlink_action action[3];
};

/* All states of the contract, on time and untried; by nvlink_goal. */
static const struct decision decisions[] = {
	{ NVLINK_STATE_OFF,
	  { NVLINK_ACTION_NONE, NVLINK_ACTION_TRAIN, NVLINK_ACTION_TRAIN } },
	{ NVLINK_STATE_HS,
	  { NVLINK_ACTION_OFF, NVLINK_ACTION_NONE, NVLINK_ACTION_SLEEP } },
	{ NVLINK_STATE_SAFE,
	  { NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH } },
	{ NVLINK_STATE_FAULT,
	  { NVLINK_ACTION_OFF, NVLINK_ACTION_BACK_OFF, NVLINK_ACTION_BACK_OFF } },
	{ NVLINK_STATE_RECOVERY,
	  { NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH } },
	{ NVLINK_STATE_FAIL,
	  { NVLINK_ACTION_OFF, NVLINK_ACTION_BACK_OFF, NVLINK_ACTION_BACK_OFF } },
	{ NVLINK_STATE_DETECT,
	  { NVLINK_ACTION_OFF, NVLINK_ACTION_NONE, NVLINK_ACTION_NONE } },
	{ NVLINK_STATE_RESET,
	  { NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH } },
	{ NVLINK_STATE_INITPHASE1,
	  { NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH } },
	{ NVLINK_STATE_INITNEGOTIATE,
	  { NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH } },
	{ NVLINK_STATE_INITOPTIMIZE,
	  { NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH } },
	{ NVLINK_STATE_INITTL,
	  { NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH, NVLINK_ACTION_WATCH } },
	{ NVLINK_STATE_SLEEP,
	  { NVLINK_ACTION_OFF, NVLINK_ACTION_WAKE, NVLINK_ACTION_NONE } },
};

static void every_state_leads_to_the_goal(struct kunit *test)
{
	unsigned int i, goal, known = 0;
	u32 state;

	for (i = 0; i < ARRAY_SIZE(decisions); i++) {
		const struct decision *d = &decisions[i];

		for (goal = 0; goal < ARRAY_SIZE(d->action); goal++)
			KUNIT_EXPECT_EQ_MSG(test, decide(d->state, goal),
					    d->action[goal], "%s, goal %s",
					    nvlink_state_name(d->state),
					    nvlink_goal_name(goal));
	}
	for (state = 0; state < 2 * NVLINK_STATE_COUNT; state++)
		known += nvlink_state_known(state);
	KUNIT_EXPECT_EQ(test, known, ARRAY_SIZE(decisions));
}

static void a_link_is_reset_five_times_and_then_left(struct kunit *test)
{
	struct nvlink_link_view view = {
		.state = NVLINK_STATE_FAIL,
		.goal = NVLINK_GOAL_UP,
	};

	for (view.tries = 0; view.tries < NVLINK_LINK_TRIES; view.tries++)
		KUNIT_EXPECT_EQ(test, nvlink_link_action(&view), NVLINK_ACTION_BACK_OFF);
	KUNIT_EXPECT_EQ(test, nvlink_link_action(&view), NVLINK_ACTION_GIVE_UP);
	view.asked = true;
	KUNIT_EXPECT_EQ(test, nvlink_link_action(&view), NVLINK_ACTION_RESET);
}

static void a_state_that_lasts_too_long_is_ended(struct kunit *test)
{
	struct nvlink_link_view view = { .goal = NVLINK_GOAL_UP, .overdue = true };

	view.state = NVLINK_STATE_INITTL;
	KUNIT_EXPECT_EQ(test, nvlink_link_action(&view), NVLINK_ACTION_BACK_OFF);
	view.state = NVLINK_STATE_RECOVERY;
	KUNIT_EXPECT_EQ(test, nvlink_link_action(&view), NVLINK_ACTION_BACK_OFF);
	view.state = NVLINK_STATE_RESET;
	KUNIT_EXPECT_EQ(test, nvlink_link_action(&view), NVLINK_ACTION_HUNG);
	view.state = NVLINK_STATE_DETECT;
	KUNIT_EXPECT_EQ(test, nvlink_link_action(&view), NVLINK_ACTION_NONE);
	view.state = NVLINK_STATE_HS;
	KUNIT_EXPECT_EQ(test, nvlink_link_action(&view), NVLINK_ACTION_NONE);
}

static void a_link_in_reset_is_not_reset_again(struct kunit *test)
{
	const struct nvlink_link_view view = {
		.state = NVLINK_STATE_RESET,
		.goal = NVLINK_GOAL_UP,
		.asked = true,
	};

	KUNIT_EXPECT_EQ(test, nvlink_link_action(&view), NVLINK_ACTION_WATCH);
}

static void a_state_that_there_is_not_is_mended(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, nvlink_state_known(8));
	KUNIT_EXPECT_FALSE(test, nvlink_state_known(U32_MAX - 1));
	KUNIT_EXPECT_STREQ(test, nvlink_state_name(8), "UNKNOWN");
	KUNIT_EXPECT_EQ(test, decide(8, NVLINK_GOAL_UP), NVLINK_ACTION_BACK_OFF);
	KUNIT_EXPECT_EQ(test, decide(0x1000, NVLINK_GOAL_UP), NVLINK_ACTION_BACK_OFF);
}

static void names_are_those_of_the_field(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, nvlink_state_name(0xa), "SLEEP");
	KUNIT_EXPECT_STREQ(test, nvlink_state_name(0x1a), "INITTL");
	KUNIT_EXPECT_STREQ(test, nvlink_error_name(0), "NONE");
	KUNIT_EXPECT_STREQ(test, nvlink_error_name(33), "LOST");
	KUNIT_EXPECT_STREQ(test, nvlink_error_name(20), "UNKNOWN");
	KUNIT_EXPECT_STREQ(test, nvlink_error_name(U32_MAX), "UNKNOWN");
}

static void only_trained_links_are_up(struct kunit *test)
{
	u32 state;

	for (state = 0; state < 2 * NVLINK_STATE_COUNT; state++) {
		KUNIT_EXPECT_EQ(test, nvlink_state_up(state),
				state == NVLINK_STATE_HS || state == NVLINK_STATE_SLEEP);
		KUNIT_EXPECT_FALSE(test,
				   nvlink_state_up(state) && nvlink_state_training(state));
	}
}

static void limits_are_those_of_the_contract(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, nvlink_state_limit_ms(NVLINK_STATE_SAFE), NVLINK_TIME_HS_MS);
	KUNIT_EXPECT_EQ(test, nvlink_state_limit_ms(NVLINK_STATE_RESET), NVLINK_TIME_RESET_MS);
	KUNIT_EXPECT_EQ(test, nvlink_state_limit_ms(NVLINK_STATE_HS), 0);
	KUNIT_EXPECT_EQ(test, nvlink_state_limit_ms(NVLINK_STATE_DETECT), 0);
}

static void waiting_grows_up_to_a_bound(struct kunit *test)
{
	unsigned int tries;

	KUNIT_EXPECT_EQ(test, nvlink_back_off_ms(0), 10);
	KUNIT_EXPECT_EQ(test, nvlink_back_off_ms(2), 160);
	KUNIT_EXPECT_EQ(test, nvlink_back_off_ms(UINT_MAX), nvlink_back_off_ms(NVLINK_LINK_TRIES));
	KUNIT_EXPECT_EQ(test, nvlink_reset_delay_ms(0), 0);
	for (tries = 1; tries < 5; tries++)
		KUNIT_EXPECT_GT(test, nvlink_reset_delay_ms(tries),
				nvlink_reset_delay_ms(tries - 1));
	KUNIT_EXPECT_EQ(test, nvlink_reset_delay_ms(UINT_MAX), 4000);
}

static struct kunit_case link_cases[] = {
	KUNIT_CASE(every_state_leads_to_the_goal),
	KUNIT_CASE(a_link_is_reset_five_times_and_then_left),
	KUNIT_CASE(a_state_that_lasts_too_long_is_ended),
	KUNIT_CASE(a_link_in_reset_is_not_reset_again),
	KUNIT_CASE(a_state_that_there_is_not_is_mended),
	KUNIT_CASE(names_are_those_of_the_field),
	KUNIT_CASE(only_trained_links_are_up),
	KUNIT_CASE(limits_are_those_of_the_contract),
	KUNIT_CASE(waiting_grows_up_to_a_bound),
	{}
};

struct kunit_suite nvlink_link_suite = {
	.name = "nvlink-link",
	.test_cases = link_cases,
};
