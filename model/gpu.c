// SPDX-License-Identifier: Apache-2.0
#include "gpu.h"

#include <sys/mman.h>

#include "clock.h"
#include "model.h"

/** Between a doorbell and its answer. */
#define RING_NS (20 * NS_PER_US)

static void ring_back(void *owner)
{
	struct gpu *gpu = owner;

	gpu_ring_host(gpu, gpu->rung);
}

bool gpu_init(struct gpu *gpu, struct model *model, unsigned int index)
{
	uint64_t bytes = model->options.gpu_bytes[index];
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			    -1, 0);

	if (memory == MAP_FAILED)
		return false;
	madvise(memory, bytes, MADV_HUGEPAGE);
	*gpu = (struct gpu){ .model = model, .index = index, .memory = memory, .bytes = bytes };
	gpu->ringing = (struct timer){ .fire = ring_back, .owner = gpu };
	return true;
}

void gpu_free(struct gpu *gpu)
{
	if (gpu->memory != NULL)
		munmap(gpu->memory, gpu->bytes);
	gpu->memory = NULL;
}

void gpu_reset(struct gpu *gpu)
{
	madvise(gpu->memory, gpu->bytes, MADV_DONTNEED);
	timer_cancel(&gpu->model->loop, &gpu->ringing);
	gpu->answer = gpu->rung = 0;
}

uint8_t *gpu_range(const struct gpu *gpu, uint64_t offset, uint64_t length)
{
	if (length > gpu->bytes || offset > gpu->bytes - length)
		return NULL;
	return gpu->memory + offset;
}

void gpu_ring_host(struct gpu *gpu, uint32_t value)
{
	gpu->answer = value;
	gpu->model->global.events_doorbell |= 1u << gpu->index;
	device_occur(gpu->model, NVLINK_CAUSE_DOORBELL);
}

void gpu_ring(struct gpu *gpu, uint32_t value)
{
	struct model *model = gpu->model;

	if (!device_runs(model) || link_choose(model, gpu->index, NVLINK_LINK_ANY) == NULL) {
		device_note_error(model, NVLINK_ERROR_LINK_DOWN);
		return;
	}
	gpu->rung = value;
	timer_set(&model->loop, &gpu->ringing, RING_NS);
}

uint64_t gpu_identity(const struct gpu *gpu)
{
	return gpu->model->options.serial << 8 | gpu->index;
}

uint32_t gpu_links(const struct gpu *gpu)
{
	const struct options *options = &gpu->model->options;
	uint32_t bits = 0;

	for (unsigned int i = 0; i < options->links; i++) {
		if (options->link[i].peer == NVLINK_PEER_GPU && options->link[i].index == gpu->index)
			bits |= 1u << i;
	}
	return bits;
}

static uint32_t adjacency(const struct gpu *gpu, unsigned int first)
{
	const uint8_t *adjacent = gpu->model->options.adjacent[gpu->index];
	uint32_t value = 0;

	for (unsigned int i = 0; i < 8; i++)
		value |= (uint32_t)adjacent[first + i] << 4 * i;
	return value;
}

uint32_t gpu_read_register(const struct gpu *gpu, uint32_t offset)
{
	switch (offset) {
	case NVLINK_REG_GPU_MEMORY_LO(0):
		return (uint32_t)gpu->bytes;
	case NVLINK_REG_GPU_MEMORY_HI(0):
		return (uint32_t)(gpu->bytes >> 32);
	case NVLINK_REG_GPU_IDENTITY_LO(0):
		return (uint32_t)gpu_identity(gpu);
	case NVLINK_REG_GPU_IDENTITY_HI(0):
		return (uint32_t)(gpu_identity(gpu) >> 32);
	case NVLINK_REG_GPU_LINKS(0):
		return gpu_links(gpu);
	case NVLINK_REG_GPU_ADJACENT_LO(0):
		return adjacency(gpu, 0);
	case NVLINK_REG_GPU_ADJACENT_HI(0):
		return adjacency(gpu, 8);
	case NVLINK_REG_GPU_ANSWER(0):
		return gpu->answer;
	default:
		return 0;
	}
}

void gpu_write_register(struct gpu *gpu, uint32_t offset, uint32_t value)
{
	if (offset == NVLINK_REG_GPU_DOORBELL(0))
		gpu_ring(gpu, value);
}
