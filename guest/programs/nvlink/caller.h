/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls the device at random: numbers that mean something, which it remembers, mixed with numbers that mean nothing. */
#ifndef NVLAB_CALLER_H
#define NVLAB_CALLER_H

#include "device.h"
#include "pattern.h"

#define CALLER_POOL 32

struct caller {
	struct random dice;
	int device;
	int files[CALLER_POOL];
	uint32_t handles[CALLER_POOL];
	unsigned int done, succeeded;
};

void caller_begin(struct caller *caller, uint64_t seed, int device);
/** One call. */
void caller_call(struct caller *caller);
/** One other way into the driver: poll, read, mmap. */
void caller_do_else(struct caller *caller);

#endif
