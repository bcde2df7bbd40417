// SPDX-License-Identifier: GPL-2.0-only
/*
 * GPU memory: ranges of each GPU that are given out, in pages of 4096 bytes. What
 * is given out is cleared by the engine first, so nobody sees what another one
 * left. A range that a reset emptied stays reserved until its buffer is freed.
 */
#include <linux/maple_tree.h>

#include "buffer.h"

#define PAGE SZ_4K

/**
 * nvlink_gpumem_init() - nothing is given out
 * @dma: the data path
 */
void nvlink_gpumem_init(struct nvlink_dma *dma)
{
	unsigned int n;

	for (n = 0; n < NVLINK_GPUS_MAX; n++)
		mt_init_flags(&dma->gpumem[n].ranges, MT_FLAGS_ALLOC_RANGE);
}

/**
 * nvlink_gpumem_left() - what is not given out
 * @dma: the data path
 * @gpu: number of the GPU
 *
 * Return: bytes.
 */
u64 nvlink_gpumem_left(struct nvlink_dma *dma, unsigned int gpu)
{
	u64 memory = ALIGN_DOWN(dma->nv->facts.gpu[gpu].memory, PAGE);
	u64 used = atomic64_read(&dma->gpumem[gpu].used);

	/* It may have come back smaller than it went. */
	return memory - min(memory, used);
}

/**
 * nvlink_gpumem_exit() - the last buffer is gone
 * @dma: the data path
 */
void nvlink_gpumem_exit(struct nvlink_dma *dma)
{
	unsigned int n;

	for (n = 0; n < NVLINK_GPUS_MAX; n++)
		mtree_destroy(&dma->gpumem[n].ranges);
}

/**
 * nvlink_gpumem_alloc() - give a buffer memory of its GPU
 * @buffer: the buffer; its size is a number of whole pages
 *
 * Return: 0, or -ENOMEM.
 */
int nvlink_gpumem_alloc(struct nvlink_buffer *buffer)
{
	struct nvlink_gpumem *gpumem = &buffer->dma->gpumem[buffer->where];
	u64 memory = buffer->dma->nv->facts.gpu[buffer->where].memory;
	unsigned long start;
	int ret;

	if (buffer->size > memory)
		return -ENOMEM;
	ret = mtree_alloc_range(&gpumem->ranges, &start, buffer,
				buffer->size / PAGE, 0, memory / PAGE - 1,
				GFP_KERNEL_ACCOUNT);
	if (ret)
		return -ENOMEM;
	buffer->offset = (u64)start * PAGE;
	buffer->placed = true;
	atomic64_add(buffer->size, &gpumem->used);
	return 0;
}

/**
 * nvlink_gpumem_free() - give memory of a GPU back
 * @buffer: the buffer
 */
void nvlink_gpumem_free(struct nvlink_buffer *buffer)
{
	struct nvlink_gpumem *gpumem;

	if (!buffer->placed)
		return;
	gpumem = &buffer->dma->gpumem[buffer->where];
	mtree_erase(&gpumem->ranges, buffer->offset / PAGE);
	atomic64_sub(buffer->size, &gpumem->used);
}
