// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "host.h"
#include "ring.h"

static struct lab *trained(void)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	return lab;
}

/** What a descriptor that is wrong ends with; the next one still works. */
static uint32_t error_of(struct lab *lab, const struct nvlink_descriptor *descriptor)
{
	struct nvlink_descriptor nop = ring_descriptor(NVLINK_OPCODE_NOP, 0, 0, 0);
	struct nvlink_completion completion;

	ring_enable(lab, 0);
	ring_put(lab, 0, 0, descriptor);
	ring_put(lab, 0, 1, &nop);
	ring_tell(lab, 0, 2);
	lab_pass(lab, 500);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_HEAD(0)), 2);
	CHECK_EQUAL(ring_completion(lab, 0, 1).error, NVLINK_ERROR_NONE);
	completion = ring_completion(lab, 0, 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ERROR(0)), completion.error);
	CHECK_EQUAL(completion.cookie, descriptor->cookie);
	return completion.error;
}

static void test_descriptor(void)
{
	struct lab *lab = trained();
	const struct nvlink_descriptor good = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 64);
	struct nvlink_descriptor bad = good;

	CHECK_EQUAL(error_of(lab, &good), NVLINK_ERROR_NONE);
	bad.opcode = NVLINK_OPCODE_COUNT;
	CHECK_EQUAL(error_of(lab, &bad), NVLINK_ERROR_DESCRIPTOR);
	bad = good;
	bad.opcode = 0xff;
	CHECK_EQUAL(error_of(lab, &bad), NVLINK_ERROR_DESCRIPTOR);
	bad = good;
	bad.flags |= 0x80;
	CHECK_EQUAL(error_of(lab, &bad), NVLINK_ERROR_DESCRIPTOR);
	bad = good;
	bad.reserved[2] = 1;
	CHECK_EQUAL(error_of(lab, &bad), NVLINK_ERROR_DESCRIPTOR);
	bad = good;
	bad.reserved2[1] = 1;
	CHECK_EQUAL(error_of(lab, &bad), NVLINK_ERROR_DESCRIPTOR);
	bad = good;
	bad.link = 4;
	CHECK_EQUAL(error_of(lab, &bad), NVLINK_ERROR_DESCRIPTOR);
	bad = good;
	bad.source_gpu = 1;
	CHECK_EQUAL(error_of(lab, &bad), NVLINK_ERROR_DESCRIPTOR);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_FAULT), 0);
	lab_close(lab);
}

static void test_length(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor bad = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 0);

	CHECK_EQUAL(error_of(lab, &bad), NVLINK_ERROR_LENGTH);
	bad.length = (UINT64_C(1) << 32) + 1;
	CHECK_EQUAL(error_of(lab, &bad), NVLINK_ERROR_LENGTH);
	bad.length = UINT64_MAX;
	CHECK_EQUAL(error_of(lab, &bad), NVLINK_ERROR_LENGTH);
	lab_close(lab);
}

static void test_gpu_address(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor edge = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, (1u << 20) - 64, 64);

	CHECK_EQUAL(error_of(lab, &edge), NVLINK_ERROR_NONE);
	edge.length = 65;
	CHECK_EQUAL(error_of(lab, &edge), NVLINK_ERROR_GPU_ADDRESS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ADDRESS_LO(0)), (1u << 20) - 64);
	edge.length = 64;
	edge.destination = UINT64_MAX - 32;
	CHECK_EQUAL(error_of(lab, &edge), NVLINK_ERROR_GPU_ADDRESS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ADDRESS_HI(0)), UINT32_MAX);
	edge.destination = 0;
	edge.length = UINT64_C(1) << 32;
	CHECK_EQUAL(error_of(lab, &edge), NVLINK_ERROR_GPU_ADDRESS);
	edge = ring_descriptor(NVLINK_OPCODE_WRITE, 1u << 20, MEMORY_AT, 1);
	CHECK_EQUAL(error_of(lab, &edge), NVLINK_ERROR_GPU_ADDRESS);
	lab_close(lab);
}

