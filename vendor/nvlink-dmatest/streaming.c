// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/slab.h>

#include "dmatest.h"

#define MANY 256

static int try_direction(struct dmatest *test, struct page *page,
			 enum dma_data_direction direction)
{
	u8 *memory = page_address(page);
	dma_addr_t dma;
	int error = 0;

	memset(memory, 0x5a, PAGE_SIZE);
	dma = dma_map_page(test->dev, page, 0, PAGE_SIZE, direction);
	if (dma_mapping_error(test->dev, dma))
		return -ENOMEM;
	if (!dmatest_leads_to(test, dma, page_to_phys(page)))
		error = -EFAULT;
	dma_sync_single_for_cpu(test->dev, dma, PAGE_SIZE, direction);
	if (memchr_inv(memory, 0x5a, PAGE_SIZE))
		error = -EIO;
	dma_sync_single_for_device(test->dev, dma, PAGE_SIZE, direction);
	dma_unmap_page(test->dev, dma, PAGE_SIZE, direction);
	if (!dmatest_leads_nowhere(test, dma))
		error = -EBUSY;
	return error;
}

/**
 * dmatest_directions() - maps, syncs and unmaps one page in each direction
 * @test: the device under test
 *
 * No device writes to it, so its content has to be as it was.
 *
 * Return: 0, or a negative error.
 */
int dmatest_directions(struct dmatest *test)
{
	static const enum dma_data_direction directions[] = {
		DMA_TO_DEVICE, DMA_FROM_DEVICE, DMA_BIDIRECTIONAL,
	};
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int i;
	int error = 0;

	if (!page)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(directions) && !error; i++)
		error = try_direction(test, page, directions[i]);
	__free_page(page);
	return error;
}

/**
 * dmatest_offsets() - a part of a page is mapped at its offset, whatever that is
 * @test: the device under test
 *
 * Return: 0, or a negative error.
 */
int dmatest_offsets(struct dmatest *test)
{
	static const struct {
		unsigned int offset;
		unsigned int length;
	} parts[] = {
		{ 0, 1 }, { 1, 1 }, { 123, 77 }, { 4095, 1 }, { 4095, 2 }, { 64, 8000 },
	};
	struct page *pages = alloc_pages(GFP_KERNEL, 1);
	dma_addr_t dma;
	unsigned int i;
	int error = 0;

	if (!pages)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		dma = dma_map_page(test->dev, pages, parts[i].offset,
				   parts[i].length, DMA_TO_DEVICE);
		if (dma_mapping_error(test->dev, dma)) {
			error = -ENOMEM;
			break;
		}
		if (offset_in_page(dma) != parts[i].offset ||
		    !dmatest_leads_to(test, dma, page_to_phys(pages) + parts[i].offset))
			error = -EFAULT;
		dma_unmap_page(test->dev, dma, parts[i].length, DMA_TO_DEVICE);
	}
	__free_pages(pages, 1);
	return error;
}

struct mapping {
	struct page *page;
	dma_addr_t dma;
};

static int map_many(struct dmatest *test, struct mapping *mappings,
		    unsigned int *mapped)
{
	for (*mapped = 0; *mapped < MANY; ++*mapped) {
		struct mapping *mapping = &mappings[*mapped];

		mapping->page = alloc_page(GFP_KERNEL);
		if (!mapping->page)
			return -ENOMEM;
		mapping->dma = dma_map_page(test->dev, mapping->page, 0,
					    PAGE_SIZE, DMA_BIDIRECTIONAL);
		if (dma_mapping_error(test->dev, mapping->dma)) {
			__free_page(mapping->page);
			return -ENOMEM;
		}
	}
	return 0;
}

/**
 * dmatest_many() - many pages mapped at the same time
 * @test: the device under test
 *
 * Return: 0, or a negative error.
 */
int dmatest_many(struct dmatest *test)
{
	struct mapping *mappings = kcalloc(MANY, sizeof(*mappings), GFP_KERNEL);
	unsigned int mapped, i, j;
	int error;

	if (!mappings)
		return -ENOMEM;
	error = map_many(test, mappings, &mapped);
	for (i = 0; i < mapped; i++) {
		if (!dmatest_leads_to(test, mappings[i].dma,
				      page_to_phys(mappings[i].page)))
			error = -EFAULT;
		for (j = 0; j < i; j++)
			if (mappings[i].dma == mappings[j].dma)
				error = -EEXIST;
	}
	while (mapped--) {
		dma_unmap_page(test->dev, mappings[mapped].dma, PAGE_SIZE,
			       DMA_BIDIRECTIONAL);
		__free_page(mappings[mapped].page);
	}
	kfree(mappings);
	return error;
}
