// SPDX-License-Identifier: Apache-2.0
/* Chunks that have arrived: they are done when they would have passed their link. */
#include "clock.h"
#include "model.h"

static void account(struct chunk *chunk)
{
	struct transfer *transfer = &chunk->channel->transfer;

	transfer->moved += chunk->length;
	if (chunk->link == NULL)
		return;
	if (transfer->descriptor.opcode == NVLINK_OPCODE_WRITE)
		chunk->link->rx_bytes += chunk->length;
	else
		chunk->link->tx_bytes += chunk->length;
}

bool chunk_collect(struct channel *channel)
{
	uint64_t now = clock_now(), soonest = UINT64_MAX;
	bool has_some = false;

	for (unsigned int i = 0; i < CHUNKS; i++) {
		struct chunk *chunk = &channel->chunks[i];

		if (chunk->state != CHUNK_MOVED || (chunk->link != NULL && link_is_recovering(chunk->link)))
			continue;
		if (chunk->link != NULL && !link_is_up(chunk->link)) {
			chunk->state = CHUNK_FREE;
			transfer_fail(channel, NVLINK_ERROR_LINK_DOWN, 0);
		} else if (chunk->due > now) {
			soonest = chunk->due < soonest ? chunk->due : soonest;
			continue;
		} else {
			account(chunk);
			chunk->state = CHUNK_FREE;
		}
		channel_progress(channel);
		has_some = true;
	}
	if (!has_some && soonest != UINT64_MAX)
		timer_set(&channel->model->loop, &channel->pace, soonest - now);
	return has_some;
}

bool chunk_is_passing(const struct channel *channel)
{
	uint64_t now = clock_now();

	for (unsigned int i = 0; i < CHUNKS; i++) {
		if (channel->chunks[i].state == CHUNK_MOVED && channel->chunks[i].due > now)
			return true;
	}
	return false;
}

bool chunks_are_free(const struct channel *channel)
{
	for (unsigned int i = 0; i < CHUNKS; i++) {
		if (channel->chunks[i].state != CHUNK_FREE)
			return false;
	}
	return true;
}
