// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of a link in sysfs: each is a register or a pair of them.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "control.h"
#include "link.h"

struct counter {
	struct device_attribute attr;
	u32 offset;
};

static u32 offset_of(struct nvlink_link *link, struct device_attribute *attr)
{
	return container_of(attr, struct counter, attr)->offset +
	       link->index * NVLINK_BLOCK_LINK_STRIDE;
}

static ssize_t errors_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct nvlink_link *link = dev_get_drvdata(dev);
	u32 value;
	int err;

	err = nvlink_link_value(link, offset_of(link, attr), &value);
	return err ?: sysfs_emit(buf, "%u\n", value);
}

static ssize_t bytes_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct nvlink_link *link = dev_get_drvdata(dev);
	u64 value;
	int err;

	err = nvlink_link_bytes(link, offset_of(link, attr), &value);
	return err ?: sysfs_emit(buf, "%llu\n", value);
}

static ssize_t clear_counters_store(struct device *dev,
				    struct device_attribute *attr,
				    const char *buf, size_t count)
{
	bool yes;
	int err;

	err = kstrtobool(buf, &yes);
	if (err || !yes)
		return -EINVAL;
	err = nvlink_link_clear(dev_get_drvdata(dev));
	return err ?: count;
}
static DEVICE_ATTR_WO(clear_counters);

#define COUNTER(name, show, reg) \
	static struct counter counter_##name = { __ATTR(name, 0444, show, NULL), reg(0) }

COUNTER(attempts, errors_show, NVLINK_REG_LINK_ATTEMPTS);
COUNTER(tx_bytes, bytes_show, NVLINK_REG_LINK_TX_LO);
COUNTER(rx_bytes, bytes_show, NVLINK_REG_LINK_RX_LO);
COUNTER(replay_errors, errors_show, NVLINK_REG_LINK_REPLAY);
COUNTER(recovery_errors, errors_show, NVLINK_REG_LINK_RECOVERY);
COUNTER(crc_flit_errors, errors_show, NVLINK_REG_LINK_CRC_FLIT);
COUNTER(crc_data_errors, errors_show, NVLINK_REG_LINK_CRC_DATA);
COUNTER(ecc_errors, errors_show, NVLINK_REG_LINK_ECC);

static struct attribute *counter_attrs[] = {
	&counter_attempts.attr.attr,
	&counter_tx_bytes.attr.attr,
	&counter_rx_bytes.attr.attr,
	&counter_replay_errors.attr.attr,
	&counter_recovery_errors.attr.attr,
	&counter_crc_flit_errors.attr.attr,
	&counter_crc_data_errors.attr.attr,
	&counter_ecc_errors.attr.attr,
	&dev_attr_clear_counters.attr,
	NULL
};

const struct attribute_group nvlink_counter_group = {
	.attrs = counter_attrs,
};
