/* SPDX-License-Identifier: Apache-2.0 */
/* What the fuzzers feed the model with, and where from. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

#define INPUT_MAX 65536

/** Something that somebody else sends us: `feed` gives it to a fresh model, `seed` writes a sensible one. */
struct target {
	const char *name;
	void (*feed)(const uint8_t *data, size_t size);
	size_t (*seed)(uint8_t *data, size_t room, uint32_t number);
};

extern const struct target vfio_target, control_target, peer_target, engine_target;

/** A generator that gives the same numbers for the same state. */
uint32_t random_next(uint64_t *state);

/** A number below `bound`. */
uint32_t random_below(uint64_t *state, uint32_t bound);

/** Changes the input in a few places; returns its new size. */
size_t mutate(uint64_t *state, uint8_t *data, size_t size, size_t room);

#endif
