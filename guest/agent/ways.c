// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "attribute.h"
#include "topology.h"

enum way topology_way(const struct topology *topology, unsigned int a, unsigned int b)
{
	const struct gpu *from = &topology->gpu[a], *to = &topology->gpu[b];
	const struct place *here = &topology->controller[from->controller].place;
	const struct place *there = &topology->controller[to->controller].place;

	if (a == b)
		return WAY_SELF;
	if (!from->reachable || !to->reachable)
		return WAY_NONE;
	if (topology->direct[a][b])
		return WAY_NVLINK;
	if (from->controller == to->controller || (here->bridge[0] && strcmp(here->bridge, there->bridge) == 0))
		return WAY_BRIDGE;
	return here->numa == there->numa ? WAY_NODE : WAY_SYSTEM;
}

static void spread(struct topology *topology, unsigned int from)
{
	unsigned int waiting[ALL_GPUS_MAX], count = 0;

	waiting[count++] = from;
	while (count) {
		unsigned int at = waiting[--count];

		for (unsigned int next = 0; next < topology->gpus; next++) {
			if (topology->gpu[next].group != ALL_GPUS_MAX || topology_way(topology, at, next) != WAY_NVLINK)
				continue;
			topology->gpu[next].group = topology->groups;
			waiting[count++] = next;
		}
	}
}

void topology_group(struct topology *topology)
{
	topology->groups = 0;
	for (unsigned int i = 0; i < topology->gpus; i++)
		topology->gpu[i].group = ALL_GPUS_MAX;
	for (unsigned int i = 0; i < topology->gpus; i++) {
		if (topology->gpu[i].group != ALL_GPUS_MAX)
			continue;
		topology->gpu[i].group = topology->groups;
		spread(topology, i);
		topology->groups++;
	}
}
