/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract between firmware and kernel: what the registers tell, what the
 * device tree node tells, and whether they agree.
 */
#ifndef NVLINK_CHECK_H
#define NVLINK_CHECK_H

#include "nvlink.h"

/**
 * struct nvlink_node - what the device tree node tells
 * @major: major number of the contract
 * @minor: minor number of the contract
 * @links: link-count
 * @children: link nodes
 * @link: each link; present where its bit is set in @seen
 * @max_speed_kbps: fastest speed of each link, 1000 bytes a second
 * @seen: bits of the links that have a node
 * @range: DMA windows
 * @ranges: number of them
 * @coherent: accesses are coherent
 */
struct nvlink_node {
	u32 major;
	u32 minor;
	u32 links;
	u32 children;
	struct nvlink_link_facts link[NVLINK_LINKS_MAX];
	u32 max_speed_kbps[NVLINK_LINKS_MAX];
	u32 seen;
	struct nvlink_range range[NVLINK_WINDOWS_MAX];
	u32 ranges;
	bool coherent;
};

/**
 * struct nvlink_critic - who hears of each fault that a check finds
 * @node: the device tree and the registers disagree
 * @registers: registers hold what cannot be
 *
 * @index is the number of the link, GPU or window, or -1.
 */
struct nvlink_critic {
	void (*node)(struct nvlink_critic *critic, const char *what, int index,
		     u64 node, u64 registers);
	void (*registers)(struct nvlink_critic *critic, const char *what,
			  int index, u64 value);
};

/* contract.c */
void nvlink_decode_version(u32 value, struct nvlink_facts *facts);
void nvlink_decode_caps(u32 value, struct nvlink_facts *facts);
void nvlink_decode_link(u32 caps, u32 max_speed, struct nvlink_link_facts *link);
int nvlink_version_check(u32 major, u32 minor);
u32 nvlink_adjacency(const struct nvlink_gpu_facts *gpu, unsigned int other);
int nvlink_counts_check(const struct nvlink_facts *facts,
			struct nvlink_critic *critic);
int nvlink_facts_check(const struct nvlink_facts *facts,
		       struct nvlink_critic *critic);
int nvlink_node_check(const struct nvlink_node *node,
		      const struct nvlink_facts *facts,
		      struct nvlink_critic *critic);

/* range.c */
bool nvlink_range_valid(const struct nvlink_range *range);
bool nvlink_ranges_overlap(const struct nvlink_range *a,
			   const struct nvlink_range *b);

/* node.c */
int nvlink_node_read(struct device *dev, struct nvlink_node *node);

/* facts.c */
int nvlink_contract_read(struct nvlink *nv);

#endif
