/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that were measured, and what stands for them. */
#ifndef NVLAB_SAMPLES_H
#define NVLAB_SAMPLES_H

#include <stddef.h>

#define SAMPLES_MAX 512

struct samples {
	double value[SAMPLES_MAX];
	size_t count;
};

void samples_add(struct samples *samples, double value);
void samples_sort(struct samples *samples);
/** Of sorted samples, by the nearest rank; 0 is the least, 100 the greatest. */
double samples_percentile(const struct samples *samples, unsigned int percent);
double samples_mean(const struct samples *samples);

/** Nanoseconds of a clock that never stands still. */
double now_ns(void);

#endif
