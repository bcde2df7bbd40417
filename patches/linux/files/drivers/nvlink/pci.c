// SPDX-License-Identifier: GPL-2.0-only
/*
 * NVLink Fusion controllers that are a PCI function: makes the platform device
 * that the core driver binds to. DMA and interrupts are those of the function.
 */
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/pci.h>
#include <linux/platform_device.h>

#include "nvlink.h"

#define REGISTERS_BAR 0

static DEFINE_IDA(ids);

static const char *const cause_names[NVLINK_CAUSE_COUNT] = {
	[NVLINK_CAUSE_LINK] = "link",
	[NVLINK_CAUSE_ERROR] = "error",
	[NVLINK_CAUSE_DMA] = "dma",
	[NVLINK_CAUSE_FAULT] = "fault",
	[NVLINK_CAUSE_DOORBELL] = "doorbell",
	[NVLINK_CAUSE_FATAL] = "fatal",
};

/**
 * struct nvlink_function - a PCI function
 * @core: platform device
 * @saved: configuration space as it is in use
 */
struct nvlink_function {
	struct platform_device *core;
	struct pci_saved_state *saved;
};

/*
 * The device may have forgotten its messages while its configuration space
 * still says that they are on: switch them off first.
 */
static int restore(struct device *parent)
{
	struct pci_dev *pdev = to_pci_dev(parent);
	struct nvlink_function *function = pci_get_drvdata(pdev);
	u16 flags;

	if (pdev->msix_enabled) {
		pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &flags);
		pci_write_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS,
				      flags & ~PCI_MSIX_FLAGS_ENABLE);
	}
	if (pci_load_saved_state(pdev, function->saved))
		return -ENODEV;
	pci_restore_state(pdev);
	return 0;
}

/* What does not stop by itself reaches no memory any more. */
static void isolate(struct device *parent)
{
	pci_clear_master(to_pci_dev(parent));
}

static const struct nvlink_glue glue = { .restore = restore, .isolate = isolate };

static int get_vectors(struct pci_dev *pdev)
{
	int count;

	count = pci_alloc_irq_vectors(pdev, NVLINK_CAUSE_COUNT,
				      NVLINK_CAUSE_COUNT, PCI_IRQ_MSIX);
	if (count > 0)
		return count;
	return pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
}

static void describe(struct pci_dev *pdev, struct resource *res, int vectors)
{
	int n;

	res[0] = pdev->resource[REGISTERS_BAR];
	res[0].name = "registers";
	/* Inside the BAR, not around it: release_resource() drops children. */
	res[0].parent = &pdev->resource[REGISTERS_BAR];
	res[0].sibling = NULL;
	res[0].child = NULL;
	for (n = 0; n < vectors; n++)
		res[1 + n] = DEFINE_RES_IRQ_NAMED(pci_irq_vector(pdev, n),
						  vectors > 1 ? cause_names[n] : "all");
}

static struct platform_device *make_core(struct pci_dev *pdev, int vectors)
{
	struct resource res[1 + NVLINK_CAUSE_COUNT];
	struct platform_device *core;
	int id, err;

	id = ida_alloc(&ids, GFP_KERNEL);
	if (id < 0)
		return ERR_PTR(id);
	core = platform_device_alloc("nvlink-fusion", id);
	if (!core) {
		ida_free(&ids, id);
		return ERR_PTR(-ENOMEM);
	}

	core->dev.parent = &pdev->dev;
	device_set_of_node_from_dev(&core->dev, &pdev->dev);
	describe(pdev, res, vectors);
	err = platform_device_add_resources(core, res, 1 + vectors);
	err = err ?: platform_device_add_data(core, &glue, sizeof(glue));
	err = err ?: platform_device_add(core);
	if (!err)
		return core;
	platform_device_put(core);
	ida_free(&ids, id);
	return ERR_PTR(err);
}

static int nvlink_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct nvlink_function *function;
	int vectors, err;

	function = devm_kzalloc(&pdev->dev, sizeof(*function), GFP_KERNEL);
	if (!function)
		return -ENOMEM;
	err = pcim_enable_device(pdev);
	if (err)
		return err;
	if (!(pci_resource_flags(pdev, REGISTERS_BAR) & IORESOURCE_MEM) ||
	    pci_resource_len(pdev, REGISTERS_BAR) != NVLINK_PCI_BAR0_SIZE)
		return dev_err_probe(&pdev->dev, -EPROTO,
				     "BAR %d has %llu bytes, the contract says %u\n",
				     REGISTERS_BAR,
				     (u64)pci_resource_len(pdev, REGISTERS_BAR),
				     NVLINK_PCI_BAR0_SIZE);
	pci_set_master(pdev);
	vectors = get_vectors(pdev);
	if (vectors < 0)
		return dev_err_probe(&pdev->dev, vectors, "no interrupts\n");

	pci_save_state(pdev);
	function->saved = pci_store_saved_state(pdev);
	if (!function->saved) {
		err = -ENOMEM;
		goto free_vectors;
	}
	pci_set_drvdata(pdev, function);
	function->core = make_core(pdev, vectors);
	if (IS_ERR(function->core)) {
		err = PTR_ERR(function->core);
		goto free_state;
	}
	return 0;

free_state:
	kfree(function->saved);
free_vectors:
	pci_free_irq_vectors(pdev);
	pci_clear_master(pdev);
	return err;
}

static void nvlink_pci_remove(struct pci_dev *pdev)
{
	struct nvlink_function *function = pci_get_drvdata(pdev);
	int id = function->core->id;

	platform_device_unregister(function->core);
	ida_free(&ids, id);
	kfree(function->saved);
	pci_free_irq_vectors(pdev);
	pci_clear_master(pdev);
}

/* The core sees by itself that the registers are away, and when they are back. */
static pci_ers_result_t error_detected(struct pci_dev *pdev,
				       pci_channel_state_t state)
{
	switch (state) {
	case pci_channel_io_normal:
		return PCI_ERS_RESULT_CAN_RECOVER;
	case pci_channel_io_perm_failure:
		return PCI_ERS_RESULT_DISCONNECT;
	default:
		return PCI_ERS_RESULT_NEED_RESET;
	}
}

static pci_ers_result_t slot_reset(struct pci_dev *pdev)
{
	return restore(&pdev->dev) ? PCI_ERS_RESULT_DISCONNECT :
				     PCI_ERS_RESULT_RECOVERED;
}

static const struct pci_error_handlers nvlink_pci_errors = {
	.error_detected = error_detected,
	.slot_reset = slot_reset,
};

static const struct pci_device_id nvlink_pci_ids[] = {
	{ PCI_DEVICE(NVLINK_PCI_VENDOR, NVLINK_PCI_DEVICE) },
	{ }
};
MODULE_DEVICE_TABLE(pci, nvlink_pci_ids);

static struct pci_driver nvlink_pci_driver = {
	.name = "nvlink-fusion-pci",
	.id_table = nvlink_pci_ids,
	.probe = nvlink_pci_probe,
	.remove = nvlink_pci_remove,
	.err_handler = &nvlink_pci_errors,
};
module_pci_driver(nvlink_pci_driver);

MODULE_DESCRIPTION("NVLink Fusion controllers behind PCI");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("post: nvlink_fusion");