static void test_gpus(void)
{
	static const char *const words[] = { "--gpus", "1M,1M,1M", "--links", "gpu0,gpu1,gpu2", NULL };
	struct lab *lab = lab_open(words);
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_FILL, 0, 0, 8);

	lab_connect(lab);
	lab_set_pci_command(lab, 6);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, 1);
	lab_open_window(lab, 0, 0, UINT64_C(1) << 32, 3);
	lab_train(lab);
	descriptor.destination_gpu = 3;
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_NO_GPU);
	descriptor = ring_descriptor(NVLINK_OPCODE_PEER, 0, 0, 8);
	descriptor.destination_gpu = 1;
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_NONE);
	descriptor.destination_gpu = 2;
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_NO_PEER);
	descriptor.destination_gpu = 0;
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_NO_PEER);
	descriptor.destination_gpu = NVLINK_REMOTE_GPU;
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_NO_PEER);
	descriptor.destination_gpu = 15;
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_NO_GPU);
	lab_close(lab);
}

static void test_link_down(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 64);

	lab_write(lab, NVLINK_REG_LINK_CONTROL(0), NVLINK_COMMAND_OFF);
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_NONE);
	descriptor.link = 0;
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_LINK_DOWN);
	descriptor.link = 2; /* leads to the other GPU */
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_LINK_DOWN);
	descriptor.link = NVLINK_LINK_ANY;
	lab_write(lab, NVLINK_REG_LINK_CONTROL(1), NVLINK_COMMAND_SLEEP);
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_LINK_DOWN);
	descriptor = ring_descriptor(NVLINK_OPCODE_PEER, 0, 0, 64);
	descriptor.destination_gpu = 1;
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_LINK_DOWN);
	lab_close(lab);
}

static void test_window(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT + 0x1000, 0,
							      0x3000);

	lab_open_window(lab, 0, MEMORY_AT + RING_AT(0), 0x100000, 3);
	lab_open_window(lab, 1, MEMORY_AT + 0x1000, 0x2000, NVLINK_WINDOW_CONTROL_READ_MASK);
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_WINDOW);
	CHECK_EQUAL(ring_completion(lab, 0, 0).bytes, 0x2000);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ADDRESS_LO(0)), (uint32_t)MEMORY_AT + 0x3000);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_FAULT), 1);
	CHECK_EQUAL(lab->faults, 0);
	descriptor.length = 0x2000;
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_NONE);
	descriptor = ring_descriptor(NVLINK_OPCODE_WRITE, 0, MEMORY_AT + 0x1000, 1);
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_WINDOW);
	descriptor = ring_descriptor(NVLINK_OPCODE_READ, UINT64_MAX - 10, 0, 64);
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_WINDOW);
	lab_open_window(lab, 2, UINT64_MAX & ~UINT64_C(0xfff), 0x1000, 3);
	descriptor.length = 5;
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_HOST_REFUSED);
	lab_close(lab);
}

