// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/nvlink/nvlinkN-gpuM: a GPU.
 */
#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/sysfs.h>

#include "contract.h"
#include "control.h"

static const struct nvlink_gpu_facts *facts(struct nvlink_gpu *gpu)
{
	return &gpu->nv->facts.gpu[gpu->index];
}

static ssize_t memory_bytes_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", facts(dev_get_drvdata(dev))->memory);
}
static DEVICE_ATTR_RO(memory_bytes);

static ssize_t identity_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%#018llx\n", facts(dev_get_drvdata(dev))->identity);
}
static DEVICE_ATTR_RO(identity);

static ssize_t links_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	unsigned long links = facts(dev_get_drvdata(dev))->links;

	return sysfs_emit(buf, "%*pbl\n", NVLINK_LINKS_MAX, &links);
}
static DEVICE_ATTR_RO(links);

static ssize_t links_up_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct nvlink_gpu *gpu = dev_get_drvdata(dev);
	unsigned long links = nvlink_links_up_to_gpu(gpu->nv, gpu->index);

	return sysfs_emit(buf, "%*pbl\n", NVLINK_LINKS_MAX, &links);
}
static DEVICE_ATTR_RO(links_up);

static ssize_t reachable_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct nvlink_gpu *gpu = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n",
			  !nvlink_alive(gpu->nv) &&
			  nvlink_links_up_to_gpu(gpu->nv, gpu->index));
}
static DEVICE_ATTR_RO(reachable);

static ssize_t peers_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct nvlink_gpu *gpu = dev_get_drvdata(dev);
	unsigned int other;
	int len = 0;

	for (other = 0; other < gpu->nv->facts.gpus; other++) {
		u32 links = nvlink_adjacency(facts(gpu), other);

		if (links)
			len += sysfs_emit_at(buf, len, "%sgpu%u:%u",
					     len ? " " : "", other, links);
	}
	return len + sysfs_emit_at(buf, len, "\n");
}
static DEVICE_ATTR_RO(peers);

static struct attribute *gpu_attrs[] = {
	&dev_attr_memory_bytes.attr,
	&dev_attr_identity.attr,
	&dev_attr_links.attr,
	&dev_attr_links_up.attr,
	&dev_attr_reachable.attr,
	&dev_attr_peers.attr,
	NULL
};

static const struct attribute_group gpu_group = {
	.attrs = gpu_attrs,
};

const struct attribute_group *nvlink_gpu_groups[] = { &gpu_group, NULL };
