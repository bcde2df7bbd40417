// SPDX-License-Identifier: Apache-2.0
#include "link.h"

#include "clock.h"
#include "model.h"

/** What each phase of training takes, and the ways out of RESET and SLEEP. */
#define PHASE_MS 2

void link_wait(struct link *link, uint32_t milliseconds)
{
	uint64_t delay = milliseconds * NS_PER_MS / 100 * link->model->options.time_percent;

	timer_set(&link->model->loop, &link->timer, delay);
}

void link_enter(struct link *link, uint32_t state)
{
	struct model *model = link->model;

	if (link->state == state)
		return;
	link->state = state;
	model->global.events_link |= 1u << link->index;
	device_occur(model, NVLINK_CAUSE_LINK);
	peer_tell_state(model, link);
}

static bool is_host(const struct link *link)
{
	return link->model->options.link[link->index].peer == NVLINK_PEER_HOST;
}

static bool partner_is_there(const struct link *link)
{
	if (link->partner_is_gone)
		return false;
	if (!is_host(link))
		return true;
	switch (link->partner_state) {
	case NVLINK_STATE_OFF:
	case NVLINK_STATE_FAULT:
	case NVLINK_STATE_FAIL:
	case NVLINK_STATE_RESET:
		return false;
	default:
		return true;
	}
}

/** Credits are exchanged with a partner that has come as far. */
static bool partner_gives_credits(const struct link *link)
{
	switch (link->partner_state) {
	case NVLINK_STATE_INITTL:
	case NVLINK_STATE_HS:
	case NVLINK_STATE_RECOVERY:
	case NVLINK_STATE_SLEEP:
		return true;
	default:
		return !is_host(link);
	}
}

static void give_up(struct link *link, uint32_t state, uint32_t error)
{
	timer_cancel(&link->model->loop, &link->timer);
	link->error = error;
	link_enter(link, state);
}

static void look_for_partner(struct link *link)
{
	link_enter(link, NVLINK_STATE_DETECT);
	if (partner_is_there(link))
		link_wait(link, PHASE_MS);
}

/** Waiting for a partner takes nothing of the time that training may take. */
static void partner_came(struct link *link)
{
	link->training_since = clock_now();
	look_for_partner(link);
}

static void begin_try(struct link *link)
{
	link->attempts++;
	link_enter(link, NVLINK_STATE_INITPHASE1);
	/* A try that fails does so when its time is over: receivers that do not lock give no sign. */
	link_wait(link, link->failures > 0 ? NVLINK_TIME_SAFE_MS : PHASE_MS);
}

static void fail_try(struct link *link)
{
	if (link->failures > 0 && link->failures != LINK_FAILS_ALWAYS)
		link->failures--;
	if (++link->tries > NVLINK_TRAINING_RETRIES)
		give_up(link, NVLINK_STATE_FAIL, NVLINK_ERROR_TRAINING);
	else
		look_for_partner(link);
}

static void exchange_credits(struct link *link)
{
	uint64_t longest = NVLINK_TIME_HS_MS * NS_PER_MS / 100 * link->model->options.time_percent;

	if (partner_gives_credits(link)) {
		link->tries = 0;
		link->error = NVLINK_ERROR_NONE;
		link_enter(link, NVLINK_STATE_HS);
	} else if (clock_now() - link->training_since > longest) {
		give_up(link, NVLINK_STATE_FAIL, NVLINK_ERROR_TRAINING);
	} else {
		link_wait(link, PHASE_MS);
	}
}

static void end_recovery(struct link *link)
{
	if (link->failures > 0) {
		if (link->failures != LINK_FAILS_ALWAYS)
			link->failures--;
		give_up(link, NVLINK_STATE_FAULT, NVLINK_ERROR_STORM);
	} else {
		link_enter(link, NVLINK_STATE_HS);
	}
}

static void end_reset(struct link *link)
{
	link_enter(link, NVLINK_STATE_OFF);
	if (link->trains_after_reset)
		link_command(link, NVLINK_COMMAND_TRAIN);
	link->trains_after_reset = false;
}

