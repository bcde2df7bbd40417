/* SPDX-License-Identifier: Apache-2.0 */
/* What the command line says: where the sockets are and what the controller is. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "contract.h"

#define GPU_BYTES_MAX (UINT64_C(64) << 30)

struct link_option {
	uint8_t peer; /* NVLINK_PEER_GPU or NVLINK_PEER_HOST */
	uint8_t index; /* of that GPU or host */
};

struct options {
	const char *socket;
	const char *control;
	const char *peer_listen; /* unix:PATH, tcp:ADDRESS:PORT or NULL */
	const char *peer_connect; /* the same */
	uint64_t serial;
	uint32_t speed; /* MB/s */
	uint32_t lanes;
	uint32_t time_percent; /* of the usual time that links take */
	bool trained; /* links are up at power-on */
	bool persist; /* outlives QEMU */
	unsigned int links, gpus, channels, windows;
	struct link_option link[NVLINK_LINKS_MAX];
	uint64_t gpu_bytes[NVLINK_GPUS_MAX];
	uint8_t adjacent[NVLINK_GPUS_MAX][NVLINK_GPUS_MAX]; /* direct links between two GPUs */
};

enum options_result { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_WRONG };

/** Reads the command line; what is wrong with it is written to `errors`. */
enum options_result options_read(struct options *options, int count, char **words, FILE *errors);

void options_print_help(FILE *out);

#endif