/** What was asked for before a window was closed, and not sent yet, is not sent any more. */
static void test_window_closes(void)
{
	static const uint8_t opcodes[] = { NVLINK_OPCODE_READ, NVLINK_OPCODE_WRITE, NVLINK_OPCODE_HOST };

	for (size_t i = 0; i < sizeof(opcodes); i++) {
		struct lab *lab = trained();
		bool is_write = opcodes[i] == NVLINK_OPCODE_WRITE;
		struct nvlink_descriptor descriptor = ring_descriptor(opcodes[i], is_write ? 0 : MEMORY_AT,
								      is_write ? MEMORY_AT : 0, 1u << 20);
		unsigned int asked;

		if (opcodes[i] == NVLINK_OPCODE_HOST)
			descriptor.destination = MEMORY_AT + (1u << 20);
		lab_open_window(lab, 0, MEMORY_AT + RING_AT(0), 0x100000, 3);
		lab_open_window(lab, 1, MEMORY_AT, 2u << 20, 3);
		ring_enable(lab, 0);
		ring_put(lab, 0, 0, &descriptor);
		ring_tell(lab, 0, 1);
		for (int turn = 0; turn < 1000 && lab->longest < CHUNK_BYTES; turn++) {
			loop_once(&lab->model->loop, true);
			engine_run(lab->model);
			host_serve(lab);
		}
		lab_write(lab, NVLINK_REG_WINDOW_CONTROL(1), 0);
		/* What is on its way arrives; the engine does not run. */
		for (int idle = 0; idle < 4; idle++) {
			loop_once(&lab->model->loop, true);
			if (host_serve(lab))
				idle = 0;
		}
		asked = lab->reads + lab->writes;
		lab_pass(lab, 500);
		/* But for the completion, which is in the other window, and its probe. */
		CHECK_EQUAL(lab->reads + lab->writes, asked + 2);
		CHECK_EQUAL(ring_completion(lab, 0, 0).error, NVLINK_ERROR_WINDOW);
		CHECK(ring_completion(lab, 0, 0).bytes < 1u << 20);
		CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_FAULT), 1);
		CHECK_EQUAL(lab->faults, 0);
		lab_close(lab);
	}
}

static void test_refused(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 0x40000);

	lab_map(lab, 0, 0x40000, false, false);
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_HOST_REFUSED);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_FAULT), 1);
	/* Only the ends of each chunk are asked for: two reports instead of sixteen thousand. */
	CHECK(lab->faults > 0 && lab->faults <= 8);
	descriptor = ring_descriptor(NVLINK_OPCODE_WRITE, 0, MEMORY_AT, 0x40000);
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_HOST_REFUSED);
	descriptor = ring_descriptor(NVLINK_OPCODE_HOST, MEMORY_AT + 0x40000, MEMORY_AT, 64);
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_HOST_REFUSED);
	lab_close(lab);
}

/** Pages that were used a moment ago and are unmapped now are refused, and reported a few times only. */
static void test_unmapped_after_use(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 0x20000);

	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_NONE);
	lab_map(lab, 0, 0x20000, false, false);
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_HOST_REFUSED);
	CHECK(lab->faults > 0 && lab->faults <= 4);
	lab_close(lab);
}

/** Only some pages in the middle are missing. */
static void test_hole(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_WRITE, 0, MEMORY_AT, 0x30000);

	lab_map(lab, 0x18000, 0x1000, true, false);
	CHECK_EQUAL(error_of(lab, &descriptor), NVLINK_ERROR_HOST_REFUSED);
	CHECK(ring_completion(lab, 0, 0).bytes < 0x30000);
	lab_close(lab);
}

static void test_ring_refused(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor nop = ring_descriptor(NVLINK_OPCODE_NOP, 0, 0, 0);

	lab_map(lab, RING_AT(0), 0x2000, false, false);
	ring_run(lab, &nop);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)),
		    NVLINK_CHANNEL_STATUS_HALTED_MASK | NVLINK_CHANNEL_STATUS_BUSY_MASK);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ERROR(0)), NVLINK_ERROR_HOST_REFUSED);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_FAULT), 1);
	lab_map(lab, RING_AT(0), 0x2000, true, false);
	lab_map(lab, DONE_AT(0), 0x2000, true, false);
	ring_run(lab, &nop);
	CHECK((lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)) & NVLINK_CHANNEL_STATUS_HALTED_MASK) != 0);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_FAULT), 1);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_DMA), 0);
	lab_map(lab, DONE_AT(0), 0x2000, true, true);
	CHECK_EQUAL(ring_run(lab, &nop).error, NVLINK_ERROR_NONE);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)), 0);
	lab_close(lab);
}