static void go_on(void *owner)
{
	struct link *link = owner;

	switch (link->state) {
	case NVLINK_STATE_DETECT:
		begin_try(link);
		break;
	case NVLINK_STATE_INITPHASE1:
		if (link->failures > 0) {
			fail_try(link);
			break;
		}
		link_enter(link, NVLINK_STATE_INITNEGOTIATE);
		link_wait(link, PHASE_MS);
		break;
	case NVLINK_STATE_INITNEGOTIATE:
		link_enter(link, NVLINK_STATE_SAFE);
		link_wait(link, PHASE_MS);
		break;
	case NVLINK_STATE_SAFE:
		link_enter(link, NVLINK_STATE_INITOPTIMIZE);
		link_wait(link, PHASE_MS);
		break;
	case NVLINK_STATE_INITOPTIMIZE:
		link_enter(link, NVLINK_STATE_INITTL);
		link_wait(link, PHASE_MS);
		break;
	case NVLINK_STATE_INITTL:
		exchange_credits(link);
		break;
	case NVLINK_STATE_RECOVERY:
		end_recovery(link);
		break;
	case NVLINK_STATE_SLEEP:
		link_enter(link, NVLINK_STATE_HS);
		break;
	case NVLINK_STATE_RESET:
		end_reset(link);
		break;
	default:
		break;
	}
}

void link_init(struct link *link, struct model *model, unsigned int index)
{
	*link = (struct link){ .model = model, .index = index };
	link->timer = (struct timer){ .fire = go_on, .owner = link };
}

void link_power_off(struct link *link)
{
	timer_cancel(&link->model->loop, &link->timer);
	link->state = NVLINK_STATE_OFF;
	link->error = NVLINK_ERROR_NONE;
	link->tries = 0;
	link->trains_after_reset = false;
	link->limit = 0;
	link->threshold = NVLINK_LINK_THRESHOLD_RESET;
	link->busy_until = 0;
	link->storm_errors = 0;
	link_clear_counters(link);
	peer_tell_state(link->model, link);
}

void link_power_on(struct link *link)
{
	link->attempts = 0;
	if (!link->model->options.trained || link->model->is_removed)
		return;
	if (!is_host(link) && partner_is_there(link)) {
		link->attempts = 1;
		link->state = NVLINK_STATE_HS;
		return;
	}
	/* As power-on leaves it: no event tells of it. */
	link->state = NVLINK_STATE_DETECT;
	link->training_since = clock_now();
	peer_tell_state(link->model, link);
	look_for_partner(link);
}

static void train(struct link *link)
{
	link->tries = 0;
	link->storm_errors = 0;
	link->error = NVLINK_ERROR_NONE;
	link->training_since = clock_now();
	look_for_partner(link);
}

void link_command(struct link *link, uint32_t command)
{
	struct model *model = link->model;

	if (command >= NVLINK_COMMAND_COUNT || (command == NVLINK_COMMAND_TRAIN && !device_runs(model))) {
		device_note_error(model, NVLINK_ERROR_CONTROL);
		return;
	}
	switch (command) {
	case NVLINK_COMMAND_TRAIN:
		if (link->state == NVLINK_STATE_OFF || link->state == NVLINK_STATE_FAIL)
			train(link);
		break;
	case NVLINK_COMMAND_OFF:
		timer_cancel(&model->loop, &link->timer);
		link_enter(link, NVLINK_STATE_OFF);
		break;
	case NVLINK_COMMAND_RESET:
		link->error = NVLINK_ERROR_NONE;
		link->trains_after_reset = false;
		link_enter(link, NVLINK_STATE_RESET);
		link_wait(link, PHASE_MS);
		break;
	case NVLINK_COMMAND_SLEEP:
		if (link->state == NVLINK_STATE_HS)
			link_enter(link, NVLINK_STATE_SLEEP);
		break;
	case NVLINK_COMMAND_WAKE:
		if (link->state == NVLINK_STATE_SLEEP)
			link_wait(link, PHASE_MS);
		break;
	case NVLINK_COMMAND_CLEAR:
		link_clear_counters(link);
		break;
	default:
		break;
	}
}

void link_retrain(struct link *link)
{
	link_command(link, NVLINK_COMMAND_RESET);
	link->trains_after_reset = true;
}

void link_partner_changed(struct link *link)
{
	bool is_there = partner_is_there(link);

	switch (link->state) {
	case NVLINK_STATE_HS:
	case NVLINK_STATE_RECOVERY:
	case NVLINK_STATE_SLEEP:
		if (!is_there)
			give_up(link, NVLINK_STATE_FAULT, NVLINK_ERROR_LOST);
		break;
	case NVLINK_STATE_DETECT:
		if (!is_there)
			timer_cancel(&link->model->loop, &link->timer);
		else if (!link->timer.is_set)
			partner_came(link);
		break;
	case NVLINK_STATE_INITPHASE1:
	case NVLINK_STATE_INITNEGOTIATE:
	case NVLINK_STATE_SAFE:
	case NVLINK_STATE_INITOPTIMIZE:
	case NVLINK_STATE_INITTL:
		if (is_there)
			break;
		timer_cancel(&link->model->loop, &link->timer);
		look_for_partner(link);
		break;
	default:
		break;
	}
}
