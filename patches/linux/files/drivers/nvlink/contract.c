// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks of the contract: pure functions of what was read.
 */
#include <kunit/visibility.h>
#include <linux/bits.h>
#include <linux/errno.h>

#include "contract.h"

/**
 * nvlink_decode_version() - take the register CONTRACT apart
 * @value: its value
 * @facts: where the version is put
 */
void nvlink_decode_version(u32 value, struct nvlink_facts *facts)
{
	facts->major = NVLINK_FIELD(NVLINK_GLOBAL_CONTRACT_MAJOR, value);
	facts->minor = NVLINK_FIELD(NVLINK_GLOBAL_CONTRACT_MINOR, value);
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_decode_version);

/**
 * nvlink_decode_caps() - take the register CAPS apart
 * @value: its value
 * @facts: where the numbers and abilities are put
 */
void nvlink_decode_caps(u32 value, struct nvlink_facts *facts)
{
	facts->links = NVLINK_FIELD(NVLINK_GLOBAL_CAPS_LINKS, value);
	facts->gpus = NVLINK_FIELD(NVLINK_GLOBAL_CAPS_GPUS, value);
	facts->windows = NVLINK_FIELD(NVLINK_GLOBAL_CAPS_WINDOWS, value);
	facts->channels = NVLINK_FIELD(NVLINK_GLOBAL_CAPS_CHANNELS, value);
	facts->coherent = NVLINK_FIELD(NVLINK_GLOBAL_CAPS_COHERENT, value);
	facts->peer = NVLINK_FIELD(NVLINK_GLOBAL_CAPS_PEER, value);
	facts->call = NVLINK_FIELD(NVLINK_GLOBAL_CAPS_CALL, value);
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_decode_caps);

/**
 * nvlink_decode_link() - take the registers of a link apart
 * @caps: value of its register CAPS
 * @max_speed: value of its register MAX_SPEED
 * @link: where they are put
 */
void nvlink_decode_link(u32 caps, u32 max_speed, struct nvlink_link_facts *link)
{
	link->lanes = NVLINK_FIELD(NVLINK_LINK_CAPS_LANES, caps);
	link->peer = NVLINK_FIELD(NVLINK_LINK_CAPS_PEER, caps);
	link->peer_index = NVLINK_FIELD(NVLINK_LINK_CAPS_PEER_INDEX, caps);
	link->max_speed = max_speed;
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_decode_link);

/**
 * nvlink_version_check() - whether this driver understands a version
 * @major: major number
 * @minor: minor number, any is understood
 *
 * Return: 0, or -EPROTO where the major number is another one.
 */
int nvlink_version_check(u32 major, u32 minor)
{
	return major == NVLINK_CONTRACT_MAJOR ? 0 : -EPROTO;
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_version_check);

/**
 * nvlink_adjacency() - direct links between two GPUs
 * @gpu: one of them
 * @other: number of the other one
 *
 * Return: number of links.
 */
u32 nvlink_adjacency(const struct nvlink_gpu_facts *gpu, unsigned int other)
{
	return other < NVLINK_GPUS_MAX ? gpu->adjacent >> (4 * other) & 0xf : 0;
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_adjacency);

static int count_check(struct nvlink_critic *critic, const char *what,
		       u32 count, u32 min, u32 max)
{
	if (count >= min && count <= max)
		return 0;
	critic->registers(critic, what, -1, count);
	return -EPROTO;
}

/**
 * nvlink_counts_check() - whether the numbers in CAPS can be
 * @facts: what was read
 * @critic: hears of each fault
 *
 * Return: 0 or -EPROTO.
 */
int nvlink_counts_check(const struct nvlink_facts *facts,
			struct nvlink_critic *critic)
{
	int err;

	err = count_check(critic, "links", facts->links, 1, NVLINK_LINKS_MAX);
	err = count_check(critic, "GPUs", facts->gpus, 0, NVLINK_GPUS_MAX) ?: err;
	err = count_check(critic, "DMA windows", facts->windows, 1,
			  NVLINK_WINDOWS_MAX) ?: err;
	err = count_check(critic, "channels", facts->channels, 1,
			  NVLINK_CHANNELS_MAX) ?: err;
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_counts_check);

static int link_check(const struct nvlink_facts *facts, unsigned int n,
		      struct nvlink_critic *critic)
{
	const struct nvlink_link_facts *link = &facts->link[n];
	int err = 0;

