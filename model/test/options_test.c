// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "lab.h"

static enum options_result read_words(struct options *options, const char *const *words)
{
	char *all[16] = { (char *)(uintptr_t)"nvlink-model", (char *)(uintptr_t)"--socket",
			  (char *)(uintptr_t)"a", (char *)(uintptr_t)"--control", (char *)(uintptr_t)"b" };
	int count = 5;
	FILE *nowhere = fopen("/dev/null", "w");
	enum options_result result;

	while (*words != NULL)
		all[count++] = (char *)(uintptr_t)*words++;
	result = options_read(options, count, all, nowhere);
	fclose(nowhere);
	return result;
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void test_topology(void)
{
	struct options options;

	CHECK_EQUAL(read_words(&options,
			       WORDS("--links", "gpu0,gpu1,host2", "--gpus", "64M,1G", "--adjacent", "0-1:3")),
		    OPTIONS_RUN);
	CHECK_EQUAL(options.links, 3);
	CHECK_EQUAL(options.link[1].index, 1);
	CHECK_EQUAL(options.link[2].peer, NVLINK_PEER_HOST);
	CHECK_EQUAL(options.link[2].index, 2);
	CHECK_EQUAL(options.gpu_bytes[1], 1 << 30);
	CHECK_EQUAL(options.adjacent[0][1], 3);
	CHECK_EQUAL(options.adjacent[1][0], 3);
}

static void test_wrong(void)
{
	static const char *const wrong[][2] = {
		{ "--links", "" },
		{ "--links", "gpu1" },
		{ "--links", "gpu0," },
		{ "--links", ",gpu0" },
		{ "--links", "gpu16" },
		{ "--links", "gpu" },
		{ "--links", "cpu0" },
		{ "--links", "gpu00000000000000000" },
		{ "--links",
		  "gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0" },
		{ "--gpus", "0" },
		{ "--gpus", "5000" },
		{ "--gpus", "65G" },
		{ "--gpus", "" },
		{ "--gpus", "-1M" },
		{ "--adjacent", "0-0:1" },
		{ "--adjacent", "0-1:1" },
		{ "--adjacent", "0-1" },
		{ "--adjacent", "0-1:16" },
		{ "--speed", "0" },
		{ "--lanes", "256" },
		{ "--channels", "9" },
		{ "--windows", "0" },
		{ "--time-scale", "0" },
		{ "--serial", "x" },
		{ "--nonsense", "1" },
		{ "more", "words" },
	};
	struct options options;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (strcmp(wrong[i][0], "--nonsense") != 0)
			CHECK_EQUAL(read_words(&options, WORDS(wrong[i][0], wrong[i][1])), OPTIONS_WRONG);
	}
	CHECK_EQUAL(read_words(&options, WORDS("--peer-listen", "unix:x", "--peer-connect", "unix:y")),
		    OPTIONS_WRONG);
	CHECK_EQUAL(read_words(&options, WORDS("--control", "b")), OPTIONS_RUN);
	CHECK_EQUAL(read_words(&options, WORDS("--help")), OPTIONS_HELP);
}

static const struct test tests[] = {
	{ "links, GPUs and adjacency are read", test_topology },
	{ "what cannot be is refused", test_wrong },
};

const struct suite options_suite = SUITE("options", tests);
