// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <stdio.h>

#include "attribute.h"
#include "render.h"

static const char legend[] =
	"\nLegend:\n\n"
	"  X    = the GPU itself\n"
	"  NV#  = # direct NVLinks\n"
	"  PHB  = through host memory, below one PCIe host bridge or controller\n"
	"  NODE = through host memory, by different host bridges of one NUMA node\n"
	"  SYS  = through host memory, between NUMA nodes\n"
	"  N/A  = no way now: no link to one of the two is up\n";

const char *way_word(const struct topology *topology, unsigned int a, unsigned int b, char word[8])
{
	switch (topology_way(topology, a, b)) {
	case WAY_SELF:
		return "X";
	case WAY_NVLINK:
		snprintf(word, 8, "NV%u", topology->direct[a][b]);
		return word;
	case WAY_BRIDGE:
		return "PHB";
	case WAY_NODE:
		return "NODE";
	case WAY_SYSTEM:
		return "SYS";
	case WAY_NONE:
		break;
	}
	return "N/A";
}

void render_matrix(struct text *text, const struct topology *topology)
{
	char word[8];

	for (unsigned int b = 0; b < topology->gpus; b++)
		text_add(text, "\tGPU%u", b);
	text_add(text, "\tCPU Affinity\tNUMA Affinity\n");
	for (unsigned int a = 0; a < topology->gpus; a++) {
		const struct place *place = &topology->controller[topology->gpu[a].controller].place;

		text_add(text, "GPU%u", a);
		for (unsigned int b = 0; b < topology->gpus; b++)
			text_add(text, a == b ? "\t %s " : "\t%s", way_word(topology, a, b, word));
		text_add(text, "\t%s\t", place->cpus[0] ? place->cpus : "N/A");
		if (place->numa == UNKNOWN)
			text_add(text, "\tN/A\n");
		else
			text_add(text, "\t%" PRIu64 "\n", place->numa);
	}
	text_add(text, "%s", legend);
}
