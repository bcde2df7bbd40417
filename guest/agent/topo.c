// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "render.h"

static const char usage[] = "usage: nvlink-topo [--sysfs DIR] [matrix | links | --json]\n"
			    "Shows how the GPUs of this machine reach each other (matrix), its links, or everything as JSON.\n";

static void (*find_form(const char *word))(struct text *, const struct topology *)
{
	static const struct {
		const char *word;
		void (*render)(struct text *, const struct topology *);
	} forms[] = {
		{ "matrix", render_matrix },
		{ "-m", render_matrix },
		{ "links", render_links },
		{ "--json", render_json },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (strcmp(forms[i].word, word) == 0)
			return forms[i].render;
	return NULL;
}

int nvlink_topo(int count, char **words)
{
	static struct topology topology;
	void (*render)(struct text *, const struct topology *) = render_matrix;
	const char *sysfs = "/sys";
	struct text text = { 0 };
	bool written;
	int first = 1;

	if (count > 2 && strcmp(words[1], "--sysfs") == 0) {
		sysfs = words[2];
		first = 3;
	}
	if (count == first + 1)
		render = find_form(words[first]);
	if (count > first + 1 || !render) {
		fputs(usage, stderr);
		return 2;
	}
	topology_scan(&topology, sysfs);
	if (!topology.controllers && render != render_json) {
		fputs("nvlink-topo: there is no NVLink controller, or its driver is not loaded\n", stderr);
		return 1;
	}
	render(&text, &topology);
	written = !text.failed && fputs(text.bytes, stdout) >= 0 && fflush(stdout) == 0;
	text_clear(&text);
	return written ? 0 : 1;
}
