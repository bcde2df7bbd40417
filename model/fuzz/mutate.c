// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "fuzz.h"

uint32_t random_next(uint64_t *state)
{
	uint64_t number = *state += UINT64_C(0x9e3779b97f4a7c15);

	number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((number ^ number >> 31) >> 16);
}

uint32_t random_below(uint64_t *state, uint32_t bound)
{
	return random_next(state) % bound;
}

/** Numbers that are bounds of something. */
static uint64_t edge(uint64_t *state)
{
	static const uint64_t edges[] = { 0,
					  1,
					  2,
					  3,
					  4,
					  7,
					  8,
					  15,
					  16,
					  31,
					  32,
					  63,
					  64,
					  127,
					  128,
					  255,
					  256,
					  4095,
					  4096,
					  4097,
					  65535,
					  65536,
					  65537,
					  0x7fffffff,
					  0x80000000,
					  0xffffffff,
					  0x100000000,
					  UINT64_MAX - 4095,
					  UINT64_MAX - 1,
					  UINT64_MAX };

	return edges[random_below(state, sizeof(edges) / sizeof(edges[0]))];
}

static void put_number(uint64_t *state, uint8_t *data, size_t size)
{
	static const size_t widths[] = { 1, 2, 4, 8 };
	size_t width = widths[random_below(state, 4)];
	uint64_t number = random_below(state, 2) == 0 ? edge(state) : random_next(state);
	size_t at;

	if (size < width)
		return;
	at = random_below(state, (uint32_t)(size - width + 1));
	if (random_below(state, 2) == 0)
		at -= at % width;
	memcpy(data + at, &number, width);
}

static size_t cut_out(uint64_t *state, uint8_t *data, size_t size)
{
	size_t at, length;

	if (size == 0)
		return 0;
	at = random_below(state, (uint32_t)size);
	length = 1 + random_below(state, (uint32_t)(size - at > 64 ? 64 : size - at));
	memmove(data + at, data + at + length, size - at - length);
	return size - length;
}

/** Repeats a part somewhere else. */
static size_t copy_in(uint64_t *state, uint8_t *data, size_t size, size_t room)
{
	uint8_t part[128];
	size_t from, at, length;

	if (size == 0)
		return 0;
	from = random_below(state, (uint32_t)size);
	length = 1 + random_below(state, (uint32_t)(size - from > sizeof(part) ? sizeof(part) : size - from));
	if (length > room - size)
		return size;
	memcpy(part, data + from, length);
	at = random_below(state, (uint32_t)size + 1);
	memmove(data + at + length, data + at, size - at);
	memcpy(data + at, part, length);
	return size + length;
}

size_t mutate(uint64_t *state, uint8_t *data, size_t size, size_t room)
{
	uint32_t changes = random_below(state, 8);

	while (changes-- > 0) {
		switch (random_below(state, 5)) {
		case 0:
			if (size > 0)
				data[random_below(state, (uint32_t)size)] ^= (uint8_t)(1u << random_below(state,
													  8));
			break;
		case 1:
			size = cut_out(state, data, size);
			break;
		case 2:
			size = copy_in(state, data, size, room);
			break;
		default:
			put_number(state, data, size);
			break;
		}
	}
	return size;
}
