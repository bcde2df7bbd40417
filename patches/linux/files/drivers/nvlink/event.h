/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NVLINK_EVENT_H
#define NVLINK_EVENT_H

struct nvlink;

/* event.c */
void nvlink_tell(struct nvlink *nv, const char *event);

#endif
