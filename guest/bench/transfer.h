/* SPDX-License-Identifier: Apache-2.0 */
/* One way for data, to be measured. */
#ifndef NVLAB_TRANSFER_H
#define NVLAB_TRANSFER_H

#include "device.h"

struct transfer {
	const char *path, *direction; /* words of the benchmark's schema */
	const struct buffer *to, *from;
	uint32_t flags; /* NVLINK_SUBMIT_* besides WAIT */
	uint32_t expected; /* NVLINK_PATH_* */
};

/** One transfer that is waited for: what the clock and the engine say of it, in nanoseconds. */
bool transfer_run(const struct transfer *transfer, uint64_t bytes, double *taken, double *engine);

/** Print the latency of small transfers, one at a time. */
bool measure_latency(const struct transfer *transfer, uint64_t bytes, unsigned int count);
/** Print the bandwidth of large ones. */
bool measure_bandwidth(const struct transfer *transfer, uint64_t bytes, unsigned int count);
/** Print the time that a link takes to carry data again. */
bool measure_recovery(int device, unsigned int controller, unsigned int link, bool firmware, unsigned int count);

#endif
