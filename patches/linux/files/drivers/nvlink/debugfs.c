// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/nvlink/nvlinkN
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/seq_file.h>

#include "control.h"
#include "link.h"

static struct dentry *root;

static int nvlink_topology_seq_show(struct seq_file *m, void *unused)
{
	struct nvlink *nv = m->private;
	unsigned int n;

	for (n = 0; n < nv->facts.links; n++)
		nvlink_link_refresh(&nv->link[n]);
	nvlink_topology_show(m, nv);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(nvlink_topology_seq);

static int recovery_show(struct seq_file *m, void *unused)
{
	struct nvlink *nv = m->private;
	unsigned int n;

	seq_printf(m, "controller %s epoch %u resets %u tries %u failures %u interrupts %u\n",
		   nvlink_status_name(READ_ONCE(nv->status)),
		   READ_ONCE(nv->epoch), nv->resets, nv->reset_tries,
		   nv->reset_failures, nv->irqs);
	for (n = 0; n < nv->facts.links; n++) {
		struct nvlink_link *link = &nv->link[n];

		seq_printf(m, "link %u %s goal %s resets %u tries %u%s\n", n,
			   nvlink_state_name(READ_ONCE(link->state)),
			   nvlink_goal_name(READ_ONCE(link->goal)), link->resets,
			   link->tries, link->given_up ? " given up" : "");
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(recovery);

/**
 * nvlink_debugfs_add() - show a controller in debugfs
 * @nv: controller
 */
void nvlink_debugfs_add(struct nvlink *nv)
{
	nv->debugfs = debugfs_create_dir(dev_name(&nv->class_dev), root);
	debugfs_create_file("nvlink_topology", 0444, nv->debugfs, nv,
			    &nvlink_topology_seq_fops);
	debugfs_create_file("recovery", 0444, nv->debugfs, nv, &recovery_fops);
	nvlink_dma_debugfs(nv, nv->debugfs);
}

/**
 * nvlink_debugfs_remove() - remove a controller from debugfs
 * @nv: controller; no file of it is being read on return
 */
void nvlink_debugfs_remove(struct nvlink *nv)
{
	debugfs_remove_recursive(nv->debugfs);
}

/**
 * nvlink_debugfs_init() - make the directory of the driver
 */
void nvlink_debugfs_init(void)
{
	root = debugfs_create_dir("nvlink", NULL);
}

/**
 * nvlink_debugfs_exit() - remove the directory of the driver
 */
void nvlink_debugfs_exit(void)
{
	debugfs_remove_recursive(root);
}
