// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "clock.h"
#include "model.h"

#define PAGE_BYTES 4096u
/** What is moved at once where host memory is not involved. */
#define LOCAL_BYTES (256u << 10)

static bool is_remote(unsigned int gpu)
{
	return (gpu & NVLINK_REMOTE_GPU) != 0;
}

static void fail(struct chunk *chunk, uint32_t error, uint64_t address)
{
	chunk->state = CHUNK_FREE;
	transfer_fail(chunk->channel, error, address);
}

static void written(struct access *access, enum dma_result result, const uint8_t *data)
{
	struct chunk *chunk = (struct chunk *)access;

	(void)data;
	if (access->is_aborted)
		return;
	channel_progress(chunk->channel);
	if (result == DMA_DONE)
		chunk->state = CHUNK_MOVED;
	else
		fail(chunk, dma_error(result), access->address);
}

static void write_to_host(struct chunk *chunk, const uint8_t *source)
{
	uint64_t address = chunk->channel->transfer.descriptor.destination + chunk->offset;

	chunk->access.done = written;
	chunk->state = CHUNK_TO_HOST;
	if (!access_start(&chunk->access, chunk->channel->model, address, chunk->length, source))
		fail(chunk, NVLINK_ERROR_HOST_REFUSED, address);
}

static void remote_done(struct peer_waiter *waiter, uint32_t error, const uint8_t *data, uint32_t length)
{
	struct chunk *chunk = (struct chunk *)((char *)waiter - offsetof(struct chunk, remote));
	const struct nvlink_descriptor *descriptor = &chunk->channel->transfer.descriptor;

	channel_progress(chunk->channel);
	if (error != NVLINK_ERROR_NONE) {
		fail(chunk, error,
		     (descriptor->opcode == NVLINK_OPCODE_WRITE ? descriptor->source
								: descriptor->destination) +
			     chunk->offset);
	} else if (descriptor->opcode == NVLINK_OPCODE_WRITE) {
		memcpy(chunk->buffer, data, length);
		write_to_host(chunk, chunk->buffer);
	} else {
		chunk->state = CHUNK_MOVED;
	}
}

static bool send_to_remote(struct chunk *chunk, const uint8_t *data)
{
	const struct nvlink_descriptor *descriptor = &chunk->channel->transfer.descriptor;

	chunk->remote.done = remote_done;
	chunk->state = CHUNK_REMOTE;
	if (peer_write(chunk->channel->model, chunk->link, &chunk->remote, descriptor->destination_gpu,
		       descriptor->destination + chunk->offset, data, chunk->length))
		return true;
	fail(chunk, NVLINK_ERROR_REMOTE, descriptor->destination + chunk->offset);
	return false;
}

static void arrived(struct access *access, enum dma_result result, const uint8_t *data)
{
	struct chunk *chunk = (struct chunk *)access;
	struct model *model = chunk->channel->model;
	const struct nvlink_descriptor *descriptor = &chunk->channel->transfer.descriptor;

	if (access->is_aborted)
		return;
	channel_progress(chunk->channel);
	if (result != DMA_DONE) {
		fail(chunk, dma_error(result), access->address);
	} else if (descriptor->opcode == NVLINK_OPCODE_HOST) {
		memcpy(chunk->buffer, data, chunk->length);
		write_to_host(chunk, chunk->buffer);
	} else if (is_remote(descriptor->destination_gpu)) {
		send_to_remote(chunk, data);
	} else {
		memcpy(model->gpus[descriptor->destination_gpu].memory + descriptor->destination +
			       chunk->offset,
		       data, chunk->length);
		chunk->state = CHUNK_MOVED;
	}
}

static bool read_from_host(struct chunk *chunk)
{
	uint64_t address = chunk->channel->transfer.descriptor.source + chunk->offset;

	chunk->access.done = arrived;
	if (!access_start(&chunk->access, chunk->channel->model, address, chunk->length, NULL))
		return false;
	chunk->state = CHUNK_FROM_HOST;
	return true;
}

/** Every chunk of a fill but the last is a multiple of eight bytes, so each begins with the pattern's first byte. */
static void fill(uint8_t *memory, uint64_t pattern, uint32_t length)
{
	uint32_t whole = length / 8 * 8;

	for (uint32_t i = 0; i < whole; i += 8)
		memcpy(memory + i, &pattern, 8);
	memcpy(memory + whole, &pattern, length - whole);
}

static bool move_locally(struct chunk *chunk)
{
	struct model *model = chunk->channel->model;
	const struct nvlink_descriptor *descriptor = &chunk->channel->transfer.descriptor;
	uint8_t *to = model->gpus[descriptor->destination_gpu].memory + descriptor->destination + chunk->offset;

	if (descriptor->opcode == NVLINK_OPCODE_FILL)
		fill(to, descriptor->pattern, chunk->length);
	else
		memcpy(to, model->gpus[descriptor->source_gpu].memory + descriptor->source + chunk->offset,
		       chunk->length);
	chunk->state = CHUNK_MOVED;
	channel_progress(chunk->channel);
	return true;
}

