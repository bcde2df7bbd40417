// SPDX-License-Identifier: Apache-2.0
#include "clock.h"
#include "model.h"

/** Rounds in one go; each channel does one step in a round. */
#define ROUNDS 16
/** A round may hold megabytes of checksums: after this time the rest waits until others had their turn. */
#define ROUNDS_NS (2 * NS_PER_MS)

/** Only wakes the loop, which runs the engine. */
static void wake(void *owner)
{
	(void)owner;
}

/** The transfer has not moved for too long: it is ended, or the channel is halted where that cannot be. */
static void expire(struct channel *channel)
{
	const struct transfer *transfer = &channel->transfer;
	uint64_t address = channel->phase == CHANNEL_RUNNING ? transfer->descriptor.source + transfer->moved
							     : 0;

	if (channel->phase == CHANNEL_RUNNING && !transfer->hangs && transfer_give_up(channel)) {
		transfer_fail(channel, NVLINK_ERROR_WATCHDOG, address);
		channel_progress(channel);
	} else {
		channel_halt(channel, NVLINK_ERROR_WATCHDOG, address);
	}
}

static void watch(void *owner)
{
	struct channel *channel = owner;
	uint64_t longest = channel->model->global.watchdog_ms * NS_PER_MS;
	uint64_t since;

	if (channel->phase == CHANNEL_IDLE || channel->is_halted || longest == 0)
		return;
	if (chunk_is_passing(channel))
		channel_progress(channel);
	since = clock_now() - channel->progressed;
	if (since >= longest && !channel->is_overdue) {
		/* Perhaps only the model stood still: the engine has its turn before that counts. */
		channel->is_overdue = true;
		timer_set(&channel->model->loop, &channel->watchdog, NS_PER_MS);
		return;
	}
	if (since >= longest) {
		expire(channel);
		since = 0;
	}
	if (channel->phase != CHANNEL_IDLE && !channel->is_halted)
		timer_set(&channel->model->loop, &channel->watchdog, longest - since);
}

void channel_progress(struct channel *channel)
{
	uint64_t longest = channel->model->global.watchdog_ms * NS_PER_MS;

	channel->progressed = clock_now();
	channel->is_overdue = false;
	if (longest != 0 && !channel->watchdog.is_set)
		timer_set(&channel->model->loop, &channel->watchdog, longest);
}

void engine_set_watchdogs(struct model *model)
{
	for (unsigned int i = 0; i < model->options.channels; i++) {
		struct channel *channel = &model->engine.channels[i];

		timer_cancel(&model->loop, &channel->watchdog);
		if (channel->phase != CHANNEL_IDLE && !channel->is_halted)
			channel_progress(channel);
	}
}

void engine_init(struct model *model)
{
	for (unsigned int i = 0; i < NVLINK_CHANNELS_MAX; i++) {
		struct channel *channel = &model->engine.channels[i];

		channel->model = model;
		channel->index = i;
		channel->watchdog = (struct timer){ .fire = watch, .owner = channel };
		channel->pace = (struct timer){ .fire = wake, .owner = channel };
		for (unsigned int j = 0; j < CHUNKS; j++)
			channel->chunks[j].channel = channel;
	}
}

bool engine_run(struct model *model)
{
	struct engine *engine = &model->engine;
	uint64_t began = clock_now();
	bool moved = true;

	for (int round = 0; round < ROUNDS && moved && clock_now() - began <= ROUNDS_NS; round++) {
		moved = false;
		for (unsigned int i = 0; i < model->options.channels; i++)
			moved |= channel_step(&engine->channels[(engine->next + i) % model->options.channels]);
		engine->next = (engine->next + 1) % model->options.channels;
	}
	dma_run(model);
	return moved;
}

static void abort_access(struct model *model, struct access *access)
{
	access->is_aborted = true;
	if (access_is_running(access))
		dma_withdraw(model, &access->waiter);
}

