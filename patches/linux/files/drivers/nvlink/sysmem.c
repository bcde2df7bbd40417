// SPDX-License-Identifier: GPL-2.0-only
/*
 * System memory of buffers: zeroed pages, the largest first, charged to the
 * memory cgroup of who asks. They stay mapped for the controller as long as the
 * buffer lives, so that a copy maps nothing.
 *
 * Besides the cgroup two limits hold: what one open file may have, and what all
 * buffers of a controller may have together. A buffer counts until it is freed,
 * also when its handle is gone and a dma-buf keeps it.
 */
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>

#include "buffer.h"
#include "file.h"

static unsigned int open_limit_mb;
module_param(open_limit_mb, uint, 0644);
MODULE_PARM_DESC(open_limit_mb, "MiB of system memory that one open file may hold (0: a quarter of the memory)");

static unsigned int total_limit_mb;
module_param(total_limit_mb, uint, 0644);
MODULE_PARM_DESC(total_limit_mb, "MiB of system memory that all buffers of a controller may hold (0: half of the memory)");

static u64 limit(unsigned int mb, unsigned int part)
{
	return mb ? (u64)mb * SZ_1M :
		    ((u64)totalram_pages() << PAGE_SHIFT) / part;
}

/**
 * nvlink_sysmem_limit() - what one open file may have
 *
 * Return: bytes.
 */
u64 nvlink_sysmem_limit(void)
{
	return limit(READ_ONCE(open_limit_mb), 4);
}

static bool charge_one(atomic64_t *used, u64 size, u64 most)
{
	s64 old = atomic64_read(used);

	do {
		if (size > most || old > most - size)
			return false;
	} while (!atomic64_try_cmpxchg(used, &old, old + size));
	return true;
}

static int charge(struct nvlink_buffer *buffer, struct nvlink_file *payer)
{
	if (!charge_one(&payer->used, buffer->size, nvlink_sysmem_limit()))
		return -EDQUOT;
	if (!charge_one(&buffer->dma->pages, buffer->size,
			limit(READ_ONCE(total_limit_mb), 2))) {
		atomic64_sub(buffer->size, &payer->used);
		return -ENOMEM;
	}
	buffer->payer = nvlink_file_get(payer);
	return 0;
}

static void uncharge(struct nvlink_buffer *buffer)
{
	if (!buffer->payer)
		return;
	atomic64_sub(buffer->size, &buffer->payer->used);
	atomic64_sub(buffer->size, &buffer->dma->pages);
	nvlink_file_put(buffer->payer);
	buffer->payer = NULL;
}

/* Large pieces only where they are at hand, and no killing for the small ones. */
static struct page *get_pages(struct nvlink_buffer *buffer, u64 left,
			      unsigned int *order)
{
	gfp_t gfp = GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN;
	struct page *page;

	if (dma_addressing_limited(buffer->dma->nv->dma_dev))
		gfp |= GFP_DMA32;
	for (; *order; (*order)--) {
		if (left < PAGE_SIZE << *order)
			continue;
		page = alloc_pages((gfp & ~__GFP_DIRECT_RECLAIM) | __GFP_COMP |
				   __GFP_NORETRY, *order);
		if (page)
			return page;
	}
	return alloc_pages(gfp | __GFP_RETRY_MAYFAIL, 0);
}

static void free_list(struct list_head *pages)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, pages, lru)
		__free_pages(page, compound_order(page));
}

static int get_list(struct nvlink_buffer *buffer, struct list_head *pages,
		    unsigned int *count)
{
	unsigned int order = get_order(SZ_2M);
	u64 left = buffer->size;
	struct page *page;

	while (left) {
		if (fatal_signal_pending(current))
			return -EINTR;
		page = get_pages(buffer, left, &order);
		if (!page)
			return -ENOMEM;
		list_add_tail(&page->lru, pages);
		left -= page_size(page);
		(*count)++;
		cond_resched();
	}
	return 0;
}

static int fill_tables(struct nvlink_buffer *buffer, struct list_head *pages,
		       unsigned int count)
{
	struct scatterlist *a, *b;
	struct page *page, *next;

	buffer->table = kzalloc(sizeof(*buffer->table), GFP_KERNEL_ACCOUNT);
	if (!buffer->table ||
	    sg_alloc_table(buffer->table, count, GFP_KERNEL_ACCOUNT) ||
	    sg_alloc_table(&buffer->pages, count, GFP_KERNEL_ACCOUNT))
		return -ENOMEM;

	a = buffer->pages.sgl;
	b = buffer->table->sgl;
	list_for_each_entry_safe(page, next, pages, lru) {
		list_del(&page->lru);
		sg_set_page(a, page, page_size(page), 0);
		sg_set_page(b, page, page_size(page), 0);
		a = sg_next(a);
		b = sg_next(b);
	}
	return 0;
}

static int map(struct nvlink_buffer *buffer)
{
	int ret;

	mutex_lock(&buffer->lock);
	ret = dma_map_sgtable(buffer->dma->nv->dma_dev, buffer->table,
			      DMA_BIDIRECTIONAL, 0);
	buffer->mapped = !ret;
	mutex_unlock(&buffer->lock);
	return ret ?: nvlink_window_check(buffer->dma, buffer->table);
}

/**
 * nvlink_sysmem_alloc() - give a buffer system memory
 * @buffer: the buffer; its size is a number of whole pages
 * @payer: open file that it counts against
 *
 * Where this fails, freeing the buffer gives back what it got.
 *
 * Return: 0, -EDQUOT, -ENOMEM, -EINTR, or what mapping said.
 */
int nvlink_sysmem_alloc(struct nvlink_buffer *buffer, struct nvlink_file *payer)
{
	unsigned int count = 0;
	LIST_HEAD(pages);
	int ret;

	ret = charge(buffer, payer);
	if (ret)
		return ret;
	ret = get_list(buffer, &pages, &count);
	if (!ret)
		ret = fill_tables(buffer, &pages, count);
	if (ret) {
		free_list(&pages);
		return ret;
	}
	return map(buffer);
}

/**
 * nvlink_sysmem_unmap() - take a buffer's memory away from the controller
 * @buffer: the buffer
 */
void nvlink_sysmem_unmap(struct nvlink_buffer *buffer)
{
	mutex_lock(&buffer->lock);
	if (buffer->mapped)
		dma_unmap_sgtable(buffer->dma->nv->dma_dev, buffer->table,
				  DMA_BIDIRECTIONAL, 0);
	buffer->mapped = false;
	mutex_unlock(&buffer->lock);
}

/**
 * nvlink_sysmem_free() - free the memory of a buffer
 * @buffer: a buffer that is not mapped
 */
void nvlink_sysmem_free(struct nvlink_buffer *buffer)
{
	struct scatterlist *sg;
	int i;

	if (buffer->pages.sgl) {
		for_each_sgtable_sg(&buffer->pages, sg, i)
			__free_pages(sg_page(sg), compound_order(sg_page(sg)));
		sg_free_table(&buffer->pages);
	}
	if (buffer->table) {
		sg_free_table(buffer->table);
		kfree(buffer->table);
	}
	uncharge(buffer);
}
