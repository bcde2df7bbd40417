// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "ring.h"

static uint64_t moved(const struct lab *lab, unsigned int channel)
{
	return lab->model->engine.channels[channel].transfer.moved;
}

/** Four channels share one slow link: none is ever ahead by more than what one may have in flight. */
static void test_interleaving(void)
{
	struct lab *lab = lab_open_ready();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 20);
	const uint64_t window = (uint64_t)CHUNKS * CHUNK_BYTES;

	lab_train(lab);
	lab_write(lab, NVLINK_REG_LINK_LIMIT(0), 100);
	descriptor.link = 0;
	for (unsigned int i = 0; i < 4; i++) {
		ring_enable(lab, i);
		ring_put(lab, i, 0, &descriptor);
	}
	for (unsigned int i = 0; i < 4; i++)
		ring_tell(lab, i, 1);
	for (int step = 0; step < 35; step++) {
		uint64_t least = UINT64_MAX, most = 0;

		lab_pass(lab, 1000);
		for (unsigned int i = 0; i < 4; i++) {
			least = moved(lab, i) < least ? moved(lab, i) : least;
			most = moved(lab, i) > most ? moved(lab, i) : most;
		}
		CHECK(most - least <= window);
	}
	lab_pass(lab, 20000);
	for (unsigned int i = 0; i < 4; i++)
		CHECK_EQUAL(ring_completion(lab, i, 0).bytes, 1u << 20);
	lab_close(lab);
}

/** A small transfer beside one of a megabyte at 10 MB/s does not wait for its end. */
static void test_small_beside_large(void)
{
	struct lab *lab = lab_open_ready();
	struct nvlink_descriptor large = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 20);
	struct nvlink_descriptor small = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 64);

	lab_train(lab);
	lab_write(lab, NVLINK_REG_LINK_LIMIT(0), 10);
	large.link = small.link = 0;
	ring_enable(lab, 0);
	ring_enable(lab, 1);
	ring_put(lab, 0, 0, &large);
	ring_put(lab, 1, 0, &small);
	ring_tell(lab, 0, 1);
	ring_tell(lab, 1, 1);
	lab_pass(lab, 40000);
	CHECK_EQUAL(ring_completion(lab, 1, 0).sequence, 1);
	CHECK_EQUAL(ring_completion(lab, 0, 0).sequence, 0);
	lab_close(lab);
}

/** Registers answer while every channel waits for memory that does not. */
static void test_responsive(void)
{
	struct lab *lab = lab_open_ready();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_HOST, MEMORY_AT,
							      MEMORY_AT + 0x100000, 0x100000);

	lab->answers_nothing = true;
	for (unsigned int i = 0; i < 4; i++) {
		ring_enable(lab, i);
		ring_put(lab, i, 0, &descriptor);
		ring_tell(lab, i, 1);
		lab_settle(lab);
		lab_write(lab, NVLINK_REG_GLOBAL_SCRATCH, i);
		CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_SCRATCH), i);
	}
	lab_close(lab);
}

static const struct test tests[] = {
	{ "channels on one link advance together", test_interleaving },
	{ "a small transfer does not wait for a large one", test_small_beside_large },
	{ "registers answer while accesses to memory wait", test_responsive },
};

const struct suite fair_suite = SUITE("fairness", tests);
