// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tries the DMA API on one device and reports to the kernel log in KTAP. No
 * device is told to do DMA: what is tried are the mappings themselves.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/pci.h>
#include <linux/platform_device.h>

#include "dmatest.h"

static char *device;
module_param(device, charp, 0444);
MODULE_PARM_DESC(device, "PCI or platform device (default: the first NVLink Fusion controller)");

static const struct {
	const char *name;
	int (*run)(struct dmatest *test);
} cases[] = {
	{ "coherent memory is zeroed, aligned and within the mask", dmatest_coherent },
	{ "coherent memory is reached through the IOMMU", dmatest_coherent_translated },
	{ "a buffer is mapped in each direction and back", dmatest_directions },
	{ "offsets inside of pages are kept", dmatest_offsets },
	{ "many mappings at once do not overlap", dmatest_many },
	{ "a scatter list is mapped as long as it is", dmatest_sg_lengths },
	{ "the IOMMU merges scattered pages", dmatest_sg_merged },
};

/**
 * dmatest_leads_to() - whether a DMA address leads to memory
 * @test: the device under test
 * @dma: address that the device would use
 * @phys: memory that it should reach
 *
 * Return: whether it does; true as well where no IOMMU could be asked.
 */
bool dmatest_leads_to(const struct dmatest *test, dma_addr_t dma,
		      phys_addr_t phys)
{
	if (!test->domain)
		return true;
	if (iommu_iova_to_phys(test->domain, dma) == phys)
		return true;
	pr_info("# %pad does not lead to %pap\n", &dma, &phys);
	return false;
}

/**
 * dmatest_leads_nowhere() - whether a DMA address is unmapped
 * @test: the device under test
 * @dma: address that the device would use
 *
 * Return: whether it is; true as well where no IOMMU could be asked.
 */
bool dmatest_leads_nowhere(const struct dmatest *test, dma_addr_t dma)
{
	if (!test->domain || !iommu_iova_to_phys(test->domain, dma))
		return true;
	pr_info("# %pad is still mapped\n", &dma);
	return false;
}

static int is_controller(struct device *dev, const void *unused)
{
	return of_device_is_compatible(dev->of_node, "nvidia,nvlink-fusion");
}

/* On PCI the function does the DMA, and a platform device may share its node. */
static struct device *find_controller(void)
{
	struct device *dev;

	dev = bus_find_device(&pci_bus_type, NULL, NULL, is_controller);
	if (!dev)
		dev = bus_find_device(&platform_bus_type, NULL, NULL, is_controller);
	return dev;
}

static struct device *find_device(void)
{
	struct device *dev;

	if (!device)
		return find_controller();
	dev = bus_find_device_by_name(&pci_bus_type, NULL, device);
	if (!dev)
		dev = bus_find_device_by_name(&platform_bus_type, NULL, device);
	return dev;
}

static void report(unsigned int number, const char *name, int result)
{
	if (result < 0) {
		pr_info("# error %d\n", result);
		pr_info("not ok %u %s\n", number, name);
	} else if (result == DMATEST_SKIP) {
		pr_info("ok %u %s # SKIP no IOMMU translates\n", number, name);
	} else {
		pr_info("ok %u %s\n", number, name);
	}
}

static int __init nvlink_dmatest_init(void)
{
	struct dmatest test = {};
	struct iommu_domain *domain;
	unsigned int i;

	test.dev = find_device();
	if (!test.dev) {
		pr_err("there is no device %s\n", device ?: "nvidia,nvlink-fusion");
		return -ENODEV;
	}
	if (!test.dev->dma_mask) {
		pr_err("%s does no DMA\n", dev_name(test.dev));
		put_device(test.dev);
		return -ENODEV;
	}
	domain = iommu_get_domain_for_dev(test.dev);
	if (domain && (domain->type & __IOMMU_DOMAIN_PAGING))
		test.domain = domain;

	pr_info("KTAP version 1\n");
	pr_info("1..%zu\n", ARRAY_SIZE(cases));
	pr_info("# %s, %s\n", dev_name(test.dev),
		test.domain ? "translated" : "not translated");
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		report(i + 1, cases[i].name, cases[i].run(&test));
	put_device(test.dev);
	return 0;
}

/* What was mapped is unmapped already; without this it could not be unloaded. */
static void __exit nvlink_dmatest_exit(void)
{
}

module_init(nvlink_dmatest_init);
module_exit(nvlink_dmatest_exit);

MODULE_AUTHOR("nvlab developers");
MODULE_DESCRIPTION("Tries the DMA API on an NVLink Fusion controller");
MODULE_LICENSE("GPL");
