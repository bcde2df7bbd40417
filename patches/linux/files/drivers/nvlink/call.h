/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls to a GPU's host.
 */
#ifndef NVLINK_CALL_H
#define NVLINK_CALL_H

#include "job.h"

/**
 * struct nvlink_exchange - memory of a call
 * @ref: who waits for the call and its job hold references
 * @dma: the data path
 * @request: what the host is asked
 * @answer: what it says
 * @request_addr: bus address of @request
 * @answer_addr: bus address of @answer
 */
struct nvlink_exchange {
	struct kref ref;
	struct nvlink_dma *dma;
	struct nvlink_call *request;
	struct nvlink_answer *answer;
	dma_addr_t request_addr;
	dma_addr_t answer_addr;
};

void nvlink_exchange_put(struct nvlink_exchange *exchange);
int nvlink_call_memory(struct nvlink_file *file, u32 gpu, u64 *memory);

#endif
