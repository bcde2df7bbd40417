/* SPDX-License-Identifier: Apache-2.0 */
/* A GPU behind the links: its memory and its doorbells. */
#ifndef GPU_H
#define GPU_H

#include <stdbool.h>
#include <stdint.h>

#include "loop.h"

struct model;

struct gpu {
	struct model *model;
	unsigned int index;
	uint8_t *memory;
	uint64_t bytes;
	uint32_t answer; /* the value with which it rang last */
	uint32_t rung; /* the value that it will ring back with */
	struct timer ringing;
};

/** Memory that is zero; false with errno. */
bool gpu_init(struct gpu *gpu, struct model *model, unsigned int index);
void gpu_free(struct gpu *gpu);

/** Memory is zero again, no doorbell is on its way. */
void gpu_reset(struct gpu *gpu);

/** `length` bytes at `offset`; NULL: not all of them are there. */
uint8_t *gpu_range(const struct gpu *gpu, uint64_t offset, uint64_t length);

/** The host rings: the GPU rings back with the value. */
void gpu_ring(struct gpu *gpu, uint32_t value);

/** The GPU rings by itself. */
void gpu_ring_host(struct gpu *gpu, uint32_t value);

uint64_t gpu_identity(const struct gpu *gpu);

/** Bits of the links that lead to it. */
uint32_t gpu_links(const struct gpu *gpu);

uint32_t gpu_read_register(const struct gpu *gpu, uint32_t offset);
void gpu_write_register(struct gpu *gpu, uint32_t offset, uint32_t value);

#endif
