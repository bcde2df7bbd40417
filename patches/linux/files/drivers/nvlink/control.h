/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The controller as a whole: life and death, interrupts, power.
 */
#ifndef NVLINK_CONTROL_H
#define NVLINK_CONTROL_H

#include "nvlink.h"

/* gate.c */
const char *nvlink_status_name(enum nvlink_status status);

/* start.c */
int nvlink_hardware_reset(struct nvlink *nv);
void nvlink_isolate(struct nvlink *nv);
int nvlink_start(struct nvlink *nv);
void nvlink_go(struct nvlink *nv);
void nvlink_quiesce(struct nvlink *nv, enum nvlink_status status, int error);

/* reset.c */
void nvlink_recovery_init(struct nvlink *nv);
void nvlink_recovery_exit(struct nvlink *nv);
void nvlink_retry(struct nvlink *nv, const char *reason);
int nvlink_reset(struct nvlink *nv);

/* health.c */
void nvlink_health_init(struct nvlink *nv);
void nvlink_health_watch(struct nvlink *nv);

/* irq.c */
int nvlink_irq_init(struct nvlink *nv);
void nvlink_irq_exit(struct nvlink *nv);
void nvlink_irq_enable(struct nvlink *nv);
void nvlink_irq_disable(struct nvlink *nv);
void nvlink_irq_poll(struct nvlink *nv);

/* pm.c */
extern const struct dev_pm_ops nvlink_pm_ops;

void nvlink_pm_init(struct nvlink *nv);
void nvlink_pm_exit(struct nvlink *nv);

/* sysfs.c, sysfs-link.c, counter.c, gpu.c */
extern const struct attribute_group *nvlink_groups[];
extern const struct attribute_group *nvlink_link_groups[];
extern const struct attribute_group nvlink_counter_group;
extern const struct attribute_group *nvlink_gpu_groups[];

/* devices.c */
int nvlink_devices_add(struct nvlink *nv);
void nvlink_devices_remove(struct nvlink *nv);

/* topology.c */
u32 nvlink_topology_group(const struct nvlink_facts *facts, unsigned int gpu);
void nvlink_topology_show(struct seq_file *m, struct nvlink *nv);
const char *nvlink_domain_name(struct nvlink *nv);

/* debugfs.c */
void nvlink_debugfs_init(void);
void nvlink_debugfs_exit(void);
void nvlink_debugfs_add(struct nvlink *nv);
void nvlink_debugfs_remove(struct nvlink *nv);

#endif
