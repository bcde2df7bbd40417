// SPDX-License-Identifier: Apache-2.0
#include "options.h"

#include <getopt.h>
#include <stdlib.h>

#include "number.h"
#include "topology.h"

enum option_key {
	SOCKET = 256,
	CONTROL,
	SERIAL,
	LINKS,
	GPUS,
	ADJACENT,
	PEER_LISTEN,
	PEER_CONNECT,
	SPEED,
	LANES,
	TIME_SCALE,
	CHANNELS,
	WINDOWS,
	TRAINED,
	PERSIST,
	HELP
};

static const struct option known[] = {
	{ "socket", required_argument, NULL, SOCKET },
	{ "control", required_argument, NULL, CONTROL },
	{ "serial", required_argument, NULL, SERIAL },
	{ "links", required_argument, NULL, LINKS },
	{ "gpus", required_argument, NULL, GPUS },
	{ "adjacent", required_argument, NULL, ADJACENT },
	{ "peer-listen", required_argument, NULL, PEER_LISTEN },
	{ "peer-connect", required_argument, NULL, PEER_CONNECT },
	{ "speed", required_argument, NULL, SPEED },
	{ "lanes", required_argument, NULL, LANES },
	{ "time-scale", required_argument, NULL, TIME_SCALE },
	{ "channels", required_argument, NULL, CHANNELS },
	{ "windows", required_argument, NULL, WINDOWS },
	{ "trained", no_argument, NULL, TRAINED },
	{ "persist", no_argument, NULL, PERSIST },
	{ "help", no_argument, NULL, HELP },
	{ 0 },
};

void options_print_help(FILE *out)
{
	fputs("usage: nvlink-model --socket PATH --control PATH [OPTION]...\n"
	      "An NVLink Fusion controller of nvlab's contract as a vfio-user PCI device.\n\n"
	      "  --socket PATH        where QEMU's vfio-user-pci connects\n"
	      "  --control PATH       where lab commands are taken, a line each; answers are lines of JSON\n"
	      "  --serial N           number of the controller (default 1)\n"
	      "  --links LIST         what each link leads to, as in gpu0,gpu0,host0 (default gpu0)\n"
	      "  --gpus LIST          memory of each GPU, as in 64M,1G (default 64M)\n"
	      "  --adjacent LIST      direct links between GPUs, as in 0-1:2\n"
	      "  --peer-listen ADDR   where another model connects: unix:PATH or tcp:127.0.0.1:PORT\n"
	      "  --peer-connect ADDR  where another model listens; tried until it does\n"
	      "  --speed MBPS         of each link, each way (default 25000)\n"
	      "  --lanes N            of each link (default 4)\n"
	      "  --channels N         copy engine channels (default 4)\n"
	      "  --windows N          DMA windows (default 4)\n"
	      "  --time-scale PERCENT of the usual time that links take to train (default 100)\n"
	      "  --trained            links are up at power-on\n"
	      "  --persist            goes on when QEMU has gone\n",
	      out);
}

static bool take_number(const char *text, uint64_t min, uint64_t max, uint32_t *value)
{
	uint64_t number;

	if (!number_read(text, max, &number) || number < min)
		return false;
	*value = (uint32_t)number;
	return true;
}

static bool take(struct options *options, int key, const char *text)
{
	switch (key) {
	case SOCKET:
		options->socket = text;
		return true;
	case CONTROL:
		options->control = text;
		return true;
	case SERIAL:
		return number_read(text, UINT64_MAX, &options->serial);
	case LINKS:
		return topology_read_links(options, text);
	case GPUS:
		return topology_read_gpus(options, text);
	case ADJACENT:
		return topology_read_adjacent(options, text);
	case PEER_LISTEN:
		options->peer_listen = text;
		return true;
	case PEER_CONNECT:
		options->peer_connect = text;
		return true;
	case SPEED:
		return take_number(text, 1, 1000000, &options->speed);
	case LANES:
		return take_number(text, 1, 255, &options->lanes);
	case TIME_SCALE:
		return take_number(text, 1, 10000, &options->time_percent);
	case CHANNELS:
		return take_number(text, 1, NVLINK_CHANNELS_MAX, &options->channels);
	case WINDOWS:
		return take_number(text, 1, NVLINK_WINDOWS_MAX, &options->windows);
	case TRAINED:
		return options->trained = true;
	default:
		return options->persist = true;
	}
}

static const char *fault_of(const struct options *options)
{
	if (options->socket == NULL || options->control == NULL)
		return "--socket and --control are needed";
	if (options->peer_listen != NULL && options->peer_connect != NULL)
		return "--peer-listen and --peer-connect exclude each other";
	return topology_fault(options);
}

enum options_result options_read(struct options *options, int count, char **words, FILE *errors)
{
	const char *fault;
	int key, which = 0;

	*options = (struct options){
		.serial = 1,
		.speed = 25000,
		.lanes = 4,
		.time_percent = 100,
		.channels = 4,
		.windows = 4,
		.links = 1,
		.link = { { NVLINK_PEER_GPU, 0 } },
		.gpus = 1,
		.gpu_bytes = { 64 << 20 },
	};
	optind = 1;
	while ((key = getopt_long(count, words, "", known, &which)) != -1) {
		if (key == HELP)
			return OPTIONS_HELP;
		if (key == '?')
			return OPTIONS_WRONG;
		if (!take(options, key, optarg)) {
			fprintf(errors, "nvlink-model: --%s does not take %s\n", known[which].name, optarg);
			return OPTIONS_WRONG;
		}
	}
	fault = optind < count ? "every word is an option or its value" : fault_of(options);
	if (fault == NULL)
		return OPTIONS_RUN;
	fprintf(errors, "nvlink-model: %s; see --help\n", fault);
	return OPTIONS_WRONG;
}
