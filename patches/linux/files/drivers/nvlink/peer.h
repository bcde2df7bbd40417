/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How GPUs reach each other.
 */
#ifndef NVLINK_PEER_H
#define NVLINK_PEER_H

#include "nvlink.h"

u32 nvlink_peer_links(struct nvlink *nv, u32 gpu);
u32 nvlink_peer_path(struct nvlink *nv, u32 from, u32 to, u32 *links);
int nvlink_peer_link(struct nvlink *nv, u32 link, u32 gpu);
bool nvlink_peer_gpu(struct nvlink *nv, u32 gpu);

#endif
