// SPDX-License-Identifier: Apache-2.0

#include "render.h"

/* A label is made of the feature's domain and a name; a value has at most 63 of the characters -A-Za-z0-9_. */
#define DOMAIN "feature.node.kubernetes.io/"
enum { VALUE_MAX = 63 };

/** What a scheduler may want to know as numbers. */
struct summary {
	unsigned int links_up, reachable, largest;
};

static struct summary summarise(const struct topology *topology)
{
	struct summary sum = { 0 };

	for (unsigned int i = 0; i < topology->links; i++)
		sum.links_up += topology->link[i].up;
	for (unsigned int i = 0; i < topology->gpus; i++) {
		unsigned int members = 0;

		sum.reachable += topology->gpu[i].reachable;
		for (unsigned int j = 0; j < topology->gpus; j++)
			members += topology->gpu[j].reachable && topology->gpu[j].group == topology->gpu[i].group;
		if (members > sum.largest)
			sum.largest = members;
	}
	return sum;
}

unsigned int render_pairs(struct text *text, const struct topology *topology, char separator)
{
	unsigned int count = 0;

	for (unsigned int a = 0; a < topology->gpus; a++)
		for (unsigned int b = a + 1; b < topology->gpus; b++) {
			if (topology_way(topology, a, b) != WAY_NVLINK)
				continue;
			if (count++)
				text_add(text, "%c", separator);
			text_add(text, "%u-%u", a, b);
		}
	return count;
}

void render_groups(struct text *text, const struct topology *topology, char separator)
{
	for (unsigned int group = 0; group < topology->groups; group++) {
		unsigned int count = 0;

		if (group)
			text_add(text, "%c", separator);
		for (unsigned int i = 0; i < topology->gpus; i++)
			if (topology->gpu[i].group == group)
				text_add(text, count++ ? "-%u" : "%u", i);
	}
}

/* Half a list would be a wrong one: where it is too long for a label, a label says so instead. */
static void add_list(struct text *text, const char *name, const struct text *value)
{
	if (value->failed || value->length > VALUE_MAX)
		text_add(text, DOMAIN "%s.too-long=true\n", name);
	else if (value->length)
		text_add(text, DOMAIN "%s=%s\n", name, value->bytes);
}

void render_labels(struct text *text, const struct topology *topology)
{
	struct summary sum = summarise(topology);
	struct text pairs = { 0 }, groups = { 0 };
	unsigned int count = render_pairs(&pairs, topology, '_');

	render_groups(&groups, topology, '_');
	if (topology->controllers)
		text_add(text, DOMAIN "nvlink.present=true\n" DOMAIN "nvlink.contract=%d.%d\n", NVLINK_CONTRACT_MAJOR,
			 NVLINK_CONTRACT_MINOR);
	text_add(text, DOMAIN "nvlink.controllers=%u\n", topology->controllers);
	text_add(text, DOMAIN "nvlink.links=%u\n" DOMAIN "nvlink.links-up=%u\n", topology->links, sum.links_up);
	text_add(text, DOMAIN "nvlink.gpus=%u\n" DOMAIN "nvlink.gpus-reachable=%u\n", topology->gpus, sum.reachable);
	text_add(text, DOMAIN "nvlink.largest-group=%u\n", sum.largest);
	text_add(text, DOMAIN "nvlink.pairs-count=%u\n", count);
	add_list(text, "nvlink.pairs", &pairs);
	add_list(text, "nvlink.groups", &groups);
	text_clear(&pairs);
	text_clear(&groups);
}

void render_labels_json(struct text *text, const struct topology *topology)
{
	struct summary sum = summarise(topology);
	unsigned int pairs;

	text_add(text, "{\"nvlink.contract\":\"%d.%d\",\"nvlink.controllers\":%u,", NVLINK_CONTRACT_MAJOR, NVLINK_CONTRACT_MINOR,
		 topology->controllers);
	text_add(text, "\"nvlink.links\":%u,\"nvlink.links-up\":%u,", topology->links, sum.links_up);
	text_add(text, "\"nvlink.gpus\":%u,\"nvlink.gpus-reachable\":%u,", topology->gpus, sum.reachable);
	text_add(text, "\"nvlink.largest-group\":%u,\"nvlink.pairs\":\"", sum.largest);
	pairs = render_pairs(text, topology, ',');
	text_add(text, "\",\"nvlink.pairs-count\":%u,\"nvlink.groups\":\"", pairs);
	render_groups(text, topology, ',');
	text_add(text, "\"}\n");
}
