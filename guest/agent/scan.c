// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "scan.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "take.h"

/* What the name of a class device says: nvlink0, nvlink0-link3 or nvlink0-gpu1. */
struct name {
	enum { OTHER, CONTROLLER, LINK, GPU } kind;
	unsigned int controller, number;
};

/* Names that the driver would not write, such as nvlink01, are others. */
static struct name parse(const char *text)
{
	struct name name = { OTHER, 0, 0 };
	const char *at = text;

	if (!take_word(&at, "nvlink") || !take_number(&at, &name.controller))
		return name;
	if (*at == '\0')
		name.kind = CONTROLLER;
	else if (take_word(&at, "-link") && take_number(&at, &name.number) && *at == '\0')
		name.kind = LINK;
	else if (take_word(&at, "-gpu") && take_number(&at, &name.number) && *at == '\0')
		name.kind = GPU;
	return name;
}

static int in_order(const void *left, const void *right)
{
	const struct name *a = left, *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->controller != b->controller)
		return a->controller < b->controller ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static size_t read_names(const char *class, struct name *names, size_t room)
{
	DIR *folder = opendir(class);
	struct dirent *entry;
	size_t count = 0;

	while (folder && count < room && (entry = readdir(folder))) {
		names[count] = parse(entry->d_name);
		if (names[count].kind != OTHER)
			count++;
	}
	if (folder)
		closedir(folder);
	qsort(names, count, sizeof(*names), in_order);
	return count;
}

static int find_controller(const struct topology *topology, unsigned int number)
{
	for (unsigned int i = 0; i < topology->controllers; i++)
		if (topology->controller[i].number == number)
			return (int)i;
	return -1;
}

static void add_controller(struct topology *topology, struct name name, const char *folder, const char *sysfs)
{
	struct controller *controller = &topology->controller[topology->controllers];

	if (topology->controllers == CONTROLLERS_MAX)
		return;
	controller->number = name.controller;
	scan_controller(controller, folder, sysfs);
	topology->controllers++;
}

/* A link or GPU whose controller went away while we looked is left out. */
static void add_part(struct topology *topology, struct name name, const char *folder)
{
	int controller = find_controller(topology, name.controller);

	if (controller < 0)
		return;
	if (name.kind == LINK && topology->links < ALL_LINKS_MAX) {
		struct link *link = &topology->link[topology->links++];

		link->controller = (unsigned int)controller;
		link->number = name.number;
		scan_link(link, folder);
	}
	if (name.kind == GPU && topology->gpus < ALL_GPUS_MAX) {
		struct gpu *gpu = &topology->gpu[topology->gpus++];

		gpu->controller = (unsigned int)controller;
		gpu->number = name.number;
		scan_gpu(gpu, folder);
	}
}

static void find_what_is_up(struct topology *topology)
{
	for (unsigned int i = 0; i < topology->links; i++) {
		struct link *link = &topology->link[i];
		const struct controller *controller = &topology->controller[link->controller];

		link->up = same_word(link->state, "HS") && same_word(controller->state, "alive");
		if (link->up && link->gpu >= 0)
			topology->gpu[link->gpu].reachable = true;
	}
}

void topology_count(struct topology *topology, const char *sysfs)
{
	char class[PATH_MAX], folder[PATH_MAX], name[WORD * 2];

	path_join(class, sizeof(class), sysfs, "class/nvlink");
	for (unsigned int i = 0; i < topology->links; i++) {
		struct link *link = &topology->link[i];

		snprintf(name, sizeof(name), "nvlink%u-link%u", topology->controller[link->controller].number, link->number);
		path_join(folder, sizeof(folder), class, name);
		scan_counters(link, folder);
	}
}

void topology_scan(struct topology *topology, const char *sysfs)
{
	static struct name names[CONTROLLERS_MAX + ALL_LINKS_MAX + ALL_GPUS_MAX];
	char class[PATH_MAX], folder[PATH_MAX], text[WORD * 2];
	size_t count;

	memset(topology, 0, sizeof(*topology));
	path_join(class, sizeof(class), sysfs, "class/nvlink");
	count = read_names(class, names, sizeof(names) / sizeof(*names));
	for (size_t i = 0; i < count; i++) {
		int length = snprintf(text, sizeof(text), "nvlink%u", names[i].controller);

		if (names[i].kind != CONTROLLER)
			snprintf(text + length, sizeof(text) - (size_t)length, "-%s%u", names[i].kind == LINK ? "link" : "gpu",
				 names[i].number);
		path_join(folder, sizeof(folder), class, text);
		if (names[i].kind == CONTROLLER)
			add_controller(topology, names[i], folder, sysfs);
		else
			add_part(topology, names[i], folder);
	}
	scan_adjacency(topology, class);
	find_what_is_up(topology);
	topology_group(topology);
}
