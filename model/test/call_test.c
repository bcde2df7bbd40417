// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "../crc32.h"
#include "host.h"
#include "ring.h"

struct called {
	struct nvlink_completion completion;
	struct nvlink_answer answer;
};

static struct called call(struct lab *lab, uint32_t command, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_CALL, MEMORY_AT + 8,
							      MEMORY_AT + 4100, sizeof(struct nvlink_call));
	struct nvlink_call request = { .command = command, .argument = { a, b, c, d } };
	struct called called;

	descriptor.destination_gpu = 1;
	descriptor.pattern = 64;
	memcpy(lab->memory + 8, &request, sizeof(request));
	called.completion = ring_run(lab, &descriptor);
	memcpy(&called.answer, lab->memory + 4100, sizeof(called.answer));
	return called;
}

static struct lab *trained(void)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	return lab;
}

static void test_info(void)
{
	struct lab *lab = trained();
	struct called called = call(lab, NVLINK_CALL_INFO, 0, 0, 0, 0);

	CHECK_EQUAL(called.completion.error, NVLINK_ERROR_NONE);
	CHECK_EQUAL(called.completion.bytes, sizeof(struct nvlink_answer));
	CHECK_EQUAL(called.answer.result[0], 1 << 20);
	CHECK_EQUAL(called.answer.result[1], 7 << 8 | 1);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_DMA), 1);
	CHECK_EQUAL(lab->model->links[2].tx_bytes + lab->model->links[3].tx_bytes, 64);
	CHECK_EQUAL(lab->model->links[2].rx_bytes + lab->model->links[3].rx_bytes, 32);
	lab_close(lab);
}

static void test_checksum(void)
{
	struct lab *lab = trained();
	struct called called;

	lab_fill(lab->model->gpus[1].memory, 1 << 20, 8);
	called = call(lab, NVLINK_CALL_CHECKSUM, 0, 1 << 20, 0, 0);
	CHECK_EQUAL(called.answer.result[0], crc32_add(0, lab->model->gpus[1].memory, 1 << 20));
	CHECK_EQUAL(called.answer.error, NVLINK_ERROR_NONE);
	called = call(lab, NVLINK_CALL_CHECKSUM, 1 << 20, 0, 0, 0);
	CHECK_EQUAL(called.answer.result[0], 0);
	called = call(lab, NVLINK_CALL_CHECKSUM, 1, 1 << 20, 0, 0);
	CHECK_EQUAL(called.completion.error, NVLINK_ERROR_CALL);
	CHECK_EQUAL(called.answer.error, NVLINK_ERROR_GPU_ADDRESS);
	lab_close(lab);
}

static void test_add(void)
{
	struct lab *lab = trained();
	uint8_t *memory = lab->model->gpus[1].memory;
	uint32_t left = 0xfffffff0, right = 0x20, sum;
	struct called called;

	memcpy(memory + 1000, &left, 4);
	memcpy(memory + 2000, &right, 4);
	memcpy(memory + 2004, &right, 4);
	called = call(lab, NVLINK_CALL_ADD, 3000, 1000, 2000, 2);
	CHECK_EQUAL(called.answer.error, NVLINK_ERROR_NONE);
	memcpy(&sum, memory + 3000, 4);
	CHECK_EQUAL(sum, 0x10);
	memcpy(&sum, memory + 3004, 4);
	CHECK_EQUAL(sum, 0x20);
	CHECK_EQUAL(call(lab, NVLINK_CALL_ADD, 0, 0, 0, UINT64_C(1) << 62).answer.error,
		    NVLINK_ERROR_GPU_ADDRESS);
	CHECK_EQUAL(call(lab, NVLINK_CALL_ADD, 0, 0, UINT64_MAX - 3, 1).answer.error, NVLINK_ERROR_GPU_ADDRESS);
	CHECK_EQUAL(call(lab, NVLINK_CALL_ADD, (1 << 20) - 4, 0, 0, 2).answer.error, NVLINK_ERROR_GPU_ADDRESS);
	CHECK_EQUAL(call(lab, NVLINK_CALL_ADD, 0, 0, 0, 0).answer.error, NVLINK_ERROR_NONE);
	lab_close(lab);
}

