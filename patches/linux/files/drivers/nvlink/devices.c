// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices that user space sees: a controller, its links, its GPUs.
 */
#include <linux/device.h>
#include <linux/err.h>

#include "control.h"

static struct device *add(struct nvlink *nv, const char *kind, unsigned int n,
			  const struct attribute_group **groups, void *data)
{
	return device_create_with_groups(&nvlink_class, &nv->class_dev, 0, data,
					 groups, "%s-%s%u",
					 dev_name(&nv->class_dev), kind, n);
}

static void remove_children(struct nvlink *nv)
{
	unsigned int n;

	for (n = 0; n < nv->facts.links; n++) {
		if (nv->link[n].dev)
			device_unregister(nv->link[n].dev);
		nv->link[n].dev = NULL;
	}
	for (n = 0; n < nv->facts.gpus; n++) {
		if (nv->gpu[n].dev)
			device_unregister(nv->gpu[n].dev);
		nv->gpu[n].dev = NULL;
	}
}

static int add_children(struct nvlink *nv)
{
	struct device *dev;
	unsigned int n;

	for (n = 0; n < nv->facts.links; n++) {
		dev = add(nv, "link", n, nvlink_link_groups, &nv->link[n]);
		if (IS_ERR(dev))
			return PTR_ERR(dev);
		/* Pairs with those who send its events. */
		smp_store_release(&nv->link[n].dev, dev);
	}
	for (n = 0; n < nv->facts.gpus; n++) {
		nv->gpu[n].nv = nv;
		nv->gpu[n].index = n;
		dev = add(nv, "gpu", n, nvlink_gpu_groups, &nv->gpu[n]);
		if (IS_ERR(dev))
			return PTR_ERR(dev);
		nv->gpu[n].dev = dev;
	}
	return 0;
}

/**
 * nvlink_devices_add() - add all devices of a controller
 * @nv: controller that is alive
 *
 * Return: 0 or a negative error.
 */
int nvlink_devices_add(struct nvlink *nv)
{
	int err;

	err = nvlink_cdev_add(nv);
	if (err)
		return err;
	err = add_children(nv);
	if (err)
		nvlink_devices_remove(nv);
	return err;
}

/**
 * nvlink_devices_remove() - remove all devices of a controller
 * @nv: controller that nobody is inside of
 */
void nvlink_devices_remove(struct nvlink *nv)
{
	remove_children(nv);
	nvlink_cdev_remove(nv);
}
