// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "lab.h"

#define MS UINT64_C(1000)

static uint32_t state(struct lab *lab, unsigned int link)
{
	return lab_read(lab, NVLINK_REG_LINK_STATE(link));
}

static void command(struct lab *lab, unsigned int link, uint32_t value)
{
	lab_write(lab, NVLINK_REG_LINK_CONTROL(link), value);
}

static void test_training(void)
{
	static const uint32_t way[] = {
		NVLINK_STATE_DETECT, NVLINK_STATE_INITPHASE1,	NVLINK_STATE_INITNEGOTIATE,
		NVLINK_STATE_SAFE,   NVLINK_STATE_INITOPTIMIZE, NVLINK_STATE_INITTL,
		NVLINK_STATE_HS
	};
	struct lab *lab = lab_open_ready();

	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_OFF);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_SPEED(0)), 0);
	command(lab, 0, NVLINK_COMMAND_TRAIN);
	for (size_t i = 0; i < sizeof(way) / sizeof(way[0]); i++) {
		CHECK_EQUAL(state(lab, 0), way[i]);
		CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_LINK), 1);
		lab_pass(lab, 2 * MS);
	}
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_EVENTS_LINK), 1);
	lab_write(lab, NVLINK_REG_GLOBAL_EVENTS_LINK, 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_EVENTS_LINK), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_SPEED(0)), 25000);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ATTEMPTS(0)), 1);
	CHECK_EQUAL(state(lab, 1), NVLINK_STATE_OFF);
	lab_close(lab);
}

static void test_needs_enable(void)
{
	struct lab *lab = lab_open_ready();

	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, 0);
	command(lab, 0, NVLINK_COMMAND_TRAIN);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_OFF);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ERROR), NVLINK_ERROR_CONTROL);
	lab_close(lab);
}

static void test_retries(void)
{
	struct lab *lab = lab_open_ready();

	lab_command(lab, "link 0 fail 3");
	command(lab, 0, NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 300 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_INITPHASE1);
	lab_pass(lab, 700 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ATTEMPTS(0)), 4);
	lab_close(lab);
}

static void test_gives_up(void)
{
	struct lab *lab = lab_open_ready();

	lab_command(lab, "link 0 fail always");
	command(lab, 0, NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 3000 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_FAIL);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ERROR(0)), NVLINK_ERROR_TRAINING);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ATTEMPTS(0)), 1 + NVLINK_TRAINING_RETRIES);
	lab_command(lab, "link 0 fail never");
	command(lab, 0, NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 20 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ERROR(0)), NVLINK_ERROR_NONE);
	lab_close(lab);
}

static void test_partner(void)
{
	struct lab *lab = lab_open_ready();

	lab_command(lab, "link 0 down");
	command(lab, 0, NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 60000 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_DETECT);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ATTEMPTS(0)), 0);
	lab_command(lab, "link 0 up");
	lab_pass(lab, 20 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	lab_command(lab, "link 0 down");
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_FAULT);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ERROR(0)), NVLINK_ERROR_LOST);
	lab_command(lab, "link 0 up");
	command(lab, 0, NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 20 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_FAULT);
	command(lab, 0, NVLINK_COMMAND_RESET);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_RESET);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ERROR(0)), NVLINK_ERROR_NONE);
	lab_pass(lab, 3 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_OFF);
	command(lab, 0, NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 20 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	lab_close(lab);
}

static void test_partner_leaves_in_training(void)
{
	struct lab *lab = lab_open_ready();

	command(lab, 0, NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 5 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_INITNEGOTIATE);
	lab_command(lab, "link 0 down");
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_DETECT);
	lab_pass(lab, 100 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_DETECT);
	lab_command(lab, "link 0 up");
	lab_pass(lab, 20 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	lab_close(lab);
}

static void test_sleep(void)
{
	struct lab *lab = lab_open_ready();

	command(lab, 0, NVLINK_COMMAND_SLEEP);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_OFF);
	lab_train(lab);
	command(lab, 0, NVLINK_COMMAND_SLEEP);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_SLEEP);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_SPEED(0)), 0);
	command(lab, 0, NVLINK_COMMAND_WAKE);
	lab_pass(lab, 3 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ATTEMPTS(0)), 1);
	command(lab, 0, NVLINK_COMMAND_OFF);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_OFF);
	lab_close(lab);
}

static void test_threshold(void)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	lab_write(lab, NVLINK_REG_LINK_THRESHOLD(2), 10);
	lab_command(lab, "link 2 errors replay 9");
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_ERROR), 0);
	lab_command(lab, "link 2 errors ecc 1");
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_ERROR), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_EVENTS_ERROR), 4);
	lab_command(lab, "link 2 errors crc_data 9");
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_ERROR), 0);
	lab_command(lab, "link 2 errors crc_flit 1");
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_ERROR), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_REPLAY(2)), 9);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ECC(2)), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_CRC_DATA(2)), 9);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_CRC_FLIT(2)), 1);
	lab_write(lab, NVLINK_REG_LINK_THRESHOLD(2), 0);
	lab_command(lab, "link 2 errors replay 50");
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_ERROR), 0);
	CHECK_EQUAL(state(lab, 2), NVLINK_STATE_HS);
	lab_close(lab);
}

