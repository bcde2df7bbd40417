// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/nvlink/nvlinkN: the controller.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "control.h"
#include "link.h"

static ssize_t contract_version_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	struct nvlink *nv = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u.%u\n", nv->facts.major, nv->facts.minor);
}
static DEVICE_ATTR_RO(contract_version);

static ssize_t serial_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct nvlink *nv = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%#018llx\n", nv->facts.serial);
}
static DEVICE_ATTR_RO(serial);

static ssize_t link_count_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct nvlink *nv = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", nv->facts.links);
}
static DEVICE_ATTR_RO(link_count);

static ssize_t gpu_count_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct nvlink *nv = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", nv->facts.gpus);
}
static DEVICE_ATTR_RO(gpu_count);

static ssize_t channel_count_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	struct nvlink *nv = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", nv->facts.channels);
}
static DEVICE_ATTR_RO(channel_count);

static ssize_t capabilities_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	struct nvlink *nv = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s%s%s\n", nv->facts.coherent ? "coherent " : "",
			  nv->facts.peer ? "peer " : "",
			  nv->facts.call ? "call" : "");
}
static DEVICE_ATTR_RO(capabilities);

static ssize_t dma_windows_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	struct nvlink *nv = dev_get_drvdata(dev);
	unsigned int n;
	int len = 0;

	for (n = 0; n < nv->ranges; n++)
		len += sysfs_emit_at(buf, len, "%#llx %#llx\n",
				     nv->range[n].base, nv->range[n].size);
	return len;
}
static DEVICE_ATTR_RO(dma_windows);

static ssize_t iommu_domain_type_show(struct device *dev,
				      struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", nvlink_domain_name(dev_get_drvdata(dev)));
}
static DEVICE_ATTR_RO(iommu_domain_type);

static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct nvlink *nv = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n", nvlink_status_name(READ_ONCE(nv->status)));
}
static DEVICE_ATTR_RO(state);

static ssize_t generation_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct nvlink *nv = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(nv->generation));
}
static DEVICE_ATTR_RO(generation);

static ssize_t resets_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct nvlink *nv = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(nv->resets));
}
static DEVICE_ATTR_RO(resets);

static ssize_t firmware_state_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	static const char *const names[] = NVLINK_FIRMWARE_NAMES;
	struct nvlink *nv = dev_get_drvdata(dev);
	u32 state = NVLINK_FIELD(NVLINK_GLOBAL_FIRMWARE_STATE, nv->firmware);

	return sysfs_emit(buf, "%s\n",
			  state < ARRAY_SIZE(names) ? names[state] : "UNKNOWN");
}
static DEVICE_ATTR_RO(firmware_state);

static ssize_t reset_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	bool yes;
	int err;

	err = kstrtobool(buf, &yes);
	if (err || !yes)
		return -EINVAL;
	err = nvlink_reset(dev_get_drvdata(dev));
	return err ?: count;
}
static DEVICE_ATTR_WO(reset);

static struct attribute *nvlink_attrs[] = {
	&dev_attr_contract_version.attr,
	&dev_attr_serial.attr,
	&dev_attr_link_count.attr,
	&dev_attr_gpu_count.attr,
	&dev_attr_channel_count.attr,
	&dev_attr_capabilities.attr,
	&dev_attr_dma_windows.attr,
	&dev_attr_iommu_domain_type.attr,
	&dev_attr_state.attr,
	&dev_attr_generation.attr,
	&dev_attr_resets.attr,
	&dev_attr_firmware_state.attr,
	&dev_attr_reset.attr,
	NULL
};

static const struct attribute_group nvlink_group = {
	.attrs = nvlink_attrs,
};

const struct attribute_group *nvlink_groups[] = { &nvlink_group, NULL };
