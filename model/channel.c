// SPDX-License-Identifier: Apache-2.0
#include "channel.h"

#include <string.h>

#include "clock.h"
#include "halves.h"
#include "model.h"

uint32_t channel_read_register(const struct channel *channel, uint32_t offset)
{
	switch (offset) {
	case NVLINK_REG_CHANNEL_RING_LO(0):
		return (uint32_t)channel->ring;
	case NVLINK_REG_CHANNEL_RING_HI(0):
		return (uint32_t)(channel->ring >> 32);
	case NVLINK_REG_CHANNEL_DONE_LO(0):
		return (uint32_t)channel->done;
	case NVLINK_REG_CHANNEL_DONE_HI(0):
		return (uint32_t)(channel->done >> 32);
	case NVLINK_REG_CHANNEL_LOG2(0):
		return channel->log2;
	case NVLINK_REG_CHANNEL_CONTROL(0):
		return channel->is_enabled ? NVLINK_CHANNEL_CONTROL_ENABLE_MASK : 0;
	case NVLINK_REG_CHANNEL_STATUS(0):
		return (channel_is_busy(channel) ? NVLINK_CHANNEL_STATUS_BUSY_MASK : 0) |
		       (channel->is_halted ? NVLINK_CHANNEL_STATUS_HALTED_MASK : 0);
	case NVLINK_REG_CHANNEL_HEAD(0):
		return channel->head;
	case NVLINK_REG_CHANNEL_TAIL(0):
		return channel->tail;
	case NVLINK_REG_CHANNEL_ERROR(0):
		return channel->error;
	case NVLINK_REG_CHANNEL_ADDRESS_LO(0):
		return (uint32_t)channel->error_address;
	case NVLINK_REG_CHANNEL_ADDRESS_HI(0):
		return (uint32_t)(channel->error_address >> 32);
	default:
		return 0;
	}
}

/** More descriptors than the ring has entries cannot be waiting, and what was written cannot be taken back. */
static void write_tail(struct channel *channel, uint32_t tail)
{
	uint32_t waiting = channel->tail - channel->head;

	if (!channel->is_enabled || channel->is_halted)
		return;
	if (tail - channel->head > 1u << channel->log2_taken || tail - channel->head < waiting)
		channel_halt(channel, NVLINK_ERROR_CONTROL, 0);
	else
		channel->tail = tail;
}

void channel_write_register(struct channel *channel, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case NVLINK_REG_CHANNEL_RING_LO(0):
		channel->ring = with_low_half(channel->ring, value);
		break;
	case NVLINK_REG_CHANNEL_RING_HI(0):
		channel->ring = with_high_half(channel->ring, value);
		break;
	case NVLINK_REG_CHANNEL_DONE_LO(0):
		channel->done = with_low_half(channel->done, value);
		break;
	case NVLINK_REG_CHANNEL_DONE_HI(0):
		channel->done = with_high_half(channel->done, value);
		break;
	case NVLINK_REG_CHANNEL_LOG2(0):
		channel->log2 = value;
		break;
	case NVLINK_REG_CHANNEL_CONTROL(0):
		if ((value & ~(uint32_t)NVLINK_CHANNEL_CONTROL_ENABLE_MASK) != 0)
			device_note_error(channel->model, NVLINK_ERROR_CONTROL);
		else
			channel_switch(channel, value != 0);
		break;
	case NVLINK_REG_CHANNEL_TAIL(0):
		write_tail(channel, value);
		break;
	default:
		break;
	}
}

/** Starts an access to a ring; false: not now. What no window lets through halts the channel. */
static bool start_ring_access(struct channel *channel, struct access *access, uint64_t address, uint32_t length,
			      const void *source)
{
	if (window_span(channel->model, address, length, source != NULL) < length) {
		channel_halt(channel, NVLINK_ERROR_WINDOW, address);
		return true;
	}
	return access_start(access, channel->model, address, length, source);
}

static void fetched(struct access *access, enum dma_result result, const uint8_t *data)
{
	struct channel *channel = (struct channel *)((char *)access - offsetof(struct channel, fetch));

	if (access->is_aborted)
		return;
	if (result != DMA_DONE) {
		channel_halt(channel, dma_error(result), access->address);
		return;
	}
	channel->batch_first = channel->head;
	channel->batch_count = access->length / (uint32_t)sizeof(struct nvlink_descriptor);
	memcpy(channel->batch, data, access->length);
	channel->phase = CHANNEL_IDLE;
	channel_progress(channel);
}

/** Fetches what is written, as much as fits, not past the end of the ring. */
static bool fetch(struct channel *channel)
{
	uint32_t entries = 1u << channel->log2_taken;
	uint32_t first = channel->head % entries;
	uint32_t count = channel->tail - channel->head;

	if (count > entries - first)
		count = entries - first;
	if (count > BATCH)
		count = BATCH;
	channel->fetch.done = fetched;
	if (!start_ring_access(channel, &channel->fetch,
			       channel->ring_taken + first * sizeof(struct nvlink_descriptor),
			       count * (uint32_t)sizeof(struct nvlink_descriptor), NULL))
		return false;
	if (!channel->is_halted) {
		channel->phase = CHANNEL_FETCHING;
		channel_progress(channel);
	}
	return true;
}

static void reported(struct access *access, enum dma_result result, const uint8_t *data)
{
	struct channel *channel = (struct channel *)((char *)access - offsetof(struct channel, report));

	(void)data;
	if (access->is_aborted)
		return;
	if (result != DMA_DONE) {
		channel_halt(channel, dma_error(result), access->address);
		return;
	}
	channel->head++;
	channel->transfers++;
	channel->phase = CHANNEL_IDLE;
	channel_progress(channel);
	if ((channel->transfer.descriptor.flags & NVLINK_DESCRIPTOR_INTERRUPT) != 0)
		device_occur(channel->model, NVLINK_CAUSE_DMA);
}

/** Writes the completion of the transfer that is over; false: not now. */
static bool report(struct channel *channel)
{
	const struct transfer *transfer = &channel->transfer;
	uint64_t place = channel->head % (1u << channel->log2_taken);

	channel->completion = (struct nvlink_completion){
		.cookie = transfer->descriptor.cookie,
		.bytes = transfer->moved,
		.nanoseconds = clock_now() - transfer->began,
		.error = transfer->error,
		.sequence = channel->head + 1,
	};
	channel->report.done = reported;
	return start_ring_access(channel, &channel->report,
				 channel->done_taken + place * sizeof(channel->completion),
				 sizeof(channel->completion), &channel->completion);
}

static bool begin_next(struct channel *channel)
{
	uint32_t place = channel->head - channel->batch_first;

	if (channel->head == channel->tail)
		return false;
	if (place >= channel->batch_count)
		return fetch(channel);
	channel->phase = CHANNEL_RUNNING;
	channel_progress(channel);
	transfer_begin(channel, &channel->batch[place]);
	return true;
}

static bool is_reporting(const struct channel *channel)
{
	return access_is_running(&channel->report);
}

bool channel_step(struct channel *channel)
{
	if (!channel->is_enabled || channel->is_halted || !device_runs(channel->model))
		return false;
	switch (channel->phase) {
	case CHANNEL_IDLE:
		return !channel_is_draining(channel) && begin_next(channel);
	case CHANNEL_RUNNING:
		return transfer_step(channel);
	case CHANNEL_REPORTING:
		return !is_reporting(channel) && report(channel);
	default:
		return false;
	}
}
