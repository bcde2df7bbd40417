// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "../crc32.h"
#include "ring.h"

#define LENGTH 200001u /* more than three chunks, and odd */

static struct lab *trained(void)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	return lab;
}

static void check_done(const struct nvlink_completion *completion, uint64_t bytes)
{
	CHECK_EQUAL(completion->error, NVLINK_ERROR_NONE);
	CHECK_EQUAL(completion->sequence, 1);
	CHECK_EQUAL(completion->cookie, UINT64_C(0x1122334455667788));
	CHECK_EQUAL(completion->bytes, bytes);
}

static uint64_t counter(struct lab *lab, uint32_t low)
{
	uint64_t value = lab_read(lab, low);

	return value | (uint64_t)lab_read(lab, low + 4) << 32;
}

static void test_read(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT + 123, 77, LENGTH);
	struct nvlink_completion completion;

	lab_fill(lab->memory, LENGTH + 123, 1);
	completion = ring_run(lab, &descriptor);
	check_done(&completion, LENGTH);
	CHECK(memcmp(lab->model->gpus[0].memory + 77, lab->memory + 123, LENGTH) == 0);
	CHECK_EQUAL(lab->model->gpus[0].memory[76], 0);
	CHECK_EQUAL(lab->model->gpus[0].memory[77 + LENGTH], 0);
	CHECK_EQUAL(counter(lab, NVLINK_REG_LINK_TX_LO(0)) + counter(lab, NVLINK_REG_LINK_TX_LO(1)), LENGTH);
	CHECK_EQUAL(counter(lab, NVLINK_REG_LINK_RX_LO(0)), 0);
	CHECK_EQUAL(counter(lab, NVLINK_REG_LINK_TX_LO(2)), 0);
	CHECK_EQUAL(lab->faults, 0);
	CHECK(lab->longest <= 65536);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_DMA), 1);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_FAULT), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_HEAD(0)), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)), 0);
	lab_close(lab);
}

static void test_write(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_WRITE, 77, MEMORY_AT + 4095,
							      LENGTH);
	struct nvlink_completion completion;

	descriptor.source_gpu = 1;
	descriptor.link = 3;
	lab_fill(lab->model->gpus[1].memory, LENGTH + 77, 2);
	completion = ring_run(lab, &descriptor);
	check_done(&completion, LENGTH);
	CHECK(memcmp(lab->model->gpus[1].memory + 77, lab->memory + 4095, LENGTH) == 0);
	CHECK_EQUAL(lab->memory[4094], 0);
	CHECK_EQUAL(lab->memory[4095 + LENGTH], 0);
	CHECK_EQUAL(counter(lab, NVLINK_REG_LINK_RX_LO(3)), LENGTH);
	CHECK_EQUAL(counter(lab, NVLINK_REG_LINK_RX_LO(2)), 0);
	lab_close(lab);
}

static void test_fill(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_FILL, 0, 3, 600003);
	struct nvlink_completion completion;
	const uint8_t *memory = lab->model->gpus[1].memory;
	uint64_t wrong = 0;

	descriptor.destination_gpu = 1;
	descriptor.pattern = UINT64_C(0x0807060504030201);
	completion = ring_run(lab, &descriptor);
	check_done(&completion, 600003);
	for (uint64_t i = 0; i < 600003; i++)
		wrong += memory[3 + i] != i % 8 + 1;
	CHECK_EQUAL(wrong, 0);
	CHECK_EQUAL(memory[2] + memory[600006], 0);
	lab_close(lab);
}

static void test_peer(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_PEER, 11, 22, 700000);
	struct nvlink_completion completion;

	descriptor.source_gpu = 1;
	descriptor.destination_gpu = 0;
	lab_fill(lab->model->gpus[1].memory, 800000, 3);
	completion = ring_run(lab, &descriptor);
	check_done(&completion, 700000);
	CHECK(memcmp(lab->model->gpus[0].memory + 22, lab->model->gpus[1].memory + 11, 700000) == 0);
	CHECK_EQUAL(lab->model->gpus[0].memory[700022], 0);
	lab_close(lab);
}

static void test_host(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_HOST, MEMORY_AT + 5,
							      MEMORY_AT + 0x100003, LENGTH);
	struct nvlink_completion completion;

	lab_fill(lab->memory, LENGTH + 5, 4);
	completion = ring_run(lab, &descriptor);
	check_done(&completion, LENGTH);
	CHECK(memcmp(lab->memory + 0x100003, lab->memory + 5, LENGTH) == 0);
	CHECK_EQUAL(lab->memory[0x100003 + LENGTH], 0);
	lab_close(lab);
}

static void test_host_without_links(void)
{
	struct lab *lab = lab_open_ready();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_HOST, MEMORY_AT,
							      MEMORY_AT + 0x100000, 64);
	struct nvlink_completion completion = ring_run(lab, &descriptor);

	check_done(&completion, 64);
	lab_close(lab);
}

