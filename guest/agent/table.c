// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <stdio.h>

#include "attribute.h"
#include "render.h"

static const char *or_dash(const char *value)
{
	return value[0] ? value : "-";
}

static const char *speed(uint64_t value, char word[24])
{
	snprintf(word, 24, "%" PRIu64, value);
	return value == UNKNOWN ? "-" : word;
}

void render_links(struct text *text, const struct topology *topology)
{
	const char *form = "%-16s %-14s %-10s %8s %8s %5s  %-8s %-6s %s\n";

	text_add(text, form, "LINK", "STATE", "ERROR", "MB/s", "MAX", "LANES", "PEER", "GPU", "RESETS");
	for (unsigned int i = 0; i < topology->links; i++) {
		const struct link *link = &topology->link[i];
		char name[WORD], now[24], most[24], lanes[24], resets[24], gpu[WORD] = "-";

		snprintf(name, sizeof(name), "nvlink%u-link%u", topology->controller[link->controller].number, link->number);
		if (link->gpu >= 0)
			snprintf(gpu, sizeof(gpu), "GPU%d", link->gpu);
		text_add(text, form, name, or_dash(link->state), or_dash(link->error), speed(link->speed, now),
			 speed(link->max_speed, most), speed(link->lanes, lanes), or_dash(link->peer), gpu,
			 speed(link->resets, resets));
	}
}
