// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "attribute.h"
#include "scan.h"
#include "take.h"

static int find_gpu(const struct topology *topology, unsigned int controller, unsigned int number)
{
	for (unsigned int i = 0; i < topology->gpus; i++)
		if (topology->gpu[i].controller == controller && topology->gpu[i].number == number)
			return (int)i;
	return -1;
}

/* The attribute is a list such as "gpu1:2 gpu2:1": peers and the direct links to each. */
static void read_peers(struct topology *topology, unsigned int from, char *list)
{
	char *rest = NULL;

	for (char *word = strtok_r(list, " ,", &rest); word; word = strtok_r(NULL, " ,", &rest)) {
		unsigned int number, links;
		const char *at = word;
		int to;

		if (!take_word(&at, "gpu") || !take_number(&at, &number) || !take_word(&at, ":") || !take_number(&at, &links) ||
		    *at != '\0' || links > UINT8_MAX)
			continue;
		to = find_gpu(topology, topology->gpu[from].controller, number);
		if (to >= 0 && (unsigned int)to != from)
			topology->direct[from][to] = (uint8_t)links;
	}
}

void scan_adjacency(struct topology *topology, const char *class)
{
	for (unsigned int i = 0; i < topology->gpus; i++) {
		const struct gpu *gpu = &topology->gpu[i];
		char folder[PATH_MAX], name[WORD * 2], list[256];

		snprintf(name, sizeof(name), "nvlink%u-gpu%u", topology->controller[gpu->controller].number, gpu->number);
		path_join(folder, sizeof(folder), class, name);
		attribute(folder, "peers", list, sizeof(list));
		read_peers(topology, i, list);
	}
	for (unsigned int a = 0; a < topology->gpus; a++)
		for (unsigned int b = 0; b < a; b++) {
			uint8_t *there = &topology->direct[a][b], *back = &topology->direct[b][a];

			*there = *back = *there < *back ? *there : *back;
		}
	for (unsigned int i = 0; i < topology->links; i++) {
		struct link *link = &topology->link[i];
		const char *at = link->peer;
		unsigned int number;

		link->gpu = -1;
		if (take_word(&at, "gpu") && take_number(&at, &number) && *at == '\0')
			link->gpu = find_gpu(topology, link->controller, number);
	}
}
