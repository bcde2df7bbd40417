// SPDX-License-Identifier: Apache-2.0
/* What two models ask of each other: memory of the other machine's GPUs, and calls to their hosts. */
#include <string.h>

#include "clock.h"
#include "model.h"

static unsigned int port_of(struct model *model, const struct link *link)
{
	unsigned int port = 0;

	while (peer_port(model, port) != link)
		port++;
	return port;
}

/** Sends a request and remembers who waits for `wanted` bytes. */
static bool ask(struct model *model, struct link *link, struct peer_waiter *waiter, struct peer_header header,
		const void *body, uint32_t wanted)
{
	struct peer *peer = &model->peer;
	struct peer_slot *slot = NULL;

	for (unsigned int i = 0; i < PEER_REQUESTS_MAX && slot == NULL; i++) {
		if (peer->slots[i].waiter == NULL)
			slot = &peer->slots[i];
	}
	header.port = (uint16_t)port_of(model, link);
	header.argument &= ~(uint32_t)NVLINK_REMOTE_GPU;
	header.id = peer->next_id++;
	if (slot == NULL || !peer->has_greeted || header.port >= peer->ports || !peer_send(model, header, body))
		return false;
	*slot = (struct peer_slot){
		.waiter = waiter, .id = header.id, .link = link, .sent = header.length, .wanted = wanted
	};
	return true;
}

bool peer_read(struct model *model, struct link *link, struct peer_waiter *waiter, unsigned int gpu,
	       uint64_t offset, uint32_t length)
{
	struct peer_header header = { .kind = PEER_READ, .argument = gpu, .offset = offset, .count = length };

	return ask(model, link, waiter, header, NULL, length);
}

bool peer_write(struct model *model, struct link *link, struct peer_waiter *waiter, unsigned int gpu,
		uint64_t offset, const uint8_t *data, uint32_t length)
{
	struct peer_header header = { .kind = PEER_WRITE, .argument = gpu, .offset = offset, .length = length };

	return ask(model, link, waiter, header, data, 0);
}

bool peer_call(struct model *model, struct link *link, struct peer_waiter *waiter, unsigned int gpu,
	       const struct nvlink_call *request)
{
	struct peer_header header = { .kind = PEER_CALL, .argument = gpu, .length = sizeof(*request) };

	return ask(model, link, waiter, header, request, sizeof(struct nvlink_answer));
}

void peer_forget(struct model *model, const struct peer_waiter *waiter)
{
	for (unsigned int i = 0; i < PEER_REQUESTS_MAX; i++) {
		if (model->peer.slots[i].waiter == waiter)
			model->peer.slots[i].waiter = NULL;
	}
}

void peer_fail_all(struct model *model)
{
	for (unsigned int i = 0; i < PEER_REQUESTS_MAX; i++) {
		struct peer_waiter *waiter = model->peer.slots[i].waiter;

		model->peer.slots[i].waiter = NULL;
		if (waiter != NULL)
			waiter->done(waiter, NVLINK_ERROR_REMOTE, NULL, 0);
	}
}

static bool take_answer(struct model *model, const struct peer_header *header, const uint8_t *body)
{
	for (unsigned int i = 0; i < PEER_REQUESTS_MAX; i++) {
		struct peer_slot slot = model->peer.slots[i];
		uint32_t error = header->argument;

		if (slot.waiter == NULL || slot.id != header->id)
			continue;
		model->peer.slots[i].waiter = NULL;
		if (error >= NVLINK_ERROR_COUNT ||
		    (error == NVLINK_ERROR_NONE && header->length != slot.wanted))
			error = NVLINK_ERROR_REMOTE;
		if (error == NVLINK_ERROR_NONE && slot.sent == sizeof(struct nvlink_call) &&
		    slot.wanted == sizeof(struct nvlink_answer)) {
			slot.link->tx_bytes += slot.sent;
			slot.link->rx_bytes += slot.wanted;
		}
		slot.waiter->done(slot.waiter, error, body, error == NVLINK_ERROR_NONE ? header->length : 0);
		return true;
	}
	return true; /* nobody waits for it any more */
}

static void answer(struct model *model, const struct peer_header *request, uint32_t error, const void *body,
		   uint32_t length)
{
	struct peer_header header = { .kind = PEER_ANSWER,
				      .port = request->port,
				      .id = request->id,
				      .argument = error,
				      .length = length };

	peer_send(model, header, body);
}

