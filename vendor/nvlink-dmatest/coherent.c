// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "dmatest.h"

#define COHERENT_SIZE (16 * PAGE_SIZE)

static phys_addr_t phys_of(void *address)
{
	if (is_vmalloc_addr(address))
		return page_to_phys(vmalloc_to_page(address));
	return virt_to_phys(address);
}

/**
 * dmatest_coherent() - what dma_alloc_coherent() promises
 * @test: the device under test
 *
 * Return: 0, or a negative error.
 */
int dmatest_coherent(struct dmatest *test)
{
	dma_addr_t dma;
	int error = 0;
	u8 *memory;

	memory = dma_alloc_coherent(test->dev, COHERENT_SIZE, &dma, GFP_KERNEL);
	if (!memory)
		return -ENOMEM;
	if (memchr_inv(memory, 0, COHERENT_SIZE))
		error = -EIO;
	if (!IS_ALIGNED(dma, PAGE_SIZE))
		error = -EINVAL;
	if (dma + COHERENT_SIZE - 1 > test->dev->coherent_dma_mask)
		error = -ERANGE;
	memset(memory, 0xa5, COHERENT_SIZE);
	dma_free_coherent(test->dev, COHERENT_SIZE, memory, dma);
	return error;
}

/**
 * dmatest_coherent_translated() - each page is mapped, and afterwards none is
 * @test: the device under test
 *
 * Return: 0, a negative error, or %DMATEST_SKIP.
 */
int dmatest_coherent_translated(struct dmatest *test)
{
	dma_addr_t dma;
	int error = 0;
	size_t at;
	u8 *memory;

	if (!test->domain)
		return DMATEST_SKIP;
	memory = dma_alloc_coherent(test->dev, COHERENT_SIZE, &dma, GFP_KERNEL);
	if (!memory)
		return -ENOMEM;
	for (at = 0; at < COHERENT_SIZE; at += PAGE_SIZE)
		if (!dmatest_leads_to(test, dma + at, phys_of(memory + at)))
			error = -EFAULT;
	dma_free_coherent(test->dev, COHERENT_SIZE, memory, dma);
	for (at = 0; at < COHERENT_SIZE; at += PAGE_SIZE)
		if (!dmatest_leads_nowhere(test, dma + at))
			error = -EBUSY;
	return error;
}
