/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy engine channel driven by its registers, without the driver: the only way to give the controller an
 * address of one's own choosing. Needs memory for the rings whose bus addresses are known.
 */
#ifndef NVLAB_ENGINE_H
#define NVLAB_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "nvlink-contract.h"

/** Bytes of memory for the rings: a page of descriptors, then one of completions. */
#define ENGINE_MEMORY 8192

struct engine {
	volatile uint32_t *registers;
	unsigned int channel;
	struct nvlink_descriptor *ring;
	volatile struct nvlink_completion *done;
	uint32_t tail;
};

uint32_t register_read(volatile uint32_t *registers, unsigned int offset);
void register_write(volatile uint32_t *registers, unsigned int offset, uint32_t value);

/** Enable a channel whose rings are in `memory`, which the controller sees at `address`. */
void engine_start(struct engine *engine, volatile uint32_t *registers, unsigned int channel, void *memory,
		  uint64_t address);
void engine_stop(struct engine *engine);

/** Let one descriptor run: the contract's error code, or -1 where no completion came. */
int engine_run(struct engine *engine, const struct nvlink_descriptor *descriptor);
/** The same for a copy between host memory at `address` and GPU 0's at `offset`. */
int engine_read(struct engine *engine, uint64_t address, uint64_t offset, uint64_t length);
int engine_write(struct engine *engine, uint64_t address, uint64_t offset, uint64_t length);

/** The address that the channel's newest error names. */
uint64_t engine_error_address(const struct engine *engine);

#endif
