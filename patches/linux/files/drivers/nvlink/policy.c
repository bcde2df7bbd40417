// SPDX-License-Identifier: GPL-2.0-only
/*
 * What to do with a link in which state: pure functions.
 */
#include <kunit/visibility.h>
#include <linux/array_size.h>
#include <linux/minmax.h>

#include "link.h"

static const char *const state_names[] = NVLINK_STATE_NAMES;
static const char *const error_names[] = NVLINK_ERROR_NAMES;

/**
 * nvlink_state_known() - whether the contract knows a link state
 * @state: value of a register STATE
 *
 * Return: true where it does.
 */
bool nvlink_state_known(u32 state)
{
	return state < ARRAY_SIZE(state_names) && state_names[state];
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_state_known);

/**
 * nvlink_state_name() - name of a link state
 * @state: value of a register STATE
 *
 * Return: its name, or "UNKNOWN".
 */
const char *nvlink_state_name(u32 state)
{
	return nvlink_state_known(state) ? state_names[state] : "UNKNOWN";
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_state_name);

/**
 * nvlink_error_name() - name of an error code
 * @error: value of a register ERROR
 *
 * Return: its name, or "UNKNOWN".
 */
const char *nvlink_error_name(u32 error)
{
	if (error < ARRAY_SIZE(error_names) && error_names[error])
		return error_names[error];
	return "UNKNOWN";
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_error_name);

/**
 * nvlink_goal_name() - word for what is wanted of a link
 * @goal: what is wanted
 *
 * Return: the word.
 */
const char *nvlink_goal_name(enum nvlink_goal goal)
{
	static const char *const names[] = {
		[NVLINK_GOAL_OFF] = "off",
		[NVLINK_GOAL_UP] = "up",
		[NVLINK_GOAL_SLEEP] = "sleep",
	};

	return names[goal];
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_goal_name);

/**
 * nvlink_state_training() - whether a link is on its way up
 * @state: NVLINK_STATE_*
 *
 * Return: true from INITPHASE1 to INITTL.
 */
bool nvlink_state_training(u32 state)
{
	switch (state) {
	case NVLINK_STATE_INITPHASE1:
	case NVLINK_STATE_INITNEGOTIATE:
	case NVLINK_STATE_SAFE:
	case NVLINK_STATE_INITOPTIMIZE:
	case NVLINK_STATE_INITTL:
		return true;
	default:
		return false;
	}
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_state_training);

/**
 * nvlink_state_up() - whether a link is trained
 * @state: NVLINK_STATE_*
 *
 * Return: true for a link that carries data, or does once it is woken.
 */
bool nvlink_state_up(u32 state)
{
	return state == NVLINK_STATE_HS || state == NVLINK_STATE_SLEEP;
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_state_up);

/**
 * nvlink_state_limit_ms() - how long a link may stay in a state
 * @state: NVLINK_STATE_*
 *
 * A whole training is given one limit, counted from its first state.
 *
 * Return: milliseconds, 0 for a state in which a link may stay for ever.
 */
unsigned int nvlink_state_limit_ms(u32 state)
{
	if (nvlink_state_training(state) || state == NVLINK_STATE_RECOVERY)
		return NVLINK_TIME_HS_MS;
	return state == NVLINK_STATE_RESET ? NVLINK_TIME_RESET_MS : 0;
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_state_limit_ms);

/**
 * nvlink_back_off_ms() - how long to wait before a link is reset again
 * @tries: resets since it was healthy
 *
 * Return: milliseconds: 10, 40, 160, ...
 */
unsigned int nvlink_back_off_ms(unsigned int tries)
{
	return 10U << (2 * min(tries, NVLINK_LINK_TRIES));
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_back_off_ms);

static enum nvlink_action mend(const struct nvlink_link_view *view)
{
	if (view->goal == NVLINK_GOAL_OFF)
		return NVLINK_ACTION_OFF;
	return view->tries < NVLINK_LINK_TRIES ? NVLINK_ACTION_BACK_OFF :
						 NVLINK_ACTION_GIVE_UP;
}

static enum nvlink_action towards_goal(const struct nvlink_link_view *view)
{
	bool asleep = view->state == NVLINK_STATE_SLEEP;

	switch (view->goal) {
	case NVLINK_GOAL_UP:
		return asleep ? NVLINK_ACTION_WAKE : NVLINK_ACTION_NONE;
	case NVLINK_GOAL_SLEEP:
		return asleep ? NVLINK_ACTION_NONE : NVLINK_ACTION_SLEEP;
	default:
		return NVLINK_ACTION_OFF;
	}
}

/**
 * nvlink_link_action() - decide what to do with a link
 * @view: all that the decision depends on
 *
 * Return: what to do.
 */
enum nvlink_action nvlink_link_action(const struct nvlink_link_view *view)
{
	if (view->state == NVLINK_STATE_RESET)
		return view->overdue ? NVLINK_ACTION_HUNG : NVLINK_ACTION_WATCH;
	if (view->asked)
		return NVLINK_ACTION_RESET;

	switch (view->state) {
	case NVLINK_STATE_OFF:
		return view->goal == NVLINK_GOAL_OFF ? NVLINK_ACTION_NONE :
						       NVLINK_ACTION_TRAIN;
	case NVLINK_STATE_HS:
	case NVLINK_STATE_SLEEP:
		return towards_goal(view);
	case NVLINK_STATE_DETECT:
		return view->goal == NVLINK_GOAL_OFF ? NVLINK_ACTION_OFF :
						       NVLINK_ACTION_NONE;
	case NVLINK_STATE_FAULT:
	case NVLINK_STATE_FAIL:
		return mend(view);
	default:
		/* On its way by itself, or in a state that there is not. */
		if (view->overdue || !nvlink_state_known(view->state))
			return mend(view);
		return NVLINK_ACTION_WATCH;
	}
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_link_action);

/**
 * nvlink_reset_delay_ms() - how long to wait before a controller is reset
 * @tries: resets in a row, with no time of health in between
 *
 * Return: milliseconds.
 */
unsigned int nvlink_reset_delay_ms(unsigned int tries)
{
	static const unsigned int delay[] = { 0, 50, 200, 1000, 4000 };

	return delay[min(tries, ARRAY_SIZE(delay) - 1)];
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_reset_delay_ms);
