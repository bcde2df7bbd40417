// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/nvlink/nvlinkN-linkM: a link.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "control.h"
#include "link.h"

static const struct nvlink_link_facts *facts(struct nvlink_link *link)
{
	return &link->nv->facts.link[link->index];
}

static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct nvlink_link *link = dev_get_drvdata(dev);

	nvlink_link_refresh(link);
	return sysfs_emit(buf, "%s\n", nvlink_state_name(READ_ONCE(link->state)));
}
static DEVICE_ATTR_RO(state);

static ssize_t error_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct nvlink_link *link = dev_get_drvdata(dev);

	nvlink_link_refresh(link);
	return sysfs_emit(buf, "%s\n", nvlink_error_name(READ_ONCE(link->error)));
}
static DEVICE_ATTR_RO(error);

static ssize_t speed_mbps_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct nvlink_link *link = dev_get_drvdata(dev);

	nvlink_link_refresh(link);
	return sysfs_emit(buf, "%u\n", READ_ONCE(link->speed));
}
static DEVICE_ATTR_RO(speed_mbps);

static ssize_t lanes_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%u\n", facts(dev_get_drvdata(dev))->lanes);
}
static DEVICE_ATTR_RO(lanes);

static ssize_t max_speed_mbps_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", facts(dev_get_drvdata(dev))->max_speed);
}
static DEVICE_ATTR_RO(max_speed_mbps);

static ssize_t peer_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	const struct nvlink_link_facts *link = facts(dev_get_drvdata(dev));

	switch (link->peer) {
	case NVLINK_PEER_GPU:
		return sysfs_emit(buf, "gpu%u\n", link->peer_index);
	case NVLINK_PEER_HOST:
		return sysfs_emit(buf, "host%u\n", link->peer_index);
	default:
		return sysfs_emit(buf, "none\n");
	}
}
static DEVICE_ATTR_RO(peer);

static ssize_t peer_index_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", facts(dev_get_drvdata(dev))->peer_index);
}
static DEVICE_ATTR_RO(peer_index);

static ssize_t resets_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct nvlink_link *link = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(link->resets));
}
static DEVICE_ATTR_RO(resets);

static ssize_t reset_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct nvlink_link *link = dev_get_drvdata(dev);
	bool yes;
	int err;

	err = kstrtobool(buf, &yes);
	if (err || !yes)
		return -EINVAL;
	err = nvlink_link_reset(link->nv, link->index);
	return err ?: count;
}
static DEVICE_ATTR_WO(reset);

static ssize_t limit_mbps_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct nvlink_link *link = dev_get_drvdata(dev);
	u32 limit;
	int err;

	err = nvlink_link_value(link, NVLINK_REG_LINK_LIMIT(link->index), &limit);
	return err ?: sysfs_emit(buf, "%u\n", limit);
}

static ssize_t limit_mbps_store(struct device *dev,
				struct device_attribute *attr, const char *buf,
				size_t count)
{
	u32 limit;
	int err;

	err = kstrtou32(buf, 0, &limit);
	err = err ?: nvlink_link_limit(dev_get_drvdata(dev), limit);
	return err ?: count;
}
static DEVICE_ATTR_RW(limit_mbps);

static struct attribute *link_attrs[] = {
	&dev_attr_state.attr,
	&dev_attr_error.attr,
	&dev_attr_speed_mbps.attr,
	&dev_attr_lanes.attr,
	&dev_attr_max_speed_mbps.attr,
	&dev_attr_peer.attr,
	&dev_attr_peer_index.attr,
	&dev_attr_resets.attr,
	&dev_attr_reset.attr,
	&dev_attr_limit_mbps.attr,
	NULL
};

static const struct attribute_group link_group = {
	.attrs = link_attrs,
};

const struct attribute_group *nvlink_link_groups[] = {
	&link_group,
	&nvlink_counter_group,
	NULL
};
