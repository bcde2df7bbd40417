// SPDX-License-Identifier: GPL-2.0-only
/*
 * NVLink Fusion controllers: the platform driver.
 */
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <uapi/linux/nvlink.h>

#include "contract.h"
#include "control.h"
#include "event.h"
#include "link.h"

#define MINORS 64

static DEFINE_IDA(ids);
static dev_t first_devt;

/* Devices of controllers, links and GPUs. */
const struct class nvlink_class = {
	.name = "nvlink",
};

static void release(struct device *dev)
{
	struct nvlink *nv = container_of(dev, struct nvlink, class_dev);

	cleanup_srcu_struct(&nv->srcu);
	mutex_destroy(&nv->state_lock);
	put_device(nv->dev);
	kfree(nv);
}

static int init_device(struct nvlink *nv)
{
	struct device *dev = &nv->class_dev;

	device_initialize(dev);
	dev->class = &nvlink_class;
	dev->parent = nv->dev;
	dev->groups = nvlink_groups;
	dev->devt = MKDEV(MAJOR(first_devt), nv->id);
	dev->release = release;
	dev_set_drvdata(dev, nv);
	return dev_set_name(dev, "nvlink%d", nv->id);
}

/* From here on the number belongs to the next controller. */
static void drop(struct nvlink *nv)
{
	if (nv->wq)
		destroy_workqueue(nv->wq);
	ida_free(&ids, nv->id);
	nvlink_put(nv);
}

static struct nvlink *alloc(struct device *parent)
{
	struct nvlink *nv = kzalloc(sizeof(*nv), GFP_KERNEL);
	int err;

	if (!nv)
		return ERR_PTR(-ENOMEM);
	err = init_srcu_struct(&nv->srcu);
	if (err)
		goto free;
	nv->id = ida_alloc_max(&ids, MINORS - 1, GFP_KERNEL);
	if (nv->id < 0) {
		err = nv->id;
		goto cleanup;
	}
	nv->dev = get_device(parent);
	nv->dma_dev = dev_get_platdata(parent) ? parent->parent : parent;
	mutex_init(&nv->state_lock);
	nvlink_recovery_init(nv);
	err = init_device(nv);
	if (err) {
		drop(nv);
		return ERR_PTR(err);
	}
	return nv;

cleanup:
	cleanup_srcu_struct(&nv->srcu);
free:
	kfree(nv);
	return ERR_PTR(err);
}

static bool channels_quiet(struct nvlink *nv)
{
	unsigned int n;

	for (n = 0; n < nv->facts.channels; n++)
		if (nvlink_read(nv, NVLINK_REG_CHANNEL_CONTROL(n)))
			return false;
	return true;
}

/* Links that firmware has trained stay up, where it kept its promise. */
static int take_over(struct nvlink *nv)
{
	const struct nvlink_glue *glue = dev_get_platdata(nv->dev);
	u32 status = nvlink_read(nv, NVLINK_REG_GLOBAL_STATUS);
	int err = 0;

	nv->firmware = nvlink_read(nv, NVLINK_REG_GLOBAL_FIRMWARE);
	nvlink_irq_disable(nv);
	if (status & NVLINK_GLOBAL_STATUS_FATAL_MASK ||
	    !(status & NVLINK_GLOBAL_STATUS_READY_MASK) || !channels_quiet(nv)) {
		dev_warn(nv->dev, "handed over with status %#x or running channels: reset\n",
			 status);
		if (glue && glue->restore)
			err = glue->restore(nv->dev->parent);
		err = err ?: nvlink_hardware_reset(nv);
	}
	return err ?: nvlink_start(nv);
}

static void leave(struct nvlink *nv)
{
	bool told;

	mutex_lock(&nv->state_lock);
	told = nv->status == NVLINK_LOST || nv->status == NVLINK_GONE;
	nvlink_quiesce(nv, NVLINK_GONE, -ENODEV);
	mutex_unlock(&nv->state_lock);
	nvlink_recovery_exit(nv);
	if (!told)
		nvlink_event(nv, NVLINK_EVENT_REMOVED, 0, 0);
}

