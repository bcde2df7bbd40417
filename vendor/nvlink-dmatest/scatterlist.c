// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/scatterlist.h>

#include "dmatest.h"

#define PAGES 8

/* Every other page of one allocation: no two of them are neighbours. */
static int scatter(struct sg_table *table, struct page *pages)
{
	struct scatterlist *sg;
	unsigned int i;
	int error;

	error = sg_alloc_table(table, PAGES, GFP_KERNEL);
	if (error)
		return error;
	for_each_sgtable_sg(table, sg, i)
		sg_set_page(sg, pages + 2 * i, PAGE_SIZE, 0);
	return 0;
}

static int check_lengths(struct dmatest *test, struct sg_table *table)
{
	struct sg_dma_page_iter at = {};
	struct scatterlist *sg;
	unsigned int page = 0;
	size_t length = 0;
	unsigned int i;

	for_each_sgtable_dma_sg(table, sg, i)
		length += sg_dma_len(sg);
	if (length != PAGES * PAGE_SIZE)
		return -EMSGSIZE;
	sg = table->sgl;
	for_each_sgtable_dma_page(table, &at, 0) {
		if (page++ == PAGES ||
		    !dmatest_leads_to(test, sg_page_iter_dma_address(&at), sg_phys(sg)))
			return -EFAULT;
		sg = sg_next(sg);
	}
	return 0;
}

static int check_merged(struct dmatest *test, struct sg_table *table)
{
	if (dma_get_max_seg_size(test->dev) < PAGES * PAGE_SIZE)
		return -E2BIG;
	return table->nents == 1 ? 0 : -ERANGE;
}

static int with_scattered(struct dmatest *test,
			  int (*check)(struct dmatest *test, struct sg_table *table))
{
	unsigned int order = get_order(2 * PAGES * PAGE_SIZE);
	struct page *pages = alloc_pages(GFP_KERNEL, order);
	struct sg_table table;
	int error;

	if (!pages)
		return -ENOMEM;
	error = scatter(&table, pages);
	if (error)
		goto free_pages;
	error = dma_map_sgtable(test->dev, &table, DMA_BIDIRECTIONAL, 0);
	if (error)
		goto free_table;
	dma_sync_sgtable_for_cpu(test->dev, &table, DMA_BIDIRECTIONAL);
	error = check(test, &table);
	dma_sync_sgtable_for_device(test->dev, &table, DMA_BIDIRECTIONAL);
	dma_unmap_sgtable(test->dev, &table, DMA_BIDIRECTIONAL, 0);
free_table:
	sg_free_table(&table);
free_pages:
	__free_pages(pages, order);
	return error;
}

/**
 * dmatest_sg_lengths() - what is mapped is as long as the list, page for page
 * @test: the device under test
 *
 * Return: 0, or a negative error.
 */
int dmatest_sg_lengths(struct dmatest *test)
{
	return with_scattered(test, check_lengths);
}

/**
 * dmatest_sg_merged() - to the device, scattered pages are one piece
 * @test: the device under test
 *
 * Return: 0, a negative error, or %DMATEST_SKIP.
 */
int dmatest_sg_merged(struct dmatest *test)
{
	return test->domain ? with_scattered(test, check_merged) : DMATEST_SKIP;
}
