// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "ring.h"

#define MS UINT64_C(1000)

static struct lab *trained(void)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	return lab;
}

static void start(struct lab *lab, unsigned int channel, const struct nvlink_descriptor *descriptor)
{
	ring_enable(lab, channel);
	ring_put(lab, channel, 0, descriptor);
	ring_tell(lab, channel, 1);
}

static void test_stuck(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 4096);

	lab_write(lab, NVLINK_REG_GLOBAL_WATCHDOG_MS, 100);
	CHECK_TEXT(lab_command(lab, "dma stuck 1"), "\"ok\":true");
	start(lab, 0, &descriptor);
	lab_pass(lab, 99 * MS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)), NVLINK_CHANNEL_STATUS_BUSY_MASK);
	lab_pass(lab, 2 * MS);
	CHECK_EQUAL(ring_completion(lab, 0, 0).error, NVLINK_ERROR_WATCHDOG);
	CHECK_EQUAL(ring_completion(lab, 0, 0).bytes, 0);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_FAULT), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)), 0);
	CHECK_EQUAL(ring_run(lab, &descriptor).error, NVLINK_ERROR_NONE);
	lab_close(lab);
}

static void test_stuck_is_freed(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 4096);

	lab_command(lab, "dma stuck 5");
	start(lab, 0, &descriptor);
	lab_pass(lab, 500 * MS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_HEAD(0)), 0);
	lab_command(lab, "dma free");
	lab_pass(lab, 1 * MS);
	CHECK_EQUAL(ring_completion(lab, 0, 0).sequence, 1);
	CHECK_EQUAL(ring_completion(lab, 0, 0).error, NVLINK_ERROR_NONE);
	lab_close(lab);
}

static void test_no_watchdog(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 4096);

	lab_write(lab, NVLINK_REG_GLOBAL_WATCHDOG_MS, 0);
	lab_command(lab, "dma stuck 1");
	start(lab, 0, &descriptor);
	lab_pass(lab, 100000 * MS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_HEAD(0)), 0);
	lab_write(lab, NVLINK_REG_GLOBAL_WATCHDOG_MS, 50);
	lab_pass(lab, 51 * MS);
	CHECK_EQUAL(ring_completion(lab, 0, 0).error, NVLINK_ERROR_WATCHDOG);
	lab_close(lab);
}

static void test_hang(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_FILL, 0, 0, 4096);

	lab_command(lab, "dma hang");
	start(lab, 1, &descriptor);
	lab_pass(lab, 1001 * MS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_STATUS(1)),
		    NVLINK_CHANNEL_STATUS_BUSY_MASK | NVLINK_CHANNEL_STATUS_HALTED_MASK);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ERROR(1)), NVLINK_ERROR_WATCHDOG);
	CHECK_EQUAL(ring_completion(lab, 1, 0).sequence, 0);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_FAULT), 1);
	lab_write(lab, NVLINK_REG_CHANNEL_CONTROL(1), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_STATUS(1)), 0);
	start(lab, 1, &descriptor);
	lab_pass(lab, 1 * MS);
	CHECK_EQUAL(ring_completion(lab, 1, 0).error, NVLINK_ERROR_NONE);
	lab_close(lab);
}

/** Memory that does not answer is something that even the watchdog cannot end. */
static void test_silent_memory(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 4096);

	lab->answers_nothing = true;
	start(lab, 0, &descriptor);
	lab_pass(lab, 1001 * MS);
	CHECK((lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)) & NVLINK_CHANNEL_STATUS_HALTED_MASK) != 0);
	lab_write(lab, NVLINK_REG_CHANNEL_CONTROL(0), 0);
	/* The answer is still due, so the memory is still in use. */
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)), NVLINK_CHANNEL_STATUS_BUSY_MASK);
	lab_close(lab);
}

/** Slow is not stuck: a transfer of a second at 1 MB/s, a chunk each 65 ms, with a watchdog of 100 ms. */
static void test_slow_is_not_stuck(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 20);

	descriptor.link = 0;
	lab_write(lab, NVLINK_REG_GLOBAL_WATCHDOG_MS, 100);
	lab_write(lab, NVLINK_REG_LINK_LIMIT(0), 1);
	start(lab, 0, &descriptor);
	lab_pass(lab, 1100 * MS);
	CHECK_EQUAL(ring_completion(lab, 0, 0).error, NVLINK_ERROR_NONE);
	CHECK_EQUAL(ring_completion(lab, 0, 0).bytes, 1u << 20);
	lab_close(lab);
}

/** Nor is it stuck where four channels share that link, and each waits longer than that for its turn. */
static void test_crowded_is_not_stuck(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 18);

	descriptor.link = 0;
	lab_write(lab, NVLINK_REG_GLOBAL_WATCHDOG_MS, 100);
	lab_write(lab, NVLINK_REG_LINK_LIMIT(0), 1);
	for (unsigned int i = 0; i < 4; i++)
		start(lab, i, &descriptor);
	lab_pass(lab, 1200 * MS);
	for (unsigned int i = 0; i < 4; i++) {
		CHECK_EQUAL(ring_completion(lab, i, 0).error, NVLINK_ERROR_NONE);
		CHECK_EQUAL(ring_completion(lab, i, 0).bytes, 1u << 18);
	}
	lab_close(lab);
}

