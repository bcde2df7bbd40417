// SPDX-License-Identifier: Apache-2.0
/* One program, several applets: the name by which it is called, or its first argument, tells which. */
#include <stdio.h>
#include <string.h>

#include "agent.h"
#include "nvlink-lab.h"

static const struct {
	const char *name;
	int (*run)(int count, char **words);
} applets[] = {
	{ "nvlink-agent", nvlink_agent },
	{ "nvlink-topo", nvlink_topo },
	{ "nvlink-lab", nvlink_lab },
};

int main(int count, char **words)
{
	for (int place = 0; place < 2 && place < count; place++) {
		const char *slash = strrchr(words[place], '/'), *name = slash ? slash + 1 : words[place];

		for (size_t i = 0; i < sizeof(applets) / sizeof(*applets); i++)
			if (strcmp(applets[i].name, name) == 0)
				return applets[i].run(count - place, words + place);
	}
	fputs("usage: nvlink-agent | nvlink-topo | nvlink-lab [ARGUMENT]...\n", stderr);
	return 2;
}
