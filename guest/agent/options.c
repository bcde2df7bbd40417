// SPDX-License-Identifier: Apache-2.0
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
	"usage: nvlink-agent [OPTION]...\n"
	"Writes what there is of NVLink for schedulers and monitoring, and follows changes.\n"
	"  --sysfs DIR        where sysfs is (/sys)\n"
	"  --run DIR          where to write (/run)\n"
	"  --features DIR     NFD's folder for local features (/etc/kubernetes/node-feature-discovery/features.d)\n"
	"  --listen ADDRESS   where to serve metrics by HTTP, or none (127.0.0.1:9835)\n"
	"  --interval SECONDS between two files of metrics (15)\n"
	"  --uevents FD       take uevents from this descriptor, one a message, instead of the kernel\n"
	"  --once             write everything once and end\n"
	"  --background       go on in the background once everything was written\n";

static bool number(const char *text, int least, int most, int *value)
{
	char *end;
	long parsed = strtol(text, &end, 10);

	*value = (int)parsed;
	if (end != text && *end == '\0' && parsed >= least && parsed <= most)
		return true;
	fprintf(stderr, "nvlink-agent: %s is no number from %d to %d\n", text, least, most);
	return false;
}

bool options_parse(struct options *options, int count, char **words)
{
	static const struct option known[] = {
		{ "sysfs", required_argument, NULL, 's' },
		{ "run", required_argument, NULL, 'r' },
		{ "features", required_argument, NULL, 'f' },
		{ "listen", required_argument, NULL, 'l' },
		{ "interval", required_argument, NULL, 'i' },
		{ "uevents", required_argument, NULL, 'u' },
		{ "once", no_argument, NULL, 'o' },
		{ "background", no_argument, NULL, 'b' },
		{ 0 },
	};
	int key;

	*options = (struct options){ .sysfs = "/sys",
				     .run = "/run",
				     .features = "/etc/kubernetes/node-feature-discovery/features.d",
				     .listen = "127.0.0.1:9835",
				     .interval = 15,
				     .uevents = -1 };
	while ((key = getopt_long(count, words, "", known, NULL)) != -1) {
		switch (key) {
		case 's':
			options->sysfs = optarg;
			break;
		case 'r':
			options->run = optarg;
			break;
		case 'f':
			options->features = optarg;
			break;
		case 'l':
			options->listen = strcmp(optarg, "none") == 0 ? NULL : optarg;
			break;
		case 'i':
			if (!number(optarg, 1, 86400, &options->interval))
				return false;
			break;
		case 'u':
			if (!number(optarg, 0, 1023, &options->uevents))
				return false;
			break;
		case 'o':
			options->once = true;
			break;
		case 'b':
			options->background = true;
			break;
		default:
			fputs(usage, stderr);
			return false;
		}
	}
	if (optind == count)
		return true;
	fputs(usage, stderr);
	return false;
}