	if (link->peer >= NVLINK_PEER_COUNT) {
		critic->registers(critic, "kind of peer of link", n, link->peer);
		return -EPROTO;
	}
	if (link->peer == NVLINK_PEER_NONE)
		return 0;
	if (!link->lanes) {
		critic->registers(critic, "lanes of link", n, link->lanes);
		err = -EPROTO;
	}
	if (!link->max_speed) {
		critic->registers(critic, "speed of link", n, link->max_speed);
		err = -EPROTO;
	}
	if (link->peer == NVLINK_PEER_GPU && link->peer_index >= facts->gpus) {
		critic->registers(critic, "GPU at link", n, link->peer_index);
		err = -EPROTO;
	}
	return err;
}

static u32 links_to_gpu(const struct nvlink_facts *facts, unsigned int gpu)
{
	unsigned int n;
	u32 links = 0;

	for (n = 0; n < facts->links; n++)
		if (facts->link[n].peer == NVLINK_PEER_GPU &&
		    facts->link[n].peer_index == gpu)
			links |= BIT(n);
	return links;
}

static int gpu_check(const struct nvlink_facts *facts, unsigned int n,
		     struct nvlink_critic *critic)
{
	const struct nvlink_gpu_facts *gpu = &facts->gpu[n];
	unsigned int other;
	int err = 0;

	if (!gpu->memory) {
		critic->registers(critic, "memory of GPU", n, gpu->memory);
		err = -EPROTO;
	}
	if (gpu->links != links_to_gpu(facts, n)) {
		critic->registers(critic, "links of GPU", n, gpu->links);
		err = -EPROTO;
	}
	for (other = 0; other < NVLINK_GPUS_MAX; other++) {
		u32 there = nvlink_adjacency(gpu, other), back = 0;

		if (other < facts->gpus && other != n)
			back = nvlink_adjacency(&facts->gpu[other], n);
		if (there == back)
			continue;
		critic->registers(critic, "neighbours of GPU", n, gpu->adjacent);
		return -EPROTO;
	}
	return err;
}

/**
 * nvlink_facts_check() - whether the registers of links and GPUs can be
 * @facts: what was read, with numbers that nvlink_counts_check() accepted
 * @critic: hears of each fault
 *
 * Return: 0 or -EPROTO.
 */
int nvlink_facts_check(const struct nvlink_facts *facts,
		       struct nvlink_critic *critic)
{
	unsigned int n;
	int err = 0;

	for (n = 0; n < facts->links; n++)
		err = link_check(facts, n, critic) ?: err;
	for (n = 0; n < facts->gpus; n++)
		err = gpu_check(facts, n, critic) ?: err;
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_facts_check);

static int agree(struct nvlink_critic *critic, const char *what, int index,
		 u64 node, u64 registers)
{
	if (node == registers)
		return 0;
	critic->node(critic, what, index, node, registers);
	return -EINVAL;
}

static int node_link_check(const struct nvlink_node *node,
			   const struct nvlink_facts *facts, unsigned int n,
			   struct nvlink_critic *critic)
{
	const struct nvlink_link_facts *said = &node->link[n];
	const struct nvlink_link_facts *is = &facts->link[n];
	int err;

	if (!(node->seen & BIT(n))) {
		critic->node(critic, "nodes of link", n, 0, 1);
		return -EINVAL;
	}
	err = agree(critic, "lanes of link", n, said->lanes, is->lanes);
	err = agree(critic, "kB/s of link", n, node->max_speed_kbps[n],
		    is->max_speed * 1000ULL) ?: err;
	err = agree(critic, "kind of peer of link", n, said->peer,
		    is->peer) ?: err;
	err = agree(critic, "peer of link", n, said->peer_index,
		    is->peer_index) ?: err;
	return err;
}

/**
 * nvlink_node_check() - whether device tree and registers agree
 * @node: what the device tree tells
 * @facts: what the registers tell
 * @critic: hears of each fault
 *
 * Return: 0 or -EINVAL.
 */
int nvlink_node_check(const struct nvlink_node *node,
		      const struct nvlink_facts *facts,
		      struct nvlink_critic *critic)
{
	unsigned int n;
	int err;

	err = agree(critic, "major contract number", -1, node->major,
		    facts->major);
	err = agree(critic, "minor contract number", -1, node->minor,
		    facts->minor) ?: err;
	err = agree(critic, "link-count", -1, node->links, facts->links) ?: err;
	err = agree(critic, "link nodes", -1, node->children,
		    facts->links) ?: err;
	err = agree(critic, "coherency", -1, node->coherent,
		    facts->coherent) ?: err;
	if (node->ranges > facts->windows) {
		critic->node(critic, "dma-windows", -1, node->ranges,
			     facts->windows);
		err = -EINVAL;
	}
	for (n = 0; n < facts->links && n < node->links; n++)
		err = node_link_check(node, facts, n, critic) ?: err;
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_node_check);
