// SPDX-License-Identifier: Apache-2.0
#include "clock.h"

#include <stddef.h>
#include <time.h>

static const uint64_t *followed;

uint64_t clock_now(void)
{
	struct timespec now;

	if (followed != NULL)
		return *followed;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

void clock_follow(const uint64_t *nanoseconds)
{
	followed = nanoseconds;
}

bool clock_is_virtual(void)
{
	return followed != NULL;
}
