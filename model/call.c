// SPDX-License-Identifier: Apache-2.0
#include "call.h"

#include <string.h>

#include "crc32.h"
#include "gpu.h"

#define SLICE_BYTES (UINT64_C(1) << 20)
#define WORD_BYTES sizeof(uint32_t)

/** The whole ranges of an addition; false: not all of them are there. */
static bool find_words(const struct call *call, const struct gpu *gpu, uint8_t **sum, const uint8_t **a,
		       const uint8_t **b)
{
	const __le64 *argument = call->request.argument;
	uint64_t bytes = argument[3] * WORD_BYTES;

	if (argument[3] > gpu->bytes / WORD_BYTES)
		return false;
	*sum = gpu_range(gpu, argument[0], bytes);
	*a = gpu_range(gpu, argument[1], bytes);
	*b = gpu_range(gpu, argument[2], bytes);
	return *sum != NULL && *a != NULL && *b != NULL;
}

static uint32_t judge(const struct call *call, const struct gpu *gpu)
{
	const struct nvlink_call *request = &call->request;
	uint8_t *sum;
	const uint8_t *a, *b;

	if (request->reserved != 0)
		return NVLINK_ERROR_DESCRIPTOR;
	switch (request->command) {
	case NVLINK_CALL_INFO:
		return NVLINK_ERROR_NONE;
	case NVLINK_CALL_CHECKSUM:
		return gpu_range(gpu, request->argument[0], request->argument[1]) != NULL
			       ? NVLINK_ERROR_NONE
			       : NVLINK_ERROR_GPU_ADDRESS;
	case NVLINK_CALL_ADD:
		return find_words(call, gpu, &sum, &a, &b) ? NVLINK_ERROR_NONE : NVLINK_ERROR_GPU_ADDRESS;
	default:
		return NVLINK_ERROR_CALL;
	}
}

void call_begin(struct call *call, const struct gpu *gpu, const struct nvlink_call *request)
{
	*call = (struct call){ .request = *request };
	call->answer.error = judge(call, gpu);
	call->is_done = call->answer.error != NVLINK_ERROR_NONE;
}

static void checksum(struct call *call, const struct gpu *gpu)
{
	uint64_t left = call->request.argument[1] - call->position;
	uint64_t part = left < SLICE_BYTES ? left : SLICE_BYTES;
	const uint8_t *bytes = gpu_range(gpu, call->request.argument[0] + call->position, part);

	call->answer.result[0] = crc32_add((uint32_t)call->answer.result[0], bytes, part);
	call->position += part;
	call->is_done = part == left;
}

static void add(struct call *call, const struct gpu *gpu)
{
	uint64_t end = call->request.argument[3];
	uint8_t *sum;
	const uint8_t *a, *b;

	if (end - call->position > SLICE_BYTES / WORD_BYTES)
		end = call->position + SLICE_BYTES / WORD_BYTES;
	if (!find_words(call, gpu, &sum, &a, &b))
		return;
	for (uint64_t at = call->position * WORD_BYTES; at < end * WORD_BYTES; at += WORD_BYTES) {
		uint32_t left, right;

		memcpy(&left, a + at, WORD_BYTES);
		memcpy(&right, b + at, WORD_BYTES);
		left += right;
		memcpy(sum + at, &left, WORD_BYTES);
	}
	call->position = end;
	call->is_done = end == call->request.argument[3];
}

void call_step(struct call *call, const struct gpu *gpu)
{
	switch (call->request.command) {
	case NVLINK_CALL_INFO:
		call->answer.result[0] = gpu->bytes;
		call->answer.result[1] = gpu_identity(gpu);
		call->is_done = true;
		break;
	case NVLINK_CALL_CHECKSUM:
		checksum(call, gpu);
		break;
	default:
		add(call, gpu);
		break;
	}
}
