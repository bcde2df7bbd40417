/* SPDX-License-Identifier: Apache-2.0 */
/* Time of the model: monotonic nanoseconds, or what a test or a fuzzer says. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)

/** Nanoseconds since some moment in the past; never goes back. */
uint64_t clock_now(void);

/** From now on clock_now() is what *nanoseconds holds; NULL: the system's clock again. */
void clock_follow(const uint64_t *nanoseconds);

/** Whether clock_follow() has taken the system's clock away. */
bool clock_is_virtual(void);

#endif
