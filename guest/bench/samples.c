// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "samples.h"

#include <stdlib.h>
#include <time.h>

void samples_add(struct samples *samples, double value)
{
	if (samples->count < SAMPLES_MAX)
		samples->value[samples->count++] = value;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

void samples_sort(struct samples *samples)
{
	qsort(samples->value, samples->count, sizeof(samples->value[0]), compare);
}

double samples_percentile(const struct samples *samples, unsigned int percent)
{
	size_t rank = (samples->count * percent + 99) / 100;

	return samples->value[rank ? rank - 1 : 0];
}

double samples_mean(const struct samples *samples)
{
	double sum = 0;

	for (size_t i = 0; i < samples->count; i++)
		sum += samples->value[i];
	return samples->count ? sum / (double)samples->count : 0;
}

double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}