/** Ends what runs; answers that are still due are awaited before anything else is started. */
static void abort_channel(struct channel *channel)
{
	struct model *model = channel->model;

	timer_cancel(&model->loop, &channel->watchdog);
	timer_cancel(&model->loop, &channel->pace);
	abort_access(model, &channel->fetch);
	abort_access(model, &channel->report);
	for (unsigned int i = 0; i < CHUNKS; i++) {
		struct chunk *chunk = &channel->chunks[i];

		abort_access(model, &chunk->access);
		if (chunk->state == CHUNK_REMOTE)
			peer_forget(model, &chunk->remote);
		chunk->state = CHUNK_FREE;
	}
	channel->phase = CHANNEL_IDLE;
	channel->batch_count = 0;
}

bool channel_is_draining(const struct channel *channel)
{
	unsigned int running = access_is_running(&channel->fetch) + access_is_running(&channel->report);

	for (unsigned int i = 0; i < CHUNKS; i++)
		running += access_is_running(&channel->chunks[i].access);
	return channel->phase == CHANNEL_IDLE && running > 0;
}

bool engine_is_draining(const struct engine *engine)
{
	for (unsigned int i = 0; i < NVLINK_CHANNELS_MAX; i++) {
		if (channel_is_draining(&engine->channels[i]))
			return true;
	}
	return false;
}

void engine_reset(struct model *model)
{
	for (unsigned int i = 0; i < NVLINK_CHANNELS_MAX; i++) {
		struct channel *channel = &model->engine.channels[i];

		abort_channel(channel);
		channel->ring = channel->done = channel->error_address = 0;
		channel->log2 = channel->head = channel->tail = 0;
		channel->error = NVLINK_ERROR_NONE;
		channel->is_enabled = channel->is_halted = false;
	}
}

void engine_stop(struct model *model)
{
	for (unsigned int i = 0; i < model->options.channels; i++) {
		struct channel *channel = &model->engine.channels[i];

		if (channel->is_enabled)
			channel_halt(channel, NVLINK_ERROR_ABORTED, 0);
	}
}

void engine_set_free(struct engine *engine)
{
	engine->stuck = 0;
	engine->hangs = false;
	for (unsigned int i = 0; i < NVLINK_CHANNELS_MAX; i++)
		engine->channels[i].transfer.is_stuck = engine->channels[i].transfer.hangs = false;
}

void channel_note_error(struct channel *channel, uint32_t error, uint64_t address)
{
	channel->error = error;
	channel->error_address = address;
	channel->failures++;
	if (error == NVLINK_ERROR_HOST_REFUSED || error == NVLINK_ERROR_WINDOW ||
	    error == NVLINK_ERROR_WATCHDOG)
		device_occur(channel->model, NVLINK_CAUSE_FAULT);
}

void channel_halt(struct channel *channel, uint32_t error, uint64_t address)
{
	abort_channel(channel);
	channel->is_halted = true;
	channel_note_error(channel, error, address);
}

bool channel_is_busy(const struct channel *channel)
{
	return (channel->is_enabled && channel->head != channel->tail) || channel_is_draining(channel);
}

/** Takes the rings; impossible ones halt the channel. */
static void enable(struct channel *channel)
{
	channel->ring_taken = channel->ring;
	channel->done_taken = channel->done;
	channel->log2_taken = channel->log2;
	channel->head = channel->tail = 0;
	channel->error = NVLINK_ERROR_NONE;
	channel->error_address = 0;
	channel->is_enabled = true;
	channel->is_halted = false;
	if (channel->log2 < NVLINK_RING_LOG2_MIN || channel->log2 > NVLINK_RING_LOG2_MAX ||
	    channel->ring % 4096 != 0 || channel->done % 4096 != 0)
		channel_halt(channel, NVLINK_ERROR_CONTROL, 0);
}

void channel_switch(struct channel *channel, bool on)
{
	if (on && !channel->is_enabled) {
		enable(channel);
	} else if (!on && channel->is_enabled) {
		abort_channel(channel);
		channel->is_enabled = channel->is_halted = false;
	}
}
