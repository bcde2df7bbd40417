// SPDX-License-Identifier: Apache-2.0
/*
 * model-fuzz TARGET --seed N --runs M [--first K]: runs K to K + M - 1 of seed N, the same wherever they are run.
 * model-fuzz TARGET FILE...: those inputs; - is the standard input.
 */
#include <sanitizer/common_interface_defs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../number.h"
#include "../test/suite.h"
#include "fuzz.h"

static const struct target *const targets[] = { &vfio_target, &control_target, &peer_target, &engine_target };

static const struct target *target;
static uint64_t seed_number, run_number;

static void say_where(void)
{
	fprintf(stderr, "again with: model-fuzz %s --seed %llu --first %llu --runs 1\n", target->name,
		(unsigned long long)seed_number, (unsigned long long)run_number);
}

void suite_fail(const char *file, int line, const char *what, unsigned long long got, unsigned long long wanted)
{
	fprintf(stderr, "%s:%d: %s: %llu, not %llu\n", file, line, what, got, wanted);
	say_where();
	abort();
}

static void run(uint64_t number)
{
	static uint8_t input[INPUT_MAX];
	uint64_t state = seed_number * UINT64_C(0x100000001b3) + number;
	size_t size = target->seed(input, sizeof(input), random_next(&state));
	uint8_t *copy;

	size = mutate(&state, input, size, sizeof(input));
	run_number = number;
	/* On the heap, so that reading past its end is noticed. */
	copy = malloc(size > 0 ? size : 1);
	if (copy == NULL)
		abort();
	memcpy(copy, input, size);
	target->feed(copy, size);
	free(copy);
}

static bool feed_file(const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	static uint8_t input[INPUT_MAX];
	size_t size;

	if (file == NULL) {
		perror(path);
		return false;
	}
	size = fread(input, 1, sizeof(input), file);
	if (file != stdin)
		fclose(file);
	target->feed(input, size);
	return true;
}

static int usage(void)
{
	fputs("usage: model-fuzz vfio|control|peer|engine --seed N --runs M [--first K] | FILE...\n", stderr);
	return 2;
}

int main(int count, char **words)
{
	uint64_t runs = 0, first = 0;
	int at;

	for (size_t i = 0; count > 1 && i < sizeof(targets) / sizeof(targets[0]); i++) {
		if (strcmp(words[1], targets[i]->name) == 0)
			target = targets[i];
	}
	if (target == NULL)
		return usage();
	for (at = 2; at + 1 < count && strncmp(words[at], "--", 2) == 0; at += 2) {
		uint64_t *value = strcmp(words[at], "--seed") == 0   ? &seed_number
				  : strcmp(words[at], "--runs") == 0 ? &runs
								     : &first;

		if (!number_read(words[at + 1], UINT64_MAX, value))
			return usage();
	}
	__sanitizer_set_death_callback(say_where);
	for (uint64_t i = 0; i < runs; i++)
		run(first + i);
	for (; at < count; at++) {
		if (!feed_file(words[at]))
			return 1;
	}
	printf("%s: seed %llu, %llu runs\n", target->name, (unsigned long long)seed_number,
	       (unsigned long long)runs);
	return 0;
}
