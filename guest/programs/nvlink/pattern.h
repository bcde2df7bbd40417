/* SPDX-License-Identifier: Apache-2.0 */
/* Contents of buffers that tell by themselves where they belong, and checksums of them. */
#ifndef NVLAB_PATTERN_H
#define NVLAB_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What stands at `position` of the endless text that belongs to this seed. */
uint8_t pattern_at(uint64_t position, uint32_t seed);
void pattern_write(void *memory, size_t size, uint32_t seed);
bool pattern_holds(const void *memory, size_t size, uint32_t seed);
bool is_zero(const void *memory, size_t size);
/** CRC-32 of IEEE 802.3, as the controller's host computes it. */
uint32_t crc32_of(const void *memory, size_t size);

/** Repeatable random numbers (xorshift64*). */
struct random {
	uint64_t state;
};

/** `nvlab.seed=` of the kernel command line, or `otherwise`; says on stdout which. */
struct random random_seeded(uint64_t otherwise);
uint64_t random_next(struct random *random);
/** 0 to below - 1. */
uint64_t random_below(struct random *random, uint64_t below);

#endif
