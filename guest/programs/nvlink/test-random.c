// SPDX-License-Identifier: Apache-2.0
/*
 * A thousand random operations on random buffers, with faults of links in between. Each buffer has a shadow here, which is
 * what it has to hold; the model is asked for checksums of GPU memory, and all is read back at the end.
 */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "device.h"
#include "link.h"
#include "model.h"
#include "pattern.h"
#include "place.h"
#include "system-file.h"
#include "tests.h"

#define OPERATIONS 1000
#define BUFFERS 12
#define SIZE_MAX_PAGES 24
#define PAGE 4096u
#define SEED 20261125

static struct {
	struct buffer buffer;
	uint8_t *shadow;
} slots[BUFFERS];

static int device;
static struct random dice;
static unsigned int copies, faults, refusals;

static uint64_t roll(uint64_t below)
{
	return random_below(&dice, below);
}

static bool renew(unsigned int slot)
{
	static const uint32_t places[] = { NVLINK_WHERE_SYSTEM, 0, 1 };
	uint64_t size = (1 + roll(SIZE_MAX_PAGES)) * PAGE;

	if (slots[slot].shadow) {
		free(slots[slot].shadow);
		slots[slot].shadow = NULL;
		if (!buffer_free(&slots[slot].buffer))
			return false;
	}
	slots[slot].shadow = calloc(1, size);
	/* Both kinds, whatever the dice say. */
	return buffer_allocate(&slots[slot].buffer, device, slot < 3 ? places[slot] : places[roll(3)], size);
}

static bool random_copy(void)
{
	unsigned int to = (unsigned int)roll(BUFFERS), from = (unsigned int)roll(BUFFERS);
	struct nvlink_submit submit = { .flags = NVLINK_SUBMIT_WAIT };
	uint64_t to_offset, from_offset, most, length;

	if (to == from)
		return true;
	to_offset = roll(slots[to].buffer.size);
	from_offset = roll(slots[from].buffer.size);
	most = slots[to].buffer.size - to_offset;
	if (slots[from].buffer.size - from_offset < most)
		most = slots[from].buffer.size - from_offset;
	length = 1 + roll(most);
	if (roll(4) == 0)
		submit.flags |= NVLINK_SUBMIT_STAGED;
	copies++;
	/* A link can be lost at any time: then nothing may be wrong but that it says so, and it is done again. */
	for (int tries = 0; !copy_as(&slots[to].buffer, to_offset, &slots[from].buffer, from_offset, length, &submit);
	     tries++) {
		if (errno != ENETDOWN || tries == 200) {
			perror("# copy");
			return false;
		}
		refusals++;
		sleep_ms(50);
	}
	memcpy(slots[to].shadow + to_offset, slots[from].shadow + from_offset, length);
	return true;
}

static bool random_fill(void)
{
	unsigned int slot = (unsigned int)roll(BUFFERS);
	uint64_t offset = roll(slots[slot].buffer.size);
	uint64_t length = 1 + roll(slots[slot].buffer.size - offset), pattern = random_next(&dice);

	if (slots[slot].buffer.where == NVLINK_WHERE_SYSTEM) {
		pattern_write(slots[slot].buffer.memory + offset, length, (uint32_t)pattern);
		pattern_write(slots[slot].shadow + offset, length, (uint32_t)pattern);
		return true;
	}
	for (int tries = 0; !fill(&slots[slot].buffer, offset, length, pattern); tries++) {
		if (errno != ENETDOWN || tries == 200) {
			perror("# fill");
			return false;
		}
		refusals++;
		sleep_ms(50);
	}
	for (uint64_t i = 0; i < length; i++)
		slots[slot].shadow[offset + i] = (uint8_t)(pattern >> i % 8 * 8);
	return true;
}

static bool random_check(void)
{
	unsigned int slot = (unsigned int)roll(BUFFERS);
	const struct buffer *buffer = &slots[slot].buffer;
	uint64_t place;

	if (buffer->where == NVLINK_WHERE_SYSTEM)
		return memcmp(buffer->memory, slots[slot].shadow, buffer->size) == 0;
	return place_of(0, buffer, &place) && model_checksum(0, buffer->where, place, buffer->size) ==
						      (long long)crc32_of(slots[slot].shadow, buffer->size);
}

/** A fault that the links get over without a reset of the controller. */
static bool random_fault(void)
{
	static const char *const kinds[] = { "replay", "recovery", "crc_flit", "crc_data", "ecc" };
	unsigned int link = (unsigned int)roll(4);

	faults++;
	switch (roll(4)) {
	case 0:
		return model_do(0, "link %u down", link) && model_do(0, "link %u up", link);
	case 1:
		return model_do(0, "link %u errors %s %u", link, kinds[roll(5)], 1 + (unsigned int)roll(20));
	case 2:
		return model_do(0, "link %u fail 1", link) && model_do(0, "link %u reset", link);
	default:
		return model_do(0, "link %u limit %u", link, roll(2) ? 0 : 100 + (unsigned int)roll(1000));
	}
}

static bool operate(void)
{
	switch (roll(16)) {
	case 0:
		return renew((unsigned int)roll(BUFFERS));
	case 1:
		return random_fault();
	case 2:
		return random_check();
	case 3:
	case 4:
	case 5:
		return random_fill();
	default:
		return random_copy();
	}
}

static bool all_as_expected(void)
{
	struct buffer back;
	bool good = true;

	for (unsigned int slot = 0; slot < BUFFERS; slot++) {
		const struct buffer *buffer = &slots[slot].buffer;

		if (!buffer_allocate(&back, device, NVLINK_WHERE_SYSTEM, buffer->size))
			return false;
		if (!copy(&back, 0, buffer, 0, buffer->size) ||
		    memcmp(back.memory, slots[slot].shadow, buffer->size) != 0) {
			printf("# buffer %u, %llu bytes in %u\n", slot, (unsigned long long)buffer->size, buffer->where);
			good = false;
		}
		buffer_free(&back);
	}
	return good;
}

int test_random(void)
{
	char addresses[4][16];
	unsigned int done = 0;
	bool good = true;
	int places;

	if (!controllers_find(addresses, 4))
		return ktap_skip_all("no controller");
	links_wait(0, 10000);
	device = device_open(0);
	places = places_taken(0);
	ktap_plan(5);
	dice = random_seeded(SEED);
	for (unsigned int slot = 0; slot < BUFFERS && good; slot++)
		good = renew(slot);
	if (!ktap_check(good, "buffers in system memory and at both GPUs"))
		return 1;
	provoke(true);
	while (good && done < OPERATIONS) {
		good = operate();
		done += good;
	}
	printf("# %u operations, %u copies, %u faults, %u refused for want of a link\n", done, copies, faults, refusals);
	ktap_check(good, "a thousand random operations, each with the right result");
	for (unsigned int link = 0; link < 4; link++)
		model_do(0, "link %u limit 0", link);
	ktap_check(links_wait(0, 30000), "the links are up in the end");
	ktap_check(all_as_expected(), "every byte of every buffer is what it has to be");
	provoke(false);
	for (unsigned int slot = 0; slot < BUFFERS; slot++)
		buffer_free(&slots[slot].buffer);
	ktap_check(places_taken(0) == places, "nothing is left over");
	close(device);
	return ktap_finish();
}