static void test_nop(void)
{
	struct lab *lab = lab_open_ready();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_NOP, 0, 0, 0);
	struct nvlink_completion completion;

	descriptor.flags = 0;
	completion = ring_run(lab, &descriptor);
	check_done(&completion, 0);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_DMA), 0);
	lab_close(lab);
}

/** Three times around the ring, in batches of every size that fits. */
static void test_order(void)
{
	struct lab *lab = trained();
	uint32_t written = 0, wrong = 0;

	ring_enable(lab, 0);
	for (uint32_t batch = 1; written + batch <= 100; batch = batch % RING_ENTRIES + 1) {
		for (uint32_t i = 0; i < batch; i++) {
			struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_FILL, 0,
									      8 * (written + i), 8);

			descriptor.cookie = written + i;
			descriptor.pattern = written + i;
			ring_put(lab, 0, written + i, &descriptor);
		}
		written += batch;
		ring_tell(lab, 0, written);
		lab_pass(lab, 100);
		CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_HEAD(0)), written);
		for (uint32_t n = written - batch; n < written; n++) {
			struct nvlink_completion completion = ring_completion(lab, 0, n);

			wrong += completion.sequence != n + 1 || completion.cookie != n ||
				 completion.error != 0;
		}
	}
	CHECK_EQUAL(wrong, 0);
	for (uint32_t i = 0; i < written; i++)
		wrong += lab->model->gpus[0].memory[8 * i] != i;
	CHECK_EQUAL(wrong, 0);
	lab_close(lab);
}

/** A limit of 10 MB/s lets a megabyte pass in a tenth of a second. */
static void test_pace(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 20);

	descriptor.link = 1;
	lab_write(lab, NVLINK_REG_LINK_LIMIT(1), 10);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_SPEED(1)), 10);
	ring_enable(lab, 0);
	ring_put(lab, 0, 0, &descriptor);
	ring_tell(lab, 0, 1);
	lab_pass(lab, 100000);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_HEAD(0)), 0);
	lab_pass(lab, 5000);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_HEAD(0)), 1);
	CHECK(ring_completion(lab, 0, 0).nanoseconds >= 104000000);
	lab_close(lab);
}

/** Two links with a limit carry twice as much as one. */
static void test_striping(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 20);
	uint64_t first;

	lab_write(lab, NVLINK_REG_LINK_LIMIT(0), 10);
	lab_write(lab, NVLINK_REG_LINK_LIMIT(1), 10);
	ring_enable(lab, 0);
	ring_put(lab, 0, 0, &descriptor);
	ring_tell(lab, 0, 1);
	lab_pass(lab, 54000);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_HEAD(0)), 1);
	first = counter(lab, NVLINK_REG_LINK_TX_LO(0));
	CHECK_EQUAL(first, 1u << 19);
	CHECK_EQUAL(counter(lab, NVLINK_REG_LINK_TX_LO(1)), 1u << 19);
	lab_close(lab);
}

static void test_clear(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 4096);

	descriptor.link = 0;
	ring_run(lab, &descriptor);
	CHECK_EQUAL(counter(lab, NVLINK_REG_LINK_TX_LO(0)), 4096);
	lab_write(lab, NVLINK_REG_LINK_CONTROL(0), NVLINK_COMMAND_CLEAR);
	CHECK_EQUAL(counter(lab, NVLINK_REG_LINK_TX_LO(0)), 0);
	lab_close(lab);
}

/** A chunk that begins in one window and ends in the next is cut between them. */
static void test_two_windows(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT + 0x1000, 0,
							      0x4000);
	struct nvlink_completion completion;

	lab_fill(lab->memory, 0x5000, 5);
	lab_open_window(lab, 0, MEMORY_AT, 0x2000, 3);
	lab_open_window(lab, 1, MEMORY_AT + 0x2000, MEMORY_BYTES - 0x2000, 3);
	completion = ring_run(lab, &descriptor);
	check_done(&completion, 0x4000);
	CHECK(memcmp(lab->model->gpus[0].memory, lab->memory + 0x1000, 0x4000) == 0);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "READ brings host memory into a GPU, byte for byte, and counts the bytes sent", test_read },
	{ "WRITE brings a GPU's memory to the host over the wanted link", test_write },
	{ "FILL repeats the pattern from the first byte on", test_fill },
	{ "PEER copies between adjacent GPUs", test_peer },
	{ "HOST copies host memory", test_host },
	{ "HOST needs no link", test_host_without_links },
	{ "NOP completes, and without its flag no interrupt comes", test_nop },
	{ "descriptors complete in order, around the ring and in every batch", test_order },
	{ "a speed limit is kept", test_pace },
	{ "a transfer over any link uses all that lead there", test_striping },
	{ "CLEAR sets counters to zero", test_clear },
	{ "a transfer may cross from one DMA window into another", test_two_windows },
};

const struct suite engine_suite = SUITE("engine", tests);
