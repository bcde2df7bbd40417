/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NVLAB_OPTIONS_H
#define NVLAB_OPTIONS_H

#include <stdbool.h>

/** How the agent was called. */
struct options {
	const char *sysfs, *run, *features, *listen; /* listen: NULL for no server */
	int interval; /* seconds between two files of metrics */
	int uevents; /* descriptor over which uevents are forwarded, or -1 for the kernel's */
	bool once, background;
};

/** options_parse() - false after a message where the arguments make no sense */
bool options_parse(struct options *options, int count, char **words);

#endif
