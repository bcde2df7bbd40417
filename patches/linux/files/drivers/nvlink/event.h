/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NVLINK_EVENT_H
#define NVLINK_EVENT_H

#include <linux/types.h>

struct nvlink;

/* event.c */
void nvlink_tell(struct nvlink *nv, const char *event);

/* notify.c: NVLINK_EVENT_* for who has the character device open */
void nvlink_event(struct nvlink *nv, u32 type, u32 index, u64 value);

#endif
