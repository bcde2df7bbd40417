// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "lab.h"

static void test_identity(void)
{
	struct lab *lab = lab_open_ready();

	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), 0x4e564c46);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_CONTRACT), NVLINK_GLOBAL_CONTRACT_RESET);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_SERIAL_LO), 7);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_CAPS), 4 | 2 << 8 | 4 << 16 | 4 << 20 | 7 << 24);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_WATCHDOG_MS), 1000);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_CAPS(3)), 4 | NVLINK_PEER_GPU << 8 | 1 << 16);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_MAX_SPEED(3)), 25000);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GPU_MEMORY_LO(1)), 1 << 20);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GPU_LINKS(0)), 3);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GPU_LINKS(1)), 12);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GPU_ADJACENT_LO(0)), 2 << 4);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GPU_ADJACENT_LO(1)), 2);
	CHECK(lab_read(lab, NVLINK_REG_GPU_IDENTITY_LO(0)) != lab_read(lab, NVLINK_REG_GPU_IDENTITY_LO(1)));
	lab_close(lab);
}

/** What is not there reads as zero, and writing it does nothing. */
static void test_nothing(void)
{
	static const uint32_t nowhere[] = { 0x48,   0xffc,  0x1048, 0x1404, 0x1fe0, 0x2024, 0x2080, 0x23fc,
					    0x3014, 0x3080, 0x4030, 0x4100, 0x5000, 0xe000, 0xf004, 0xfffc };
	struct lab *lab = lab_open_ready();

	for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
		lab_write(lab, nowhere[i], UINT32_MAX);
		CHECK_EQUAL(lab_read(lab, nowhere[i]), 0);
	}
	lab_write(lab, NVLINK_REG_GLOBAL_ID, 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), 0x4e564c46);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ERROR), NVLINK_ERROR_NONE);
	lab_close(lab);
}

static void test_impossible_values(void)
{
	static const uint32_t wrong[][2] = {
		{ NVLINK_REG_GLOBAL_CONTROL, 4 },	    { NVLINK_REG_GLOBAL_INT_ENABLE, 0x40 },
		{ NVLINK_REG_GLOBAL_INT_TEST, 0x80000000 }, { NVLINK_REG_GLOBAL_WATCHDOG_MS, 60001 },
		{ NVLINK_REG_WINDOW_BASE_LO(0), 0x1001 },   { NVLINK_REG_WINDOW_SIZE_LO(1), 1 },
		{ NVLINK_REG_WINDOW_CONTROL(2), 4 },	    { NVLINK_REG_CHANNEL_CONTROL(0), 2 },
	};
	struct lab *lab = lab_open_ready();

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint32_t before = lab_read(lab, wrong[i][0]);

		lab->model->global.error = 0;
		lab_write(lab, wrong[i][0], wrong[i][1]);
		CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ERROR), NVLINK_ERROR_CONTROL);
		CHECK_EQUAL(lab_read(lab, wrong[i][0]), before);
	}
	lab_write(lab, NVLINK_REG_GLOBAL_WATCHDOG_MS, 60000);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_WATCHDOG_MS), 60000);
	lab_close(lab);
}

static void test_latch(void)
{
	struct lab *lab = lab_open_ready();

	lab->model->links[0].tx_bytes = UINT64_C(0x1ffffffff);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_TX_LO(0)), UINT32_MAX);
	lab->model->links[0].tx_bytes++;
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_TX_HI(0)), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_TX_LO(0)), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_TX_HI(0)), 2);
	lab_close(lab);
}

static void test_sizes(void)
{
	struct lab *lab = lab_open_ready();
	uint64_t both = 0;
	uint8_t byte = 0;
	uint16_t half = 0;

	lab_write(lab, NVLINK_REG_GLOBAL_SCRATCH, 0x11223344);
	lab_read_region(lab, VFIO_BAR0, NVLINK_REG_GLOBAL_SCRATCH + 1, &byte, 1);
	CHECK_EQUAL(byte, 0x33);
	lab_read_region(lab, VFIO_BAR0, NVLINK_REG_GLOBAL_SCRATCH + 3, &half, 2);
	CHECK_EQUAL(half, 0x0711);
	lab_read_region(lab, VFIO_BAR0, NVLINK_REG_GLOBAL_FIRMWARE, &both, 8);
	CHECK_EQUAL(both, UINT64_C(0x1122334400000000));
	both = UINT64_C(0xaabbccdd00000203);
	lab_write_region(lab, VFIO_BAR0, NVLINK_REG_GLOBAL_FIRMWARE, &both, 8);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_FIRMWARE), 0x203);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_SCRATCH), 0xaabbccdd);
	lab_write_region(lab, VFIO_BAR0, NVLINK_REG_GLOBAL_SCRATCH, &byte, 1);
	lab_write_region(lab, VFIO_BAR0, NVLINK_REG_GLOBAL_SCRATCH + 2, &both, 4);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_SCRATCH), 0xaabbccdd);
	lab_close(lab);
}

static void test_doorbell(void)
{
	struct lab *lab = lab_open_ready();

	lab_write(lab, NVLINK_REG_GPU_DOORBELL(1), 0x1234);
	lab_pass(lab, 1000);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ERROR), NVLINK_ERROR_LINK_DOWN);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_DOORBELL), 0);
	lab_train(lab);
	lab_write(lab, NVLINK_REG_GPU_DOORBELL(1), 0x1234);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_DOORBELL), 0);
	lab_pass(lab, 1000);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_DOORBELL), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_EVENTS_DOORBELL), 2);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GPU_ANSWER(1)), 0x1234);
	lab_close(lab);
}

static void test_lies(void)
{
	struct lab *lab = lab_open_ready();
	char line[64];

	lab_command(lab, "register 0x0 0xdeadbeef");
	lab_command(lab, "register 4 7");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), 0xdeadbeef);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_CONTRACT), 7);
	lab_command(lab, "register 0 1");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), 1);
	CHECK_TEXT(lab_command(lab, "register 0"), "\"value\":1314278470");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), 0x4e564c46);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_CONTRACT), 7);
	for (unsigned int i = 0; i < LIES_MAX - 1; i++) {
		snprintf(line, sizeof(line), "register %u 1", 0x1000 + 4 * i);
		CHECK_TEXT(lab_command(lab, line), "\"ok\":true");
	}
	CHECK_TEXT(lab_command(lab, "register 0x3000 1"), "\"ok\":false");
	lab_close(lab);
}

static void test_contract(void)
{
	struct lab *lab = lab_open_ready();

	lab_command(lab, "contract 2.1");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_CONTRACT), 0x00020001);
	lab_request_error(lab, VFIO_RESET, NULL, 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_CONTRACT), 0x00020001);
	CHECK_TEXT(lab_command(lab, "status"), "\"contract\":\"2.1\"");
	lab_close(lab);
}

static const struct test tests[] = {
	{ "identity, capabilities and topology read as the command line said", test_identity },
	{ "what is not there reads as zero", test_nothing },
	{ "impossible values are an error and change nothing", test_impossible_values },
	{ "the high half of a counter is kept when the low half is read", test_latch },
	{ "reads have any size, writes are of whole registers", test_sizes },
	{ "a doorbell rings back with its value, over a link that is up", test_doorbell },
	{ "registers lie until they are told to stop", test_lies },
	{ "the contract's version can be another, also after a reset", test_contract },
};

const struct suite registers_suite = SUITE("registers", tests);
