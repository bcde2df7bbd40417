// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers of a link that user space reads and writes through sysfs.
 */
#include <linux/errno.h>

#include "link.h"

/* A counter may really be at its end, where all its bits are ones. */
static int lost(struct nvlink *nv)
{
	if (nvlink_read(nv, NVLINK_REG_GLOBAL_ID) != U32_MAX)
		return 0;
	nvlink_report_dead(nv);
	return -ENODEV;
}

/**
 * nvlink_link_value() - read a register of a link
 * @link: the link
 * @offset: of the register
 * @value: where it is put
 *
 * Return: 0, or why the controller cannot be reached.
 */
int nvlink_link_value(struct nvlink_link *link, u32 offset, u32 *value)
{
	struct nvlink *nv = link->nv;
	int index = nvlink_enter(nv);
	int err = 0;

	if (index < 0)
		return index;
	*value = nvlink_read(nv, offset);
	if (*value == U32_MAX)
		err = lost(nv);
	nvlink_exit(nv, index);
	return err;
}

/**
 * nvlink_link_bytes() - read a pair of registers of a link
 * @link: the link
 * @low: offset of the low half, whose reading keeps the high half
 * @value: where the number is put
 *
 * Return: 0, or why the controller cannot be reached.
 */
int nvlink_link_bytes(struct nvlink_link *link, u32 low, u64 *value)
{
	struct nvlink *nv = link->nv;
	int index = nvlink_enter(nv);
	int err = 0;

	if (index < 0)
		return index;
	mutex_lock(&link->lock);
	*value = nvlink_read64(nv, low);
	mutex_unlock(&link->lock);
	if (*value == U64_MAX)
		err = lost(nv);
	nvlink_exit(nv, index);
	return err;
}

/**
 * nvlink_link_clear() - set the counters of a link to zero
 * @link: the link
 *
 * Return: 0, or why the controller cannot be reached.
 */
int nvlink_link_clear(struct nvlink_link *link)
{
	struct nvlink *nv = link->nv;
	int index = nvlink_enter(nv);

	if (index < 0)
		return index;
	mutex_lock(&link->lock);
	nvlink_link_command(link, NVLINK_COMMAND_CLEAR);
	mutex_unlock(&link->lock);
	nvlink_exit(nv, index);
	return 0;
}

/**
 * nvlink_link_limit() - set the speed limit of a link
 * @link: the link
 * @limit: MB/s, 0: none; kept over resets
 *
 * Return: 0, or why the controller cannot be reached.
 */
int nvlink_link_limit(struct nvlink_link *link, u32 limit)
{
	struct nvlink *nv = link->nv;
	int index = nvlink_enter(nv);

	if (index < 0)
		return index;
	mutex_lock(&link->lock);
	link->limit = limit;
	nvlink_write(nv, NVLINK_REG_LINK_LIMIT(link->index), limit);
	mutex_unlock(&link->lock);
	nvlink_exit(nv, index);
	return 0;
}
