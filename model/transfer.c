// SPDX-License-Identifier: Apache-2.0
#include "clock.h"
#include "model.h"

/** An inclusive bound of the contract. */
#define LENGTH_MAX (UINT64_C(1) << 32)

static bool has_unknown_parts(const struct model *model, const struct nvlink_descriptor *descriptor)
{
	if (descriptor->opcode >= NVLINK_OPCODE_COUNT ||
	    (descriptor->flags & ~NVLINK_DESCRIPTOR_INTERRUPT) != 0)
		return true;
	if ((descriptor->reserved[0] | descriptor->reserved[1] | descriptor->reserved[2]) != 0 ||
	    (descriptor->reserved2[0] | descriptor->reserved2[1]) != 0)
		return true;
	if (descriptor->link != NVLINK_LINK_ANY && descriptor->link >= model->options.links)
		return true;
	switch (descriptor->opcode) {
	case NVLINK_OPCODE_READ:
	case NVLINK_OPCODE_FILL:
		return descriptor->source_gpu != 0;
	case NVLINK_OPCODE_WRITE:
		return descriptor->destination_gpu != 0;
	case NVLINK_OPCODE_HOST:
		return descriptor->source_gpu != 0 || descriptor->destination_gpu != 0;
	default:
		return false;
	}
}

static bool has_wrong_length(const struct nvlink_descriptor *descriptor)
{
	switch (descriptor->opcode) {
	case NVLINK_OPCODE_NOP:
		return false;
	case NVLINK_OPCODE_CALL:
		return descriptor->length < sizeof(struct nvlink_call) ||
		       descriptor->length > NVLINK_CALL_BYTES_MAX ||
		       descriptor->pattern < sizeof(struct nvlink_answer) ||
		       descriptor->pattern > NVLINK_CALL_BYTES_MAX;
	default:
		return descriptor->length == 0 || descriptor->length > LENGTH_MAX;
	}
}

/** Checks one end of a transfer that is in a GPU's memory. */
static uint32_t judge_gpu(const struct model *model, unsigned int gpu, uint64_t offset, uint64_t length)
{
	if ((gpu & NVLINK_REMOTE_GPU) != 0)
		return NVLINK_ERROR_NONE; /* the other machine knows */
	if (gpu >= model->options.gpus)
		return NVLINK_ERROR_NO_GPU;
	return gpu_range(&model->gpus[gpu], offset, length) != NULL ? NVLINK_ERROR_NONE
								    : NVLINK_ERROR_GPU_ADDRESS;
}

static uint32_t judge_peers(const struct model *model, const struct nvlink_descriptor *descriptor)
{
	unsigned int from = descriptor->source_gpu, to = descriptor->destination_gpu;

	if (((from | to) & NVLINK_REMOTE_GPU) != 0)
		return NVLINK_ERROR_NO_PEER;
	if (from >= model->options.gpus || to >= model->options.gpus)
		return NVLINK_ERROR_NO_GPU;
	return model->options.adjacent[from][to] > 0 ? NVLINK_ERROR_NONE : NVLINK_ERROR_NO_PEER;
}

static uint32_t judge(const struct model *model, const struct nvlink_descriptor *descriptor, uint64_t *address)
{
	uint32_t error = NVLINK_ERROR_NONE;

	*address = 0;
	if (has_unknown_parts(model, descriptor))
		return NVLINK_ERROR_DESCRIPTOR;
	if (has_wrong_length(descriptor))
		return NVLINK_ERROR_LENGTH;
	if (descriptor->opcode == NVLINK_OPCODE_PEER)
		error = judge_peers(model, descriptor);
	if (error != NVLINK_ERROR_NONE)
		return error;
	if (descriptor->opcode == NVLINK_OPCODE_CALL)
		return judge_gpu(model, descriptor->destination_gpu, 0, 0);
	if (descriptor->opcode == NVLINK_OPCODE_WRITE || descriptor->opcode == NVLINK_OPCODE_PEER) {
		*address = descriptor->source;
		error = judge_gpu(model, descriptor->source_gpu, descriptor->source, descriptor->length);
	}
	if (error != NVLINK_ERROR_NONE)
		return error;
	if (descriptor->opcode == NVLINK_OPCODE_READ || descriptor->opcode == NVLINK_OPCODE_FILL ||
	    descriptor->opcode == NVLINK_OPCODE_PEER) {
		*address = descriptor->destination;
		error = judge_gpu(model, descriptor->destination_gpu, descriptor->destination,
				  descriptor->length);
	}
	return error;
}

void transfer_fail(struct channel *channel, uint32_t error, uint64_t address)
{
	struct transfer *transfer = &channel->transfer;

	if (transfer->error != NVLINK_ERROR_NONE)
		return;
	transfer->error = error;
	transfer->error_address = address;
	transfer->is_stuck = transfer->hangs = false;
	channel_note_error(channel, error, address);
}

void transfer_begin(struct channel *channel, const struct nvlink_descriptor *descriptor)
{
	struct engine *engine = &channel->model->engine;
	struct transfer *transfer = &channel->transfer;
	uint64_t address;
	uint32_t error = judge(channel->model, descriptor, &address);

	*transfer = (struct transfer){ .descriptor = *descriptor, .began = clock_now() };
	if (error != NVLINK_ERROR_NONE) {
		transfer_fail(channel, error, address);
	} else if (descriptor->opcode != NVLINK_OPCODE_NOP && engine->hangs) {
		engine->hangs = false;
		transfer->hangs = true;
	} else if (descriptor->opcode != NVLINK_OPCODE_NOP && engine->stuck > 0) {
		engine->stuck--;
		transfer->is_stuck = true;
	}
}

bool transfer_give_up(struct channel *channel)
{
	for (unsigned int i = 0; i < CHUNKS; i++) {
		struct chunk *chunk = &channel->chunks[i];

		if (access_is_running(&chunk->access))
			return false;
	}
	for (unsigned int i = 0; i < CHUNKS; i++) {
		struct chunk *chunk = &channel->chunks[i];

		if (chunk->state == CHUNK_REMOTE)
			peer_forget(channel->model, &chunk->remote);
		chunk->state = CHUNK_FREE;
	}
	return true;
}

static bool is_issued(const struct transfer *transfer)
{
	return transfer->error != NVLINK_ERROR_NONE || transfer->descriptor.opcode == NVLINK_OPCODE_NOP ||
	       transfer->issued == transfer->descriptor.length;
}

bool transfer_step(struct channel *channel)
{
	struct transfer *transfer = &channel->transfer;
	bool is_call = transfer->descriptor.opcode == NVLINK_OPCODE_CALL;

	if (transfer->is_stuck || transfer->hangs)
		return false;
	if (chunk_collect(channel))
		return true;
	if (is_issued(transfer)) {
		if (!chunks_are_free(channel))
			return false;
		channel->phase = CHANNEL_REPORTING;
		return true;
	}
	return is_call ? call_transfer_step(channel) : chunk_issue(channel);
}