static void test_ring_window(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor nop = ring_descriptor(NVLINK_OPCODE_NOP, 0, 0, 0);

	lab_open_window(lab, 0, MEMORY_AT, 0x100000, 3);
	ring_run(lab, &nop);
	CHECK((lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)) & NVLINK_CHANNEL_STATUS_HALTED_MASK) != 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ERROR(0)), NVLINK_ERROR_WINDOW);
	CHECK_EQUAL(lab->reads, 0);
	lab_close(lab);
}

static void test_impossible_ring(void)
{
	struct lab *lab = trained();
	static const uint32_t sizes[] = { 0, 13, 31, 32, UINT32_MAX };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		lab_write(lab, NVLINK_REG_CHANNEL_CONTROL(0), 0);
		lab_write(lab, NVLINK_REG_CHANNEL_LOG2(0), sizes[i]);
		lab_write(lab, NVLINK_REG_CHANNEL_CONTROL(0), 1);
		CHECK((lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)) & NVLINK_CHANNEL_STATUS_HALTED_MASK) != 0);
		CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ERROR(0)), NVLINK_ERROR_CONTROL);
	}
	lab_write(lab, NVLINK_REG_CHANNEL_CONTROL(0), 0);
	lab_write(lab, NVLINK_REG_CHANNEL_LOG2(0), 4);
	lab_write(lab, NVLINK_REG_CHANNEL_RING_LO(0), 0x1004);
	lab_write(lab, NVLINK_REG_CHANNEL_CONTROL(0), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ERROR(0)), NVLINK_ERROR_CONTROL);
	ring_enable(lab, 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ERROR(0)), NVLINK_ERROR_NONE);
	ring_tell(lab, 0, RING_ENTRIES + 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ERROR(0)), NVLINK_ERROR_CONTROL);
	CHECK((lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)) & NVLINK_CHANNEL_STATUS_HALTED_MASK) != 0);
	CHECK_EQUAL(lab->reads, 0);
	lab_close(lab);
}

/** The channel is in the middle of the descriptor that is taken back. */
static void test_tail_goes_back(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 4096);

	lab_command(lab, "dma stuck 1");
	ring_enable(lab, 0);
	ring_put(lab, 0, 0, &descriptor);
	ring_tell(lab, 0, 1);
	lab_settle(lab);
	ring_tell(lab, 0, 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ERROR(0)), NVLINK_ERROR_NONE);
	ring_tell(lab, 0, 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ERROR(0)), NVLINK_ERROR_CONTROL);
	CHECK((lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)) & NVLINK_CHANNEL_STATUS_HALTED_MASK) != 0);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "opcodes, flags and reserved fields that are not defined end with DESCRIPTOR", test_descriptor },
	{ "no bytes and too many end with LENGTH", test_length },
	{ "past the end of a GPU's memory is GPU_ADDRESS, up to it is not", test_gpu_address },
	{ "GPUs that there are not end with NO_GPU, those that are not adjacent with NO_PEER", test_gpus },
	{ "no link that is up and leads there ends with LINK_DOWN", test_link_down },
	{ "outside the windows is WINDOW, and the IOMMU never sees it", test_window },
	{ "a window that is closed ends the transfer that uses it, without another access",
	  test_window_closes },
	{ "what the IOMMU refuses is HOST_REFUSED, and it has little to report", test_refused },
	{ "pages unmapped after use are refused with few reports", test_unmapped_after_use },
	{ "one unwritable page in the middle of a transfer is noticed", test_hole },
	{ "a ring that cannot be read or written halts the channel until it is enabled anew",
	  test_ring_refused },
	{ "a ring outside the windows halts the channel without an access", test_ring_window },
	{ "a tail that goes back halts the channel", test_tail_goes_back },
	{ "an impossible ring and a tail beyond it halt the channel", test_impossible_ring },
};

const struct suite engine_error_suite = SUITE("engine errors", tests);