/** The machine that the model runs on was busy with something else. */
static void test_stall_is_not_stuck(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 18);

	descriptor.link = 0;
	lab_write(lab, NVLINK_REG_GLOBAL_WATCHDOG_MS, 100);
	lab_write(lab, NVLINK_REG_LINK_LIMIT(0), 1);
	start(lab, 0, &descriptor);
	lab_pass(lab, 50 * MS);
	lab_stall(5000 * MS);
	lab_pass(lab, 300 * MS);
	CHECK_EQUAL(ring_completion(lab, 0, 0).sequence, 1);
	CHECK_EQUAL(ring_completion(lab, 0, 0).error, NVLINK_ERROR_NONE);
	lab_close(lab);
}

static void test_link_lost_in_transfer(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 20);

	descriptor.link = 0;
	lab_write(lab, NVLINK_REG_LINK_LIMIT(0), 10);
	start(lab, 0, &descriptor);
	lab_pass(lab, 50 * MS);
	lab_command(lab, "link 0 down");
	lab_pass(lab, 1 * MS);
	CHECK_EQUAL(ring_completion(lab, 0, 0).error, NVLINK_ERROR_LINK_DOWN);
	CHECK(ring_completion(lab, 0, 0).bytes > 0 && ring_completion(lab, 0, 0).bytes < 1u << 20);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_STATE(0)), NVLINK_STATE_FAULT);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ERROR(0)), NVLINK_ERROR_LOST);
	lab_close(lab);
}

static void test_recovery_in_transfer(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 20);

	descriptor.link = 0;
	lab_write(lab, NVLINK_REG_LINK_LIMIT(0), 10);
	start(lab, 0, &descriptor);
	lab_pass(lab, 50 * MS);
	lab_command(lab, "link 0 errors crc_flit 200");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_STATE(0)), NVLINK_STATE_RECOVERY);
	lab_pass(lab, 100 * MS);
	CHECK_EQUAL(ring_completion(lab, 0, 0).error, NVLINK_ERROR_NONE);
	CHECK_EQUAL(ring_completion(lab, 0, 0).bytes, 1u << 20);
	lab_close(lab);
}

/** Without bus mastering nothing is asked of the host, and nothing of it is asked later for what was given up. */
static void test_no_bus_master(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 4096);

	lab_set_pci_command(lab, 2);
	start(lab, 0, &descriptor);
	lab_pass(lab, 10 * MS);
	CHECK_EQUAL(lab->reads + lab->writes, 0);
	lab_set_pci_command(lab, 6);
	lab_pass(lab, 1 * MS);
	CHECK_EQUAL(ring_completion(lab, 0, 0).error, NVLINK_ERROR_NONE);
	lab_close(lab);
}

static void test_fatal(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 4096);

	lab_command(lab, "fatal");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_STATUS),
		    NVLINK_GLOBAL_STATUS_READY_MASK | NVLINK_GLOBAL_STATUS_FATAL_MASK);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_FATAL), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_STATE(0)), NVLINK_STATE_OFF);
	lab_write(lab, NVLINK_REG_LINK_CONTROL(0), NVLINK_COMMAND_TRAIN);
	start(lab, 0, &descriptor);
	lab_pass(lab, 100 * MS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_STATE(0)), NVLINK_STATE_OFF);
	CHECK_EQUAL(lab->reads, 0);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, NVLINK_GLOBAL_CONTROL_RESET_MASK);
	lab_pass(lab, 5 * MS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_STATUS), NVLINK_GLOBAL_STATUS_READY_MASK);
	lab_close(lab);
}

static void test_removal(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 20);
	unsigned int asked;
	uint16_t vendor;

	descriptor.link = 0;
	lab_write(lab, NVLINK_REG_LINK_LIMIT(0), 10);
	start(lab, 0, &descriptor);
	lab_pass(lab, 20 * MS);
	lab_command(lab, "remove");
	lab_settle(lab);
	asked = lab->reads + lab->writes;
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), UINT32_MAX);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_STATE(0)), UINT32_MAX);
	lab_read_region(lab, VFIO_CONFIG, 0, &vendor, sizeof(vendor));
	CHECK_EQUAL(vendor, 0xffff);
	lab_write(lab, NVLINK_REG_GLOBAL_SCRATCH, 5);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 0x3f);
	lab_pass(lab, 2000 * MS);
	CHECK_EQUAL(lab->reads + lab->writes, asked);
	for (unsigned int cause = 0; cause < NVLINK_CAUSE_COUNT; cause++)
		CHECK_EQUAL(lab_interrupts(lab, cause), 0);
	lab_command(lab, "insert");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), NVLINK_GLOBAL_ID_RESET);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_SCRATCH), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_GENERATION), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_STATE(0)), NVLINK_STATE_OFF);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_CONTROL(0)), 0);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "a stuck transfer is ended by the watchdog, and the next one runs", test_stuck },
	{ "a stuck transfer that is freed goes on", test_stuck_is_freed },
	{ "a watchdog of 0 never comes; one that is set later does", test_no_watchdog },
	{ "a transfer that hangs halts its channel until it is disabled", test_hang },
	{ "memory that does not answer halts the channel, which stays busy until it does", test_silent_memory },
	{ "the watchdog leaves a slow transfer alone", test_slow_is_not_stuck },
	{ "the watchdog leaves transfers alone that share a slow link", test_crowded_is_not_stuck },
	{ "the watchdog does not count what the model itself stood still", test_stall_is_not_stuck },
	{ "a link that is lost ends the transfer that uses it", test_link_lost_in_transfer },
	{ "a link that recovers delays the transfer that uses it", test_recovery_in_transfer },
	{ "nothing is asked of the host without bus mastering", test_no_bus_master },
	{ "FATAL stops everything until a reset", test_fatal },
	{ "a removed controller reads as ones and does nothing; inserted, it is as after power-on",
	  test_removal },
};

const struct suite fault_suite = SUITE("faults", tests);