static void test_unknown(void)
{
	struct lab *lab = trained();
	struct called called = call(lab, NVLINK_CALL_COUNT, 0, 0, 0, 0);

	CHECK_EQUAL(called.completion.error, NVLINK_ERROR_CALL);
	CHECK_EQUAL(called.answer.error, NVLINK_ERROR_CALL);
	lab_close(lab);
}

static void test_sizes(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_CALL, MEMORY_AT, MEMORY_AT + 8192,
							      63);

	descriptor.pattern = 32;
	CHECK_EQUAL(ring_run(lab, &descriptor).error, NVLINK_ERROR_LENGTH);
	descriptor.length = 4097;
	CHECK_EQUAL(ring_run(lab, &descriptor).error, NVLINK_ERROR_LENGTH);
	descriptor.length = 4096;
	CHECK_EQUAL(ring_run(lab, &descriptor).error, NVLINK_ERROR_NONE);
	descriptor.pattern = 31;
	CHECK_EQUAL(ring_run(lab, &descriptor).error, NVLINK_ERROR_LENGTH);
	descriptor.pattern = 4097;
	CHECK_EQUAL(ring_run(lab, &descriptor).error, NVLINK_ERROR_LENGTH);
	descriptor.pattern = 32;
	descriptor.destination_gpu = 2;
	CHECK_EQUAL(ring_run(lab, &descriptor).error, NVLINK_ERROR_NO_GPU);
	descriptor.destination_gpu = NVLINK_REMOTE_GPU;
	CHECK_EQUAL(ring_run(lab, &descriptor).error, NVLINK_ERROR_LINK_DOWN);
	lab_close(lab);
}

static void test_host_memory(void)
{
	struct lab *lab = trained();

	lab_map(lab, 4096, 4096, true, false);
	CHECK_EQUAL(call(lab, NVLINK_CALL_INFO, 0, 0, 0, 0).completion.error, NVLINK_ERROR_HOST_REFUSED);
	lab_map(lab, 0, 4096, false, true);
	CHECK_EQUAL(call(lab, NVLINK_CALL_INFO, 0, 0, 0, 0).completion.error, NVLINK_ERROR_HOST_REFUSED);
	lab_open_window(lab, 0, MEMORY_AT + 0x1000, MEMORY_BYTES - 0x1000, 3);
	CHECK_EQUAL(call(lab, NVLINK_CALL_INFO, 0, 0, 0, 0).completion.error, NVLINK_ERROR_WINDOW);
	lab_close(lab);
}

/** Sixteen rounds of a megabyte each take longer than the engine may work in one go. */
static void test_leaves_time(void)
{
	static const char *const words[] = { "--gpus", "32M,1M", NULL };
	struct lab *lab = lab_open(words);
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_CALL, MEMORY_AT + 8,
							      MEMORY_AT + 4100, sizeof(struct nvlink_call));
	struct nvlink_call request = { .command = NVLINK_CALL_CHECKSUM, .argument = { 0, 32u << 20 } };
	const struct transfer *transfer = &lab->model->engine.channels[0].transfer;

	lab_connect(lab);
	lab_set_pci_command(lab, 6);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, 1);
	lab_open_window(lab, 0, 0, UINT64_C(1) << 32, 3);
	lab_train(lab);
	descriptor.pattern = 64;
	memcpy(lab->memory + 8, &request, sizeof(request));
	ring_enable(lab, 0);
	ring_put(lab, 0, 0, &descriptor);
	ring_tell(lab, 0, 1);
	for (int turn = 0; turn < 100 && transfer->call_phase != CALL_RUNNING; turn++) {
		engine_run(lab->model);
		host_serve(lab);
		loop_once(&lab->model->loop, true);
	}
	CHECK_EQUAL(transfer->call_phase, CALL_RUNNING);
	lab_use_system_clock();
	CHECK(engine_run(lab->model));
	CHECK(transfer->call.position > 0 && transfer->call.position < 16u << 20);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "INFO tells memory and identity, and the link counts request and answer", test_info },
	{ "CHECKSUM is that of the GPU's memory", test_checksum },
	{ "ADD adds words modulo 2^32", test_add },
	{ "a command that is not known is refused by the GPU's host", test_unknown },
	{ "requests and answers have their sizes", test_sizes },
	{ "request and answer pass windows and IOMMU", test_host_memory },
	{ "a long call leaves time for everything else", test_leaves_time },
};

const struct suite call_suite = SUITE("calls", tests);