/** The way from the host link to the GPU; an error where there is none. */
static uint32_t find_way(struct model *model, const struct peer_header *header, struct link **in,
			 struct link **on)
{
	*in = header->port < model->peer.ports ? peer_port(model, header->port) : NULL;
	if (*in == NULL || !link_is_up(*in) || !device_runs(model))
		return NVLINK_ERROR_LINK_DOWN;
	if (header->argument >= model->options.gpus)
		return NVLINK_ERROR_NO_GPU;
	*on = link_choose(model, header->argument, NVLINK_LINK_ANY);
	return *on != NULL ? NVLINK_ERROR_NONE : NVLINK_ERROR_LINK_DOWN;
}

static bool serve_memory(struct model *model, const struct peer_header *header, const uint8_t *body)
{
	bool is_read = header->kind == PEER_READ;
	uint32_t length = is_read ? header->count : header->length;
	struct link *in, *on;
	uint32_t error = find_way(model, header, &in, &on);
	uint8_t *memory = NULL;

	if (length == 0 || length > PEER_DATA_MAX || (is_read && header->length != 0))
		return false;
	if (error == NVLINK_ERROR_NONE) {
		memory = gpu_range(&model->gpus[header->argument], header->offset, length);
		error = memory != NULL ? NVLINK_ERROR_NONE : NVLINK_ERROR_GPU_ADDRESS;
	}
	if (error != NVLINK_ERROR_NONE) {
		answer(model, header, error, NULL, 0);
		return true;
	}
	if (is_read) {
		on->rx_bytes += length;
		in->tx_bytes += length;
		answer(model, header, error, memory, length);
	} else {
		memcpy(memory, body, length);
		in->rx_bytes += length;
		on->tx_bytes += length;
		answer(model, header, error, NULL, 0);
	}
	return true;
}

static bool begin_job(struct model *model, const struct peer_header *header, const uint8_t *body)
{
	struct link *in, *on;
	uint32_t error = find_way(model, header, &in, &on);
	struct nvlink_call request;

	if (header->length != sizeof(request))
		return false;
	for (unsigned int i = 0; i < PEER_JOBS_MAX && error == NVLINK_ERROR_NONE; i++) {
		struct peer_job *job = &model->peer.jobs[i];

		if (job->is_taken)
			continue;
		memcpy(&request, body, sizeof(request));
		in->rx_bytes += sizeof(request);
		on->tx_bytes += sizeof(request);
		*job = (struct peer_job){
			.is_taken = true, .id = header->id, .gpu = header->argument, .port = header->port
		};
		call_begin(&job->call, &model->gpus[job->gpu], &request);
		return true;
	}
	answer(model, header, error != NVLINK_ERROR_NONE ? error : NVLINK_ERROR_REMOTE, NULL, 0);
	return true;
}

static void end_job(struct model *model, struct peer_job *job)
{
	struct peer_header header = { .port = job->port, .id = job->id, .argument = job->gpu };
	struct link *in, *on;
	uint32_t error = find_way(model, &header, &in, &on);

	job->is_taken = false;
	if (error != NVLINK_ERROR_NONE) {
		answer(model, &header, error, NULL, 0);
		return;
	}
	on->rx_bytes += sizeof(job->call.answer);
	in->tx_bytes += sizeof(job->call.answer);
	answer(model, &header, NVLINK_ERROR_NONE, &job->call.answer, sizeof(job->call.answer));
}

bool peer_run_calls(struct model *model)
{
	bool has_more = false;

	for (unsigned int i = 0; i < PEER_JOBS_MAX; i++) {
		struct peer_job *job = &model->peer.jobs[i];

		if (!job->is_taken)
			continue;
		if (!job->call.is_done)
			call_step(&job->call, &model->gpus[job->gpu]);
		if (job->call.is_done)
			end_job(model, job);
		has_more |= job->is_taken;
	}
	return has_more;
}

bool peer_handle(struct model *model, const struct peer_header *header, const uint8_t *body)
{
	struct link *link;

	switch (header->kind) {
	case PEER_STATE:
		link = header->port < model->peer.ports ? peer_port(model, header->port) : NULL;
		if (link == NULL || header->argument >= NVLINK_STATE_COUNT || header->length != 0)
			return false;
		link->partner_state = header->argument;
		link_partner_changed(link);
		return true;
	case PEER_READ:
	case PEER_WRITE:
		return serve_memory(model, header, body);
	case PEER_CALL:
		return begin_job(model, header, body);
	case PEER_ANSWER:
		return take_answer(model, header, body);
	default:
		return false;
	}
}