static int bring_up(struct nvlink *nv)
{
	int err;

	err = nvlink_contract_read(nv);
	if (err)
		return err;
	nvlink_links_init(nv);
	err = nvlink_dma_init(nv);
	if (err)
		return dev_err_probe(nv->dev, err, "cannot prepare DMA\n");
	err = take_over(nv);
	if (err) {
		dev_err(nv->dev, "cannot start the controller: %d\n", err);
		goto exit_dma;
	}
	err = nvlink_irq_init(nv);
	if (err)
		goto stop_dma;

	nvlink_pm_init(nv);
	nvlink_debugfs_add(nv);
	WRITE_ONCE(nv->status, NVLINK_ALIVE);
	err = nvlink_devices_add(nv);
	if (err) {
		dev_err(nv->dev, "cannot add devices: %d\n", err);
		goto exit_irq;
	}
	nvlink_go(nv);
	return 0;

exit_irq:
	leave(nv);
	nvlink_debugfs_remove(nv);
	nvlink_pm_exit(nv);
	nvlink_irq_exit(nv);
stop_dma:
	nvlink_dma_stop(nv, -ENODEV);
exit_dma:
	nvlink_dma_exit(nv);
	return err;
}

static int nvlink_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	void __iomem *regs = devm_platform_ioremap_resource(pdev, 0);
	struct nvlink *nv;
	int err;

	if (IS_ERR(regs))
		return PTR_ERR(regs);
	nv = alloc(dev);
	if (IS_ERR(nv))
		return PTR_ERR(nv);
	nv->regs = regs;
	/* Runtime power management, which begins during bring_up(), looks there. */
	platform_set_drvdata(pdev, nv);
	nv->wq = alloc_workqueue("%s", WQ_UNBOUND | WQ_FREEZABLE | WQ_MEM_RECLAIM,
				 0, dev_name(&nv->class_dev));
	err = nv->wq ? bring_up(nv) : -ENOMEM;
	if (err) {
		WRITE_ONCE(nv->status, NVLINK_GONE);
		nvlink_recovery_exit(nv);
		drop(nv);
		return err;
	}

	dev_info(dev, "%s: contract %u.%u, %u links, %u GPUs, serial number %#llx\n",
		 dev_name(&nv->class_dev), nv->facts.major, nv->facts.minor,
		 nv->facts.links, nv->facts.gpus, nv->facts.serial);
	return 0;
}

static void nvlink_shutdown(struct platform_device *pdev)
{
	leave(platform_get_drvdata(pdev));
}

static void nvlink_remove(struct platform_device *pdev)
{
	struct nvlink *nv = platform_get_drvdata(pdev);

	leave(nv);
	nvlink_devices_remove(nv);
	nvlink_debugfs_remove(nv);
	nvlink_pm_exit(nv);
	nvlink_irq_exit(nv);
	nvlink_dma_exit(nv);
	nvlink_write(nv, NVLINK_REG_GLOBAL_CONTROL, 0);
	drop(nv);
}

static const struct of_device_id nvlink_of_match[] = {
	{ .compatible = NVLINK_DT_COMPATIBLE },
	{ }
};
MODULE_DEVICE_TABLE(of, nvlink_of_match);

static const struct platform_device_id nvlink_ids[] = {
	{ "nvlink-fusion" },
	{ }
};
MODULE_DEVICE_TABLE(platform, nvlink_ids);

static struct platform_driver nvlink_driver = {
	.probe = nvlink_probe,
	.remove = nvlink_remove,
	.shutdown = nvlink_shutdown,
	.id_table = nvlink_ids,
	.driver = {
		.name = "nvlink-fusion",
		.of_match_table = nvlink_of_match,
		.pm = pm_ptr(&nvlink_pm_ops),
	},
};

static int __init nvlink_init(void)
{
	int err;

	err = alloc_chrdev_region(&first_devt, 0, MINORS, "nvlink");
	if (err)
		return err;
	err = class_register(&nvlink_class);
	if (err)
		goto unregister_chrdev;
	nvlink_debugfs_init();
	err = platform_driver_register(&nvlink_driver);
	if (err)
		goto unregister_class;
	return 0;

unregister_class:
	nvlink_debugfs_exit();
	class_unregister(&nvlink_class);
unregister_chrdev:
	unregister_chrdev_region(first_devt, MINORS);
	return err;
}
module_init(nvlink_init);

static void __exit nvlink_exit_module(void)
{
	platform_driver_unregister(&nvlink_driver);
	nvlink_debugfs_exit();
	class_unregister(&nvlink_class);
	unregister_chrdev_region(first_devt, MINORS);
	ida_destroy(&ids);
	/* Fences are freed by callbacks, see fence.c. */
	rcu_barrier();
}
module_exit(nvlink_exit_module);

MODULE_DESCRIPTION("NVLink Fusion controllers");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("DMA_BUF");
