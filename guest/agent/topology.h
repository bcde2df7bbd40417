/* SPDX-License-Identifier: Apache-2.0 */
/* The NVLink topology of this machine as the driver shows it, and what follows from it. */
#ifndef NVLAB_TOPOLOGY_H
#define NVLAB_TOPOLOGY_H

#include <stdbool.h>
#include <stdint.h>

#include "nvlink-contract.h"

enum {
	CONTROLLERS_MAX = 16,
	ALL_LINKS_MAX = CONTROLLERS_MAX * NVLINK_LINKS_MAX,
	ALL_GPUS_MAX = CONTROLLERS_MAX * NVLINK_GPUS_MAX,
	WORD = 32,
};

/** Counters of a link, in the order of their attributes in scan-device.c. */
enum counter { TX_BYTES, RX_BYTES, REPLAY, RECOVERY, CRC_FLIT, CRC_DATA, ECC, COUNTERS };

/** Where a controller sits in the machine. Strings are "" and numbers UNKNOWN where nothing says. */
struct place {
	char device[WORD];
	char bridge[WORD];
	char cpus[64];
	uint64_t numa;
	uint64_t iommu_group;
	char iommu_type[WORD];
	char iommu_device[WORD];
};

struct controller {
	unsigned int number;
	char state[WORD];
	char contract[WORD];
	char serial[WORD];
	char firmware[WORD];
	uint64_t generation;
	uint64_t resets;
	struct place place;
};

struct link {
	unsigned int controller; /* place in topology.controller */
	unsigned int number;
	char state[WORD];
	char error[WORD];
	char peer[WORD];
	int gpu; /* place in topology.gpu, or -1 */
	bool up;
	uint64_t lanes;
	uint64_t speed;
	uint64_t max_speed;
	uint64_t limit;
	uint64_t attempts;
	uint64_t resets;
	uint64_t counter[COUNTERS];
};

struct gpu {
	unsigned int controller;
	unsigned int number;
	char identity[WORD];
	uint64_t memory;
	bool reachable; /* a link to it is up */
	unsigned int group;
};

/** Everything is in order: controllers by number, links and GPUs by controller and number. */
struct topology {
	unsigned int controllers, links, gpus, groups;
	struct controller controller[CONTROLLERS_MAX];
	struct link link[ALL_LINKS_MAX];
	struct gpu gpu[ALL_GPUS_MAX];
	uint8_t direct[ALL_GPUS_MAX][ALL_GPUS_MAX]; /* direct links between two GPUs */
};

/** How two GPUs reach each other. */
enum way { WAY_SELF, WAY_NVLINK, WAY_BRIDGE, WAY_NODE, WAY_SYSTEM, WAY_NONE };

/**
 * topology_scan() - read everything from sysfs, but for the counters
 * @topology: what to fill in; empty where the driver is not loaded
 * @sysfs: where sysfs is
 */
void topology_scan(struct topology *topology, const char *sysfs);

/** topology_count() - read the counters of all links, which costs as much as all the rest: each is a register */
void topology_count(struct topology *topology, const char *sysfs);

/** topology_way() - how GPU @a reaches GPU @b now */
enum way topology_way(const struct topology *topology, unsigned int a, unsigned int b);

/** topology_group() - give each GPU the number of its group: those that reach each other over NVLink, in one hop or more */
void topology_group(struct topology *topology);

#endif
