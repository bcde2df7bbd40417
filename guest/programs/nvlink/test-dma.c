// SPDX-License-Identifier: Apache-2.0
/*
 * DMA both ways: what a GPU's host finds in its memory is what was sent, and what comes back is what was there.
 * The host's checksum is the witness: it sees the GPU's memory without driver, IOMMU and copy engine.
 */
#include <stdlib.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "link.h"
#include "model.h"
#include "pattern.h"
#include "place.h"
#include "tests.h"

#define SIZE (1u << 20)

/** Lengths and offsets around the sizes of words, pages and the engine's chunks. */
static const struct {
	uint64_t offset, length;
} odd[] = {
	{ 0, 1 },	   { 1, 3 },	     { 4095, 2 },      { 7, 4096 },	 { 4096, 4097 },
	{ 65535, 65537 }, { 3, 1u << 19 }, { 131071, 262147 }, { SIZE - 1, 1 }, { SIZE - 4099, 4099 },
};

static bool same_at_host(unsigned int controller, const struct buffer *there, const struct buffer *here,
			 uint64_t offset, uint64_t length)
{
	uint64_t place;

	return place_of(controller, there, &place) &&
	       model_checksum(controller, there->where, place + offset, length) ==
		       (long long)crc32_of(here->memory + offset, length);
}

static bool there_and_back(unsigned int controller, const struct buffer *here, const struct buffer *there,
			   const struct buffer *back)
{
	pattern_write(here->memory, SIZE, there->where + 1);
	memset(back->memory, 0, SIZE);
	return copy(there, 0, here, 0, SIZE) && same_at_host(controller, there, here, 0, SIZE) &&
	       copy(back, 0, there, 0, SIZE) && pattern_holds(back->memory, SIZE, there->where + 1);
}

/** Only what is between `offset` and its end changes; there is one byte more on each side to see it. */
static bool odd_copy(const struct buffer *here, const struct buffer *there, const struct buffer *back,
		     uint64_t offset, uint64_t length)
{
	uint64_t before = offset ? offset - 1 : 0;
	uint64_t end = offset + length;

	pattern_write(here->memory, SIZE, 7);
	memset(back->memory, 0xa5, SIZE);
	if (!fill(there, 0, SIZE, 0x5a5a5a5a5a5a5a5a) || !copy(there, offset, here, offset, length) ||
	    !copy(back, 0, there, 0, SIZE))
		return false;
	return memcmp(back->memory + offset, here->memory + offset, length) == 0 &&
	       (offset == 0 || back->memory[before] == 0x5a) && (end == SIZE || back->memory[end] == 0x5a);
}

static bool odd_copies(const struct buffer *here, const struct buffer *there, const struct buffer *back)
{
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		if (!odd_copy(here, there, back, odd[i].offset, odd[i].length)) {
			printf("# %llu bytes at %llu\n", (unsigned long long)odd[i].length,
			       (unsigned long long)odd[i].offset);
			return false;
		}
	return true;
}

static bool fill_begins_at_the_first_byte(const struct buffer *there, const struct buffer *back)
{
	static const uint8_t expected[] = { 8, 7, 6, 5, 4, 3, 2, 1, 8, 7, 6 };

	return fill(there, 5, sizeof(expected), 0x0102030405060708) && copy(back, 0, there, 0, 4096) &&
	       memcmp(back->memory + 5, expected, sizeof(expected)) == 0;
}

static bool is_cleared(int device, unsigned int gpu, const struct buffer *back)
{
	struct buffer fresh;
	bool cleared;

	/* What the one before left there. */
	if (!buffer_allocate(&fresh, device, gpu, SIZE))
		return false;
	cleared = fill(&fresh, 0, SIZE, ~0ull) && buffer_free(&fresh) &&
		  buffer_allocate(&fresh, device, gpu, SIZE) && copy(back, 0, &fresh, 0, SIZE) &&
		  is_zero(back->memory, SIZE);
	buffer_free(&fresh);
	return cleared;
}

static bool between_system_buffers(const struct buffer *here, const struct buffer *back)
{
	pattern_write(here->memory, SIZE, 9);
	memset(back->memory, 0, SIZE);
	return copy(back, 4097, here, 1, SIZE - 4097) &&
	       memcmp(back->memory + 4097, here->memory + 1, SIZE - 4097) == 0 && is_zero(back->memory, 4097);
}

static void test_gpu(unsigned int controller, int device, unsigned int gpu)
{
	struct buffer here, there, back;
	char name[96];

	if (!buffer_allocate(&here, device, NVLINK_WHERE_SYSTEM, SIZE) ||
	    !buffer_allocate(&back, device, NVLINK_WHERE_SYSTEM, SIZE) ||
	    !buffer_allocate(&there, device, gpu, SIZE)) {
		perror("# allocate");
		exit(1);
	}
#define NAME(text) (snprintf(name, sizeof(name), "nvlink%u GPU %u: " text, controller, gpu), name)
	ktap_check(there_and_back(controller, &here, &there, &back), NAME("to it and back, its host agrees"));
	ktap_check(odd_copies(&here, &there, &back), NAME("any offset and length, and nothing beside"));
	ktap_check(fill_begins_at_the_first_byte(&there, &back), NAME("fill with a pattern"));
	ktap_check(is_cleared(device, gpu, &back), NAME("memory is cleared between owners"));
	ktap_check(between_system_buffers(&here, &back), NAME("the engine copies between system buffers"));
#undef NAME
	buffer_free(&there);
	buffer_free(&back);
	buffer_free(&here);
}

int test_dma(void)
{
	char addresses[4][16];
	unsigned int controllers = controllers_find(addresses, 4);
	struct nvlink_ioc_info info[4];
	int device[4];
	unsigned int gpus = 0;

	if (!controllers)
		return ktap_skip_all("no controller");
	for (unsigned int i = 0; i < controllers; i++) {
		links_wait(i, 10000);
		device[i] = device_open(i);
		if (device[i] < 0 || !device_info(device[i], &info[i])) {
			perror("# open");
			return 1;
		}
		gpus += info[i].gpus;
	}
	ktap_plan(5 * gpus);
	for (unsigned int i = 0; i < controllers; i++) {
		for (unsigned int gpu = 0; gpu < info[i].gpus; gpu++)
			test_gpu(i, device[i], gpu);
		close(device[i]);
	}
	return ktap_finish();
}
