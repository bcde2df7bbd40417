// SPDX-License-Identifier: Apache-2.0
/* One program for all tests of NVLink, which does what its name says: 73-nvlink-dma runs the test dma. */
#include <stdio.h>
#include <string.h>

#include "tests.h"

static const struct {
	const char *name;
	int (*main)(void);
} tests[] = {
	{ "nvlink-probe", test_probe },		{ "nvlink-topology", test_topology },
	{ "nvlink-dma", test_dma },		{ "nvlink-translation", test_translation },
	{ "nvlink-sharing", test_sharing },	{ "nvlink-zero-copy", test_zero_copy },
	{ "nvlink-fences", test_fences },	{ "nvlink-peer", test_peer },
	{ "nvlink-interrupts", test_interrupts }, { "nvlink-calls", test_calls },
	{ "nvlink-links", test_links },		{ "nvlink-stuck", test_stuck },
	{ "nvlink-removal", test_removal },	{ "nvlink-refusal", test_refusal },
	{ "nvlink-killed", test_killed },	{ "nvlink-bad-input", test_bad_input },
	{ "nvlink-random", test_random },	{ "nvlink-random-calls", test_calls_at_random },
	{ "nvlink-fuzz", test_fuzz },
	{ "nvlink-vfio", test_vfio },		{ "nvlink-unload", test_unload },
	{ "nvlink-power", test_power },		{ "nvlink-machines", test_machines },
	{ "nvlink-dead-model", test_dead_model },
	{ "bench", nvlink_bench },		{ "nvlink-bench", nvlink_bench },
};

int main(int count, char **words)
{
	const char *name = count > 0 ? strrchr(words[0], '/') : NULL;

	name = name ? name + 1 : words[0];
	/* The number before a test's name orders the files. */
	if (strspn(name, "0123456789") == 2 && name[2] == '-')
		name += 3;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (!strcmp(name, tests[i].name))
			return tests[i].main();
	fprintf(stderr, "%s: there is no such test\n", name);
	return 2;
}
