// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device tree node of a controller tells.
 */
#include <linux/device.h>
#include <linux/of.h>

#include "contract.h"

static int read_u32(struct device *dev, struct device_node *np,
		    const char *name, u32 *value)
{
	int err = of_property_read_u32(np, name, value);

	if (err)
		dev_err(dev, "%pOF: property %s is missing or not one number\n",
			np, name);
	return err ? -EINVAL : 0;
}

static int read_peer(struct device *dev, struct device_node *np, u32 *peer)
{
	const char *name;

	if (of_property_read_string(np, "nvidia,peer", &name)) {
		dev_err(dev, "%pOF: property nvidia,peer is missing\n", np);
		return -EINVAL;
	}
	if (!strcmp(name, "gpu")) {
		*peer = NVLINK_PEER_GPU;
	} else if (!strcmp(name, "host")) {
		*peer = NVLINK_PEER_HOST;
	} else {
		dev_err(dev, "%pOF: nvidia,peer is \"%s\", neither gpu nor host\n",
			np, name);
		return -EINVAL;
	}
	return 0;
}

static int read_link(struct device *dev, struct device_node *np,
		     struct nvlink_node *node)
{
	struct nvlink_link_facts *link;
	u32 n;
	int err;

	err = read_u32(dev, np, "reg", &n);
	if (err)
		return err;
	if (n >= NVLINK_LINKS_MAX || node->seen & BIT(n)) {
		dev_err(dev, "%pOF: link %u is %s\n", np, n,
			n < NVLINK_LINKS_MAX ? "described twice" : "impossible");
		return -EINVAL;
	}

	link = &node->link[n];
	node->seen |= BIT(n);
	node->children++;
	return read_u32(dev, np, "nvidia,lanes", &link->lanes) ?:
	       read_u32(dev, np, "nvidia,max-speed-kBps",
			&node->max_speed_kbps[n]) ?:
	       read_u32(dev, np, "nvidia,peer-index", &link->peer_index) ?:
	       read_peer(dev, np, &link->peer);
}

static int read_ranges(struct device *dev, struct device_node *np,
		       struct nvlink_node *node)
{
	u64 pair[2 * NVLINK_WINDOWS_MAX];
	int cells = of_property_count_u64_elems(np, "dma-windows");
	unsigned int i, j;

	if (cells <= 0 || cells % 2 || cells > ARRAY_SIZE(pair) ||
	    of_property_read_u64_array(np, "dma-windows", pair, cells)) {
		dev_err(dev, "%pOF: dma-windows has to be 1 to %u pairs of 64-bit numbers\n",
			np, NVLINK_WINDOWS_MAX);
		return -EINVAL;
	}

	node->ranges = cells / 2;
	for (i = 0; i < node->ranges; i++) {
		struct nvlink_range *range = &node->range[i];

		range->base = pair[2 * i];
		range->size = pair[2 * i + 1];
		if (!nvlink_range_valid(range)) {
			dev_err(dev, "%pOF: DMA window %u, %#llx bytes at %#llx, is not made of whole 4 KiB pages\n",
				np, i, range->size, range->base);
			return -EINVAL;
		}
		for (j = 0; j < i; j++) {
			if (!nvlink_ranges_overlap(range, &node->range[j]))
				continue;
			dev_err(dev, "%pOF: DMA windows %u and %u overlap\n",
				np, j, i);
			return -EINVAL;
		}
	}
	return 0;
}

/**
 * nvlink_node_read() - read the device tree node of a controller
 * @dev: the device that has it
 * @node: where it is put
 *
 * Return: 0, -ENODEV where there is no usable node, -EINVAL where it does not
 * keep the binding.
 */
int nvlink_node_read(struct device *dev, struct nvlink_node *node)
{
	struct device_node *np = dev_of_node(dev);
	u32 version[2];
	int err;

	if (!np || !of_device_is_compatible(np, NVLINK_DT_COMPATIBLE)) {
		dev_err(dev, "no device tree node \"%s\" describes this controller\n",
			NVLINK_DT_COMPATIBLE);
		return -ENODEV;
	}
	if (!of_device_is_available(np)) {
		dev_err(dev, "%pOF: firmware has disabled this controller\n", np);
		return -ENODEV;
	}
	if (of_property_read_u32_array(np, "nvidia,contract", version, 2)) {
		dev_err(dev, "%pOF: property nvidia,contract is missing or not two numbers\n",
			np);
		return -EINVAL;
	}

	*node = (struct nvlink_node){
		.major = version[0],
		.minor = version[1],
		.coherent = of_property_read_bool(np, "dma-coherent"),
	};
	err = read_u32(dev, np, "link-count", &node->links) ?:
	      read_ranges(dev, np, node);
	if (err)
		return err;
	for_each_child_of_node_scoped(np, child) {
		if (!of_node_name_eq(child, "link"))
			continue;
		err = read_link(dev, child, node);
		if (err)
			return err;
	}
	return 0;
}
