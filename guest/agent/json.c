// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>

#include "attribute.h"
#include "render.h"

static const char *between(unsigned int number)
{
	return number ? "," : "";
}

static void add_string(struct text *text, const char *name, const char *value)
{
	text_add(text, "\"%s\":", name);
	if (value[0])
		text_quote(text, value);
	else
		text_add(text, "null");
}

/* Readers hold numbers as doubles: above 2^53 - 1 they would read another one. */
static const uint64_t exact = (UINT64_C(1) << 53) - 1;

static void add_number(struct text *text, const char *name, uint64_t value)
{
	if (value > exact)
		text_add(text, ",\"%s\":null", name);
	else
		text_add(text, ",\"%s\":%" PRIu64, name, value);
}

static void add_controller(struct text *text, const struct controller *controller)
{
	const struct place *place = &controller->place;

	text_add(text, "{\"name\":\"nvlink%u\",", controller->number);
	add_string(text, "state", controller->state);
	text_add(text, ",");
	add_string(text, "contract", controller->contract);
	text_add(text, ",");
	add_string(text, "serial", controller->serial);
	text_add(text, ",");
	add_string(text, "firmware", controller->firmware);
	add_number(text, "generation", controller->generation);
	add_number(text, "resets", controller->resets);
	text_add(text, ",");
	add_string(text, "device", place->device);
	text_add(text, ",");
	add_string(text, "bridge", place->bridge);
	text_add(text, ",");
	add_string(text, "cpus", place->cpus);
	add_number(text, "numa_node", place->numa);
	text_add(text, ",\"iommu\":");
	if (place->iommu_group == UNKNOWN) {
		text_add(text, "null}");
		return;
	}
	text_add(text, "{\"group\":%" PRIu64 ",", place->iommu_group);
	add_string(text, "type", place->iommu_type);
	text_add(text, ",");
	add_string(text, "device", place->iommu_device);
	text_add(text, "}}");
}

static void add_link(struct text *text, const struct topology *topology, const struct link *link)
{
	unsigned int controller = topology->controller[link->controller].number;

	text_add(text, "{\"name\":\"nvlink%u-link%u\",\"controller\":\"nvlink%u\",\"index\":%u,", controller, link->number,
		 controller, link->number);
	add_string(text, "state", link->state);
	text_add(text, ",\"up\":%s,", link->up ? "true" : "false");
	add_string(text, "error", link->error);
	add_number(text, "lanes", link->lanes);
	add_number(text, "speed_mbps", link->speed);
	add_number(text, "max_speed_mbps", link->max_speed);
	add_number(text, "limit_mbps", link->limit);
	text_add(text, ",");
	add_string(text, "peer", link->peer);
	add_number(text, "gpu", link->gpu < 0 ? UNKNOWN : (uint64_t)link->gpu);
	add_number(text, "attempts", link->attempts);
	add_number(text, "resets", link->resets);
	text_add(text, "}");
}

static void add_gpu(struct text *text, const struct topology *topology, unsigned int index)
{
	const struct gpu *gpu = &topology->gpu[index];
	unsigned int controller = topology->controller[gpu->controller].number, count = 0;

	text_add(text, "{\"index\":%u,\"name\":\"nvlink%u-gpu%u\",\"controller\":\"nvlink%u\",", index, controller, gpu->number,
		 controller);
	add_string(text, "identity", gpu->identity);
	add_number(text, "memory_bytes", gpu->memory);
	text_add(text, ",\"reachable\":%s,\"group\":%u,\"links\":[", gpu->reachable ? "true" : "false", gpu->group);
	for (unsigned int i = 0; i < topology->links; i++)
		if (topology->link[i].gpu == (int)index)
			text_add(text, "%s\"nvlink%u-link%u\"", between(count++), controller, topology->link[i].number);
	text_add(text, "]}");
}

static void add_matrices(struct text *text, const struct topology *topology)
{
	char word[8];

	text_add(text, "\"adjacency\":[");
	for (unsigned int a = 0; a < topology->gpus; a++) {
		text_add(text, "%s[", between(a));
		for (unsigned int b = 0; b < topology->gpus; b++)
			text_add(text, "%s%u", between(b), topology->direct[a][b]);
		text_add(text, "]");
	}
	text_add(text, "],\"matrix\":[");
	for (unsigned int a = 0; a < topology->gpus; a++) {
		text_add(text, "%s[", between(a));
		for (unsigned int b = 0; b < topology->gpus; b++)
			text_add(text, "%s\"%s\"", between(b), way_word(topology, a, b, word));
		text_add(text, "]");
	}
	text_add(text, "]");
}

static void add_groups(struct text *text, const struct topology *topology)
{
	text_add(text, "\"groups\":[");
	for (unsigned int group = 0; group < topology->groups; group++) {
		unsigned int count = 0;

		text_add(text, "%s[", between(group));
		for (unsigned int i = 0; i < topology->gpus; i++)
			if (topology->gpu[i].group == group)
				text_add(text, "%s%u", between(count++), i);
		text_add(text, "]");
	}
	text_add(text, "]");
}

void render_json(struct text *text, const struct topology *topology)
{
	text_add(text, "{\"version\":%d,\"contract\":\"%d.%d\",\n\"controllers\":[", TOPOLOGY_VERSION, NVLINK_CONTRACT_MAJOR,
		 NVLINK_CONTRACT_MINOR);
	for (unsigned int i = 0; i < topology->controllers; i++) {
		text_add(text, "%s\n", between(i));
		add_controller(text, &topology->controller[i]);
	}
	text_add(text, "],\n\"links\":[");
	for (unsigned int i = 0; i < topology->links; i++) {
		text_add(text, "%s\n", between(i));
		add_link(text, topology, &topology->link[i]);
	}
	text_add(text, "],\n\"gpus\":[");
	for (unsigned int i = 0; i < topology->gpus; i++) {
		text_add(text, "%s\n", between(i));
		add_gpu(text, topology, i);
	}
	text_add(text, "],\n");
	add_matrices(text, topology);
	text_add(text, ",\n");
	add_groups(text, topology);
	text_add(text, "}\n");
}
