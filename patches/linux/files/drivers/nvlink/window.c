// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA windows: which bus addresses the controller may be given.
 *
 * The device tree says which ranges there are, the IOMMU domain which of them
 * can be mapped. What remains is opened in the controller, and the DMA mask makes
 * the DMA API choose addresses inside. Each mapping is checked nevertheless: a
 * mask cannot express a lower bound.
 */
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/log2.h>

#include "dma.h"

/* Cut a range to what the IOMMU domain translates. */
static bool clip(struct nvlink_range *range, struct iommu_domain *domain)
{
	u64 first = range->base;
	u64 last = range->base + (range->size - 1);

	if (domain && domain->geometry.force_aperture) {
		first = max_t(u64, first, ALIGN(domain->geometry.aperture_start,
						SZ_4K));
		last = min_t(u64, last, domain->geometry.aperture_end);
		if (first > last)
			return false;
	}
	range->base = first;
	range->size = ALIGN_DOWN(last - first + 1, SZ_4K);
	return range->size;
}

/* Bits of the largest mask that stays below the end of some window. */
static unsigned int mask_bits(struct nvlink_dma *dma)
{
	unsigned int bits = 0;
	unsigned int n;

	for (n = 0; n < dma->windows; n++) {
		u64 end = dma->window[n].base + dma->window[n].size;
		unsigned int fit = end ? ilog2(end) : 64;

		if (dma->window[n].base <= DMA_BIT_MASK(fit))
			bits = max(bits, fit);
	}
	return bits;
}

/**
 * nvlink_windows_init() - find out which windows can be used
 * @dma: the data path
 *
 * Sets the DMA mask of the device that the DMA API maps for.
 *
 * Return: 0, or -ENXIO where no window is usable.
 */
int nvlink_windows_init(struct nvlink_dma *dma)
{
	struct nvlink *nv = dma->nv;
	struct iommu_domain *domain = iommu_get_domain_for_dev(nv->dma_dev);
	unsigned int limit = min(nv->ranges, nv->facts.windows);
	unsigned int bits;
	unsigned int n;
	int ret;

	for (n = 0; n < limit; n++) {
		struct nvlink_range range = nv->range[n];

		if (clip(&range, domain))
			dma->window[dma->windows++] = range;
	}
	bits = mask_bits(dma);
	if (bits < PAGE_SHIFT) {
		dev_err(nv->dev, "no DMA window is usable\n");
		return -ENXIO;
	}

	ret = dma_set_mask_and_coherent(nv->dma_dev, DMA_BIT_MASK(bits));
	if (ret) {
		dev_err(nv->dev, "no DMA with addresses of %u bits\n", bits);
		return ret;
	}
	dma_set_max_seg_size(nv->dma_dev, UINT_MAX);
	return 0;
}

static void write_window(struct nvlink *nv, unsigned int n, u64 base, u64 size,
			 u32 control)
{
	nvlink_write(nv, NVLINK_REG_WINDOW_CONTROL(n), 0);
	nvlink_write64(nv, NVLINK_REG_WINDOW_BASE_LO(n), base);
	nvlink_write64(nv, NVLINK_REG_WINDOW_SIZE_LO(n), size);
	nvlink_write(nv, NVLINK_REG_WINDOW_CONTROL(n), control);
}

/**
 * nvlink_windows_open() - let the controller use its windows
 * @dma: the data path of a controller whose registers are fresh
 */
void nvlink_windows_open(struct nvlink_dma *dma)
{
	unsigned int n;

	for (n = 0; n < dma->windows; n++)
		write_window(dma->nv, n, dma->window[n].base, dma->window[n].size,
			     NVLINK_WINDOW_CONTROL_READ_MASK |
			     NVLINK_WINDOW_CONTROL_WRITE_MASK);
	/* What firmware may have left open beyond those. */
	for (; n < dma->nv->facts.windows; n++)
		nvlink_write(dma->nv, NVLINK_REG_WINDOW_CONTROL(n), 0);
}

/**
 * nvlink_windows_close() - let nothing through any more
 * @dma: the data path
 */
void nvlink_windows_close(struct nvlink_dma *dma)
{
	unsigned int n;

	for (n = 0; n < dma->nv->facts.windows; n++)
		nvlink_write(dma->nv, NVLINK_REG_WINDOW_CONTROL(n), 0);
}

/**
 * nvlink_window_holds() - whether a range is inside one window
 * @dma: the data path
 * @address: bus address
 * @size: bytes, at least 1
 *
 * Return: true where it is.
 */
bool nvlink_window_holds(struct nvlink_dma *dma, u64 address, u64 size)
{
	unsigned int n;

	for (n = 0; n < dma->windows; n++) {
		const struct nvlink_range *window = &dma->window[n];

		if (address >= window->base &&
		    address - window->base < window->size &&
		    size <= window->size - (address - window->base))
			return true;
	}
	return false;
}

/**
 * nvlink_window_check() - whether a mapping is inside the windows
 * @dma: the data path
 * @table: what dma_map_sgtable() has mapped
 *
 * Return: 0, or -ERANGE.
 */
int nvlink_window_check(struct nvlink_dma *dma, struct sg_table *table)
{
	struct scatterlist *sg;
	int i;

	for_each_sgtable_dma_sg(table, sg, i) {
		if (nvlink_window_holds(dma, sg_dma_address(sg),
					sg_dma_len(sg)))
			continue;
		dev_err_ratelimited(dma->nv->dev,
				    "mapped outside the DMA windows: %pad, %u bytes\n",
				    &sg_dma_address(sg), sg_dma_len(sg));
		return -ERANGE;
	}
	return 0;
}
