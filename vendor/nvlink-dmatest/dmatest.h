/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NVLINK_DMATEST_H
#define NVLINK_DMATEST_H

#include <linux/types.h>

struct device;
struct iommu_domain;

/* What a case returns instead of 0 or an error where the device gives nothing to test. */
#define DMATEST_SKIP 1

/**
 * struct dmatest - the device under test
 * @dev: device whose DMA mappings are tried
 * @domain: the domain that translates its DMA, or NULL where nothing does
 */
struct dmatest {
	struct device *dev;
	struct iommu_domain *domain;
};

bool dmatest_leads_to(const struct dmatest *test, dma_addr_t dma,
		      phys_addr_t phys);
bool dmatest_leads_nowhere(const struct dmatest *test, dma_addr_t dma);

int dmatest_coherent(struct dmatest *test);
int dmatest_coherent_translated(struct dmatest *test);

int dmatest_directions(struct dmatest *test);
int dmatest_offsets(struct dmatest *test);
int dmatest_many(struct dmatest *test);

int dmatest_sg_lengths(struct dmatest *test);
int dmatest_sg_merged(struct dmatest *test);

#endif
