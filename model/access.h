/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One access of the engine to host memory, at most VFIO_DATA_MAX bytes. A message that the IOMMU refuses is reported
 * once for every four bytes of it, so the ends of an access are probed with four bytes each before.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "dma.h"

#define PROOFS 8192

struct model;

/** Pages that answered a moment ago. */
struct proofs {
	uint64_t page[PROOFS]; /* page number times two, plus one where it was written */
	uint64_t since[PROOFS];
	uint64_t valid_after; /* older proofs are none: something was refused since */
};

struct access {
	struct dma_waiter waiter;
	struct model *model;
	uint64_t address;
	uint32_t length;
	bool is_write;
	const uint8_t *source; /* of a write: lives until the access is done */
	unsigned int in_flight; /* messages without an answer */
	bool is_probing;
	bool is_aborted;
	enum dma_result result;
	uint64_t refused_at;
	/** Called once, also where it was aborted. `data` is what was read. */
	void (*done)(struct access *access, enum dma_result result, const uint8_t *data);
};

/** Starts a read, or a write where there is a source; false: the bus cannot be mastered now. */
bool access_start(struct access *access, struct model *model, uint64_t address, uint32_t length,
		  const uint8_t *source);

static inline bool access_is_running(const struct access *access)
{
	return access->in_flight > 0;
}

#endif
