/* SPDX-License-Identifier: Apache-2.0 */
/* The host of a GPU: carries out the bridge's calls, in slices that leave time for everything else. */
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "contract.h"

struct gpu;

struct call {
	struct nvlink_call request;
	struct nvlink_answer answer;
	uint64_t position; /* bytes or words that are done */
	bool is_done;
};

/** Takes a request; one that is refused is done at once, with the error in its answer. */
void call_begin(struct call *call, const struct gpu *gpu, const struct nvlink_call *request);

/** Goes on for at most about a megabyte. */
void call_step(struct call *call, const struct gpu *gpu);

#endif
