// SPDX-License-Identifier: Apache-2.0
/* What passes a link: which one is taken, how fast, and what goes wrong on it. */
#include "clock.h"
#include "model.h"

/** Errors in a second that make a link retrain by itself, and those that retraining does not mend. */
#define STORM_RECOVERY 100u
#define STORM_FAULT 1000u
#define RECOVERY_MS 5

bool link_is_up(const struct link *link)
{
	return link->state == NVLINK_STATE_HS;
}

bool link_is_recovering(const struct link *link)
{
	return link->state == NVLINK_STATE_RECOVERY;
}

static bool leads_to(const struct link *link, unsigned int gpu, unsigned int wanted)
{
	const struct link_option *option = &link->model->options.link[link->index];

	if (wanted != NVLINK_LINK_ANY && wanted != link->index)
		return false;
	if ((gpu & NVLINK_REMOTE_GPU) != 0)
		return option->peer == NVLINK_PEER_HOST;
	return option->peer == NVLINK_PEER_GPU && option->index == gpu;
}

struct link *link_choose(struct model *model, unsigned int gpu, unsigned int wanted)
{
	struct link *idlest = NULL;

	for (unsigned int i = 0; i < model->options.links; i++) {
		struct link *link = &model->links[i];

		if (leads_to(link, gpu, wanted) && link_is_up(link) &&
		    (idlest == NULL || link->busy_until < idlest->busy_until))
			idlest = link;
	}
	return idlest;
}

bool link_may_come(const struct model *model, unsigned int gpu, unsigned int wanted)
{
	for (unsigned int i = 0; i < model->options.links; i++) {
		if (leads_to(&model->links[i], gpu, wanted) && link_is_recovering(&model->links[i]))
			return true;
	}
	return false;
}

uint32_t link_speed(const struct link *link)
{
	uint32_t speed = link->model->options.speed;

	if (!link_is_up(link))
		return 0;
	return link->limit != 0 && link->limit < speed ? link->limit : speed;
}

uint64_t link_occupy(struct link *link, uint64_t bytes, uint64_t now)
{
	uint32_t speed = link_speed(link);

	if (link->busy_until < now)
		link->busy_until = now;
	if (speed > 0)
		link->busy_until += bytes * 1000 / speed;
	return link->busy_until;
}

void link_clear_counters(struct link *link)
{
	link->tx_bytes = link->rx_bytes = 0;
	link->tx_latch = link->rx_latch = 0;
	link->unreported = 0;
	for (size_t i = 0; i < LINK_ERROR_KINDS; i++)
		link->errors[i] = 0;
}

static void add_saturating(uint32_t *counter, uint32_t count)
{
	*counter = count > UINT32_MAX - *counter ? UINT32_MAX : *counter + count;
}

static void report(struct link *link, uint32_t count)
{
	struct model *model = link->model;

	add_saturating(&link->unreported, count);
	if (link->threshold == 0 || link->unreported < link->threshold)
		return;
	link->unreported %= link->threshold;
	model->global.events_error |= 1u << link->index;
	device_occur(model, NVLINK_CAUSE_ERROR);
}

static void begin_recovery(struct link *link)
{
	add_saturating(&link->errors[LINK_RECOVERY], 1);
	link_enter(link, NVLINK_STATE_RECOVERY);
	link_wait(link, RECOVERY_MS);
}

static void weather_storm(struct link *link, uint32_t count)
{
	uint64_t now = clock_now();

	if (now - link->storm_since > NS_PER_S) {
		link->storm_since = now;
		link->storm_errors = 0;
	}
	add_saturating(&link->storm_errors, count);
	if (link->state == NVLINK_STATE_HS && link->storm_errors >= STORM_RECOVERY)
		begin_recovery(link);
	if (link->state == NVLINK_STATE_RECOVERY && link->storm_errors >= STORM_FAULT) {
		timer_cancel(&link->model->loop, &link->timer);
		link->error = NVLINK_ERROR_STORM;
		link_enter(link, NVLINK_STATE_FAULT);
	}
}

void link_count_errors(struct link *link, enum link_error_kind kind, uint32_t count)
{
	if (count == 0)
		return;
	add_saturating(&link->errors[kind], count);
	report(link, count);
	weather_storm(link, count);
}
