// SPDX-License-Identifier: Apache-2.0
#include "pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system-file.h"

static uint32_t word_at(uint64_t index, uint32_t seed)
{
	uint32_t word = (uint32_t)index * 2654435761u ^ seed * 0x9e3779b1u;

	return word ^ word >> 15;
}

uint8_t pattern_at(uint64_t position, uint32_t seed)
{
	return (uint8_t)(word_at(position / 4, seed) >> position % 4 * 8);
}

void pattern_write(void *memory, size_t size, uint32_t seed)
{
	uint8_t *bytes = memory;
	size_t i = 0;

	for (; i + 4 <= size; i += 4) {
		uint32_t word = word_at(i / 4, seed);

		memcpy(bytes + i, &word, 4);
	}
	for (; i < size; i++)
		bytes[i] = pattern_at(i, seed);
}

bool pattern_holds(const void *memory, size_t size, uint32_t seed)
{
	const uint8_t *bytes = memory;
	size_t i = 0;

	for (; i + 4 <= size; i += 4) {
		uint32_t word = word_at(i / 4, seed);

		if (memcmp(bytes + i, &word, 4) != 0) {
			printf("# differs within the four bytes at %zu of %zu\n", i, size);
			return false;
		}
	}
	for (; i < size; i++)
		if (bytes[i] != pattern_at(i, seed))
			return false;
	return true;
}

bool is_zero(const void *memory, size_t size)
{
	const uint8_t *bytes = memory;

	return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

uint32_t crc32_of(const void *memory, size_t size)
{
	static uint32_t table[256];
	const uint8_t *bytes = memory;
	uint32_t crc = ~0u;

	if (!table[1])
		for (uint32_t i = 0; i < 256; i++) {
			uint32_t entry = i;

			for (int bit = 0; bit < 8; bit++)
				entry = entry >> 1 ^ (entry & 1 ? 0xedb88320u : 0);
			table[i] = entry;
		}
	for (size_t i = 0; i < size; i++)
		crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xff];
	return ~crc;
}

struct random random_seeded(uint64_t otherwise)
{
	char words[2048];
	const char *word;
	uint64_t seed = otherwise;

	if (read_text("/proc/cmdline", words, sizeof(words)) && (word = strstr(words, "nvlab.seed=")))
		seed = strtoull(word + strlen("nvlab.seed="), NULL, 0);
	printf("# seed %llu (nvlab.seed=%llu repeats this)\n", (unsigned long long)seed, (unsigned long long)seed);
	/* Zero is where this generator would stay for ever. */
	return (struct random){ .state = seed * 0x9e3779b97f4a7c15u + 0x1234567 };
}

uint64_t random_next(struct random *random)
{
	random->state ^= random->state >> 12;
	random->state ^= random->state << 25;
	random->state ^= random->state >> 27;
	return random->state * 0x2545f4914f6cdd1du;
}

uint64_t random_below(struct random *random, uint64_t below)
{
	return random_next(random) % below;
}