static bool begin(struct chunk *chunk)
{
	struct model *model = chunk->channel->model;
	const struct nvlink_descriptor *descriptor = &chunk->channel->transfer.descriptor;

	switch (descriptor->opcode) {
	case NVLINK_OPCODE_READ:
	case NVLINK_OPCODE_HOST:
		return read_from_host(chunk);
	case NVLINK_OPCODE_WRITE:
		if (!dma_is_allowed(model))
			return false;
		if (is_remote(descriptor->source_gpu)) {
			chunk->remote.done = remote_done;
			chunk->state = CHUNK_REMOTE;
			if (!peer_read(model, chunk->link, &chunk->remote, descriptor->source_gpu,
				       descriptor->source + chunk->offset, chunk->length))
				fail(chunk, NVLINK_ERROR_REMOTE, descriptor->source + chunk->offset);
			return true;
		}
		write_to_host(chunk,
			      model->gpus[descriptor->source_gpu].memory + descriptor->source + chunk->offset);
		return true;
	case NVLINK_OPCODE_FILL:
		if (!is_remote(descriptor->destination_gpu))
			return move_locally(chunk);
		fill(chunk->buffer, descriptor->pattern, chunk->length);
		send_to_remote(chunk, chunk->buffer);
		return true;
	default:
		return move_locally(chunk);
	}
}

static void limit_to_host(struct channel *channel, uint64_t address, bool is_write, uint64_t *length)
{
	uint64_t most = CHUNK_BYTES - address % PAGE_BYTES;
	uint64_t span;

	if (*length > most)
		*length = most;
	span = window_span(channel->model, address, *length, is_write);
	if (span == 0)
		transfer_fail(channel, NVLINK_ERROR_WINDOW, address);
	*length = span;
}

/** Bytes of the next chunk; 0: no window lets it through, and the transfer failed. */
static uint64_t next_length(struct channel *channel)
{
	const struct transfer *transfer = &channel->transfer;
	const struct nvlink_descriptor *descriptor = &transfer->descriptor;
	uint64_t length = descriptor->length - transfer->issued;
	bool reads = descriptor->opcode == NVLINK_OPCODE_READ || descriptor->opcode == NVLINK_OPCODE_HOST;
	bool writes = descriptor->opcode == NVLINK_OPCODE_WRITE || descriptor->opcode == NVLINK_OPCODE_HOST;
	uint64_t most = reads || writes || is_remote(descriptor->destination_gpu) ? CHUNK_BYTES : LOCAL_BYTES;

	if (length > most)
		length = most;
	if (reads)
		limit_to_host(channel, descriptor->source + transfer->issued, false, &length);
	if (writes && length > 0)
		limit_to_host(channel, descriptor->destination + transfer->issued, true, &length);
	return length;
}

struct link *transfer_link(struct channel *channel, unsigned int gpu)
{
	const struct nvlink_descriptor *descriptor = &channel->transfer.descriptor;
	unsigned int wanted = descriptor->opcode == NVLINK_OPCODE_PEER ? NVLINK_LINK_ANY : descriptor->link;
	struct link *link = link_choose(channel->model, gpu, wanted);

	if (link == NULL && !link_may_come(channel->model, gpu, wanted))
		transfer_fail(channel, NVLINK_ERROR_LINK_DOWN, 0);
	return link;
}

/** Whether the links that the chunk needs are up; which one it passes is written to *link. */
static bool find_link(struct channel *channel, struct link **link)
{
	const struct nvlink_descriptor *descriptor = &channel->transfer.descriptor;

	*link = NULL;
	switch (descriptor->opcode) {
	case NVLINK_OPCODE_HOST:
		return true;
	case NVLINK_OPCODE_WRITE:
		*link = transfer_link(channel, descriptor->source_gpu);
		return *link != NULL;
	case NVLINK_OPCODE_PEER:
		/* The data passes the GPUs' own links; the controller's only carry the order. */
		return transfer_link(channel, descriptor->source_gpu) != NULL &&
		       transfer_link(channel, descriptor->destination_gpu) != NULL;
	default:
		*link = transfer_link(channel, descriptor->destination_gpu);
		return *link != NULL;
	}
}

bool chunk_issue(struct channel *channel)
{
	struct transfer *transfer = &channel->transfer;
	struct chunk *chunk = NULL;
	struct link *link;
	uint64_t length;

	for (unsigned int i = 0; i < CHUNKS && chunk == NULL; i++) {
		if (channel->chunks[i].state == CHUNK_FREE && !access_is_running(&channel->chunks[i].access))
			chunk = &channel->chunks[i];
	}
	if (chunk == NULL)
		return false;
	if (!find_link(channel, &link))
		return transfer->error != NVLINK_ERROR_NONE;
	length = next_length(channel);
	if (length == 0)
		return true;
	chunk->offset = transfer->issued;
	chunk->length = (uint32_t)length;
	chunk->link = link;
	if (!begin(chunk))
		return false;
	transfer->issued += length;
	chunk->due = link == NULL ? 0 : link_occupy(link, length, clock_now());
	return true;
}