static void test_recovery(void)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	lab_command(lab, "link 0 errors replay 150");
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_RECOVERY);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_RECOVERY(0)), 1);
	lab_pass(lab, 6 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ERROR(0)), NVLINK_ERROR_NONE);
	lab_pass(lab, 2000 * MS);
	lab_command(lab, "link 0 errors replay 99");
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	lab_close(lab);
}

static void test_storm(void)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	lab_command(lab, "link 0 errors crc_flit 5000");
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_FAULT);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ERROR(0)), NVLINK_ERROR_STORM);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_RECOVERY(0)), 1);
	command(lab, 0, NVLINK_COMMAND_RESET);
	lab_pass(lab, 3 * MS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_CRC_FLIT(0)), 5000);
	command(lab, 0, NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 20 * MS);
	lab_command(lab, "link 0 errors crc_flit 1");
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	lab_command(lab, "link 0 errors crc_flit 4294967295");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_CRC_FLIT(0)), UINT32_MAX);
	lab_close(lab);
}

static void test_recovery_fails(void)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	lab_command(lab, "link 0 fail 1");
	lab_command(lab, "link 0 errors replay 150");
	lab_pass(lab, 6 * MS);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_FAULT);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ERROR(0)), NVLINK_ERROR_STORM);
	lab_close(lab);
}

static void test_firmware_reset(void)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	lab_command(lab, "link 1 reset");
	CHECK_EQUAL(state(lab, 1), NVLINK_STATE_RESET);
	lab_pass(lab, 20 * MS);
	CHECK_EQUAL(state(lab, 1), NVLINK_STATE_HS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ATTEMPTS(1)), 2);
	lab_close(lab);
}

static void test_trained(void)
{
	static const char *const words[] = { "--trained", "--links", "gpu0,gpu1,host0", NULL };
	struct lab *lab = lab_open(words);

	lab_connect(lab);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	CHECK_EQUAL(state(lab, 1), NVLINK_STATE_HS);
	CHECK_EQUAL(state(lab, 2), NVLINK_STATE_DETECT);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ERROR(2)), NVLINK_ERROR_NONE);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_INT_STATUS), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_EVENTS_LINK), 0);
	lab_close(lab);
}

static void test_host_link_alone(void)
{
	static const char *const words[] = { "--links", "gpu0,gpu1,host0", NULL };
	struct lab *lab = lab_open(words);

	lab_connect(lab);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, 1);
	command(lab, 2, NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 60000 * MS);
	CHECK_EQUAL(state(lab, 2), NVLINK_STATE_DETECT);
	lab_close(lab);
}

static void test_time_scale(void)
{
	static const char *const words[] = { "--time-scale", "10", NULL };
	struct lab *lab = lab_open(words);

	lab_connect(lab);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, 1);
	command(lab, 0, NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 1 * MS);
	CHECK(state(lab, 0) != NVLINK_STATE_HS);
	lab_pass(lab, MS / 2);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	lab_close(lab);
}

static void test_impossible_command(void)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	command(lab, 0, NVLINK_COMMAND_COUNT);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ERROR), NVLINK_ERROR_CONTROL);
	command(lab, 0, UINT32_MAX);
	CHECK_EQUAL(state(lab, 0), NVLINK_STATE_HS);
	command(lab, 9, NVLINK_COMMAND_TRAIN);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_STATE(9)), 0);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "training goes through every state, each with an interrupt", test_training },
	{ "training needs the controller to be enabled", test_needs_enable },
	{ "a training that fails three times succeeds the fourth", test_retries },
	{ "a training that always fails is given up after its retries, and can be tried again", test_gives_up },
	{ "without a partner a link stays in DETECT; one that is lost needs a reset", test_partner },
	{ "a partner that leaves in the middle of training brings the link back to DETECT",
	  test_partner_leaves_in_training },
	{ "a link sleeps and wakes without training", test_sleep },
	{ "errors of all kinds count to the threshold", test_threshold },
	{ "too many errors make a link retrain by itself", test_recovery },
	{ "a storm of errors ends in FAULT, and a reset mends it", test_storm },
	{ "retraining that fails ends in FAULT", test_recovery_fails },
	{ "the controller's firmware resets and trains a link", test_firmware_reset },
	{ "links are up at power-on where the options say so", test_trained },
	{ "a host link without the other machine waits without an error", test_host_link_alone },
	{ "the time scale shortens training", test_time_scale },
	{ "impossible commands are an error and change nothing", test_impossible_command },
};

const struct suite link_suite = SUITE("links", tests);
