// SPDX-License-Identifier: Apache-2.0
/* A call's way through a channel: its request from host memory, to the GPU's host, the answer back. */
#include <string.h>

#include "clock.h"
#include "model.h"

static void wrote_answer(struct access *access, enum dma_result result, const uint8_t *data)
{
	struct channel *channel = ((struct chunk *)access)->channel;
	struct transfer *transfer = &channel->transfer;

	(void)data;
	if (access->is_aborted)
		return;
	channel_progress(channel);
	if (result != DMA_DONE) {
		transfer_fail(channel, dma_error(result), access->address);
		return;
	}
	transfer->moved = sizeof(struct nvlink_answer);
	transfer->issued = transfer->descriptor.length;
	if (transfer->call.answer.error != NVLINK_ERROR_NONE)
		transfer_fail(channel, NVLINK_ERROR_CALL, 0);
}

static void came_back(struct peer_waiter *waiter, uint32_t error, const uint8_t *data, uint32_t length)
{
	struct chunk *chunk = (struct chunk *)((char *)waiter - offsetof(struct chunk, remote));
	struct transfer *transfer = &chunk->channel->transfer;

	chunk->state = CHUNK_FREE;
	channel_progress(chunk->channel);
	if (error != NVLINK_ERROR_NONE || length != sizeof(transfer->call.answer)) {
		transfer_fail(chunk->channel, error != NVLINK_ERROR_NONE ? error : NVLINK_ERROR_REMOTE, 0);
		return;
	}
	memcpy(&transfer->call.answer, data, length);
	transfer->call_phase = CALL_ANSWERED;
}

static void got_request(struct access *access, enum dma_result result, const uint8_t *data)
{
	struct chunk *chunk = (struct chunk *)access;
	struct channel *channel = chunk->channel;
	struct model *model = channel->model;
	struct transfer *transfer = &channel->transfer;
	unsigned int gpu = transfer->descriptor.destination_gpu;
	struct nvlink_call request;

	if (access->is_aborted)
		return;
	channel_progress(channel);
	if (result != DMA_DONE) {
		transfer_fail(channel, dma_error(result), access->address);
		return;
	}
	memcpy(&request, data, sizeof(request));
	if ((gpu & NVLINK_REMOTE_GPU) == 0) {
		chunk->link->tx_bytes += transfer->descriptor.length;
		call_begin(&transfer->call, &model->gpus[gpu], &request);
		transfer->call_phase = CALL_RUNNING;
		return;
	}
	chunk->remote.done = came_back;
	chunk->state = CHUNK_REMOTE;
	transfer->call_phase = CALL_AWAY;
	if (peer_call(model, chunk->link, &chunk->remote, gpu, &request))
		return;
	chunk->state = CHUNK_FREE;
	transfer_fail(channel, NVLINK_ERROR_REMOTE, 0);
}

static bool ask(struct channel *channel)
{
	struct transfer *transfer = &channel->transfer;
	const struct nvlink_descriptor *descriptor = &transfer->descriptor;
	struct chunk *chunk = &channel->chunks[0];

	chunk->link = transfer_link(channel, descriptor->destination_gpu);
	if (chunk->link == NULL)
		return transfer->error != NVLINK_ERROR_NONE;
	if (window_span(channel->model, descriptor->source, descriptor->length, false) < descriptor->length) {
		transfer_fail(channel, NVLINK_ERROR_WINDOW, descriptor->source);
		return true;
	}
	chunk->access.done = got_request;
	if (!access_start(&chunk->access, channel->model, descriptor->source, (uint32_t)descriptor->length,
			  NULL))
		return false;
	link_occupy(chunk->link, descriptor->length, clock_now());
	transfer->call_phase = CALL_ASKING;
	return true;
}

static bool answer(struct channel *channel)
{
	struct transfer *transfer = &channel->transfer;
	struct chunk *chunk = &channel->chunks[0];
	uint64_t address = transfer->descriptor.destination;
	const uint32_t length = sizeof(transfer->call.answer);

	if (link_is_recovering(chunk->link))
		return false;
	if (!link_is_up(chunk->link)) {
		transfer_fail(channel, NVLINK_ERROR_LINK_DOWN, 0);
		return true;
	}
	if (window_span(channel->model, address, length, true) < length) {
		transfer_fail(channel, NVLINK_ERROR_WINDOW, address);
		return true;
	}
	memcpy(chunk->buffer, &transfer->call.answer, length);
	chunk->access.done = wrote_answer;
	if (!access_start(&chunk->access, channel->model, address, length, chunk->buffer))
		return false;
	if ((transfer->descriptor.destination_gpu & NVLINK_REMOTE_GPU) == 0)
		chunk->link->rx_bytes += length;
	transfer->call_phase = CALL_ANSWERING;
	return true;
}

bool call_transfer_step(struct channel *channel)
{
	struct transfer *transfer = &channel->transfer;

	switch (transfer->call_phase) {
	case CALL_NEW:
		return ask(channel);
	case CALL_RUNNING:
		if (!transfer->call.is_done)
			call_step(&transfer->call, &channel->model->gpus[transfer->descriptor.destination_gpu]);
		if (transfer->call.is_done)
			transfer->call_phase = CALL_ANSWERED;
		channel_progress(channel);
		return true;
	case CALL_ANSWERED:
		return answer(channel);
	default:
		return false;
	}
}
