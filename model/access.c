// SPDX-License-Identifier: Apache-2.0
#include "access.h"

#include "clock.h"
#include "model.h"

#define PAGE_BYTES 4096u
#define PROBE_BYTES 4u
/** A short access to proven pages goes without a probe: refused, it is reported 64 times at most. */
#define UNPROBED_BYTES 256u
/** How long a page counts as proven. */
#define PROOF_NS (2 * NS_PER_S)

static uint64_t proof_key(uint64_t address, bool is_write)
{
	return address / PAGE_BYTES * 2 + is_write;
}

static bool is_proven(const struct proofs *proofs, uint64_t key, uint64_t now)
{
	size_t place = key % PROOFS;

	return proofs->since[place] > proofs->valid_after && proofs->page[place] == key &&
	       now - proofs->since[place] < PROOF_NS;
}

static void note_proof(struct access *access)
{
	struct proofs *proofs = &access->model->engine.proofs;
	uint64_t first = access->address / PAGE_BYTES;
	uint64_t last = (access->address + access->length - 1) / PAGE_BYTES;

	for (uint64_t page = first; page <= last; page++) {
		uint64_t key = page * 2 + access->is_write;

		proofs->page[key % PROOFS] = key;
		proofs->since[key % PROOFS] = clock_now();
	}
}

static bool send(struct access *access, uint64_t address, uint32_t length)
{
	bool is_sent;

	if (access->is_write)
		is_sent = dma_write(access->model, &access->waiter, address,
				    access->source + (address - access->address), length);
	else
		is_sent = dma_read(access->model, &access->waiter, address, length);
	access->in_flight += is_sent;
	return is_sent;
}

static void end(struct access *access, enum dma_result result, const uint8_t *data)
{
	struct proofs *proofs = &access->model->engine.proofs;

	if (result == DMA_DONE)
		note_proof(access);
	else
		proofs->valid_after = clock_now();
	access->done(access, result, data);
}

static void send_whole(struct access *access)
{
	access->is_probing = false;
	if (!send(access, access->address, access->length))
		end(access, DMA_REFUSED, NULL);
}

static void answered(struct dma_waiter *waiter, enum dma_result result, const uint8_t *data)
{
	struct access *access = (struct access *)waiter;

	access->in_flight--;
	if (result != DMA_DONE)
		access->result = result;
	if (access->in_flight > 0)
		return;
	if (access->is_probing && access->result == DMA_DONE && !access->is_aborted)
		send_whole(access);
	else
		end(access, access->result, data);
}

/** What is left of an access from `at` on, at most a probe. */
static uint32_t probe_length(const struct access *access, uint64_t at)
{
	uint64_t left = access->address + (access->length - 1) - at + 1;

	return left < PROBE_BYTES ? (uint32_t)left : PROBE_BYTES;
}

/**
 * Probes the first page always, so that a buffer that was unmapped just now is noticed, and the last one unless it
 * is proven: memory that is mapped at both ends of 64 KiB has hardly ever a hole between.
 */
static bool probe(struct access *access)
{
	uint64_t last = (access->address + (access->length - 1)) / PAGE_BYTES * PAGE_BYTES;

	if (!send(access, access->address, probe_length(access, access->address)))
		return false;
	if (last > access->address &&
	    !is_proven(&access->model->engine.proofs, proof_key(last, access->is_write), clock_now()))
		send(access, last, probe_length(access, last));
	return true;
}

static bool needs_probe(const struct access *access)
{
	const struct proofs *proofs = &access->model->engine.proofs;
	uint64_t last = access->address + (access->length - 1), now = clock_now();

	if (access->length <= PROBE_BYTES)
		return false;
	return access->length > UNPROBED_BYTES ||
	       !is_proven(proofs, proof_key(access->address, access->is_write), now) ||
	       !is_proven(proofs, proof_key(last, access->is_write), now);
}

bool access_start(struct access *access, struct model *model, uint64_t address, uint32_t length,
		  const uint8_t *source)
{
	if (!dma_is_allowed(model))
		return false;
	access->waiter.done = answered;
	access->model = model;
	access->address = address;
	access->length = length;
	access->is_write = source != NULL;
	access->source = source;
	access->is_aborted = false;
	access->result = DMA_DONE;
	access->is_probing = needs_probe(access);
	return access->is_probing ? probe(access) : send(access, address, length);
}
