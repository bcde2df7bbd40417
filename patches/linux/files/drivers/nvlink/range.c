// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arithmetic of ranges of bus addresses.
 */
#include <kunit/visibility.h>
#include <linux/align.h>
#include <linux/overflow.h>
#include <linux/sizes.h>

#include "contract.h"

/**
 * nvlink_range_valid() - whether a range can be a DMA window
 * @range: the range
 *
 * Return: true where it has whole pages of 4096 bytes, at least one, and ends
 * inside the address space.
 */
bool nvlink_range_valid(const struct nvlink_range *range)
{
	u64 last;

	return range->size && IS_ALIGNED(range->base | range->size, SZ_4K) &&
	       !check_add_overflow(range->base, range->size - 1, &last);
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_range_valid);

/**
 * nvlink_ranges_overlap() - whether two valid ranges share an address
 * @a: one
 * @b: the other
 *
 * Return: true where they do.
 */
bool nvlink_ranges_overlap(const struct nvlink_range *a,
			   const struct nvlink_range *b)
{
	return a->base <= b->base + (b->size - 1) &&
	       b->base <= a->base + (a->size - 1);
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_ranges_overlap);
