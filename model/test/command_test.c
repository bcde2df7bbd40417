// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "../crc32.h"
#include "lab.h"

static void test_status(void)
{
	struct lab *lab = lab_open_ready();
	const char *status;

	lab_train(lab);
	status = lab_command(lab, "status");
	CHECK_TEXT(status, "{\"ok\":true,\"serial\":7,\"contract\":\"1.0\",\"generation\":0,\"removed\":false");
	CHECK_TEXT(status, "{\"link\":2,\"peer\":\"gpu1\",\"state\":\"HS\",\"error\":\"NONE\",\"attempts\":1,"
			   "\"lanes\":4,\"speed_mbps\":25000");
	CHECK_TEXT(status, "{\"gpu\":1,\"memory_bytes\":1048576,\"identity\":1793,\"links\":[2,3],\"adjacent\":"
			   "{\"gpu0\":2}}");
	CHECK_TEXT(status, "\"interrupts\":\"msix\"");
	CHECK_TEXT(status, "\"bus_master\":true");
	CHECK_EQUAL(status[strlen(status) - 1], '}');
	lab_command(lab, "remove");
	CHECK_TEXT(lab_command(lab, "status"), "\"removed\":true");
	lab_close(lab);
}

static void test_gpu_memory(void)
{
	struct lab *lab = lab_open_ready();
	char wanted[64];

	CHECK_TEXT(lab_command(lab, "gpu 1 write 0x10 0badcafe"), "\"ok\":true");
	CHECK_TEXT(lab_command(lab, "gpu 1 read 15 6"), "\"hex\":\"000badcafe00\"");
	snprintf(wanted, sizeof(wanted), "\"crc32\":%u}", crc32_add(0, lab->model->gpus[1].memory, 1 << 20));
	CHECK(strstr(lab_command(lab, "gpu 1 checksum 0 1M"), wanted) != NULL);
	CHECK_TEXT(lab_command(lab, "gpu 1 checksum 1M 0"), "\"crc32\":0");
	CHECK_TEXT(lab_command(lab, "gpu 1 read 0 257"), "\"ok\":false");
	CHECK_TEXT(lab_command(lab, "gpu 1 read 1M 1"), "\"ok\":false");
	CHECK_TEXT(lab_command(lab, "gpu 1 write 1048575 0102"), "\"ok\":false");
	CHECK_TEXT(lab_command(lab, "gpu 1 checksum 18446744073709551615 2"), "\"ok\":false");
	CHECK_TEXT(lab_command(lab, "gpu 2 read 0 1"), "\"ok\":false");
	lab_close(lab);
}

/** More than can be summed while a processor of the guest waits. */
static void test_long_checksum(void)
{
	static const char *const words[] = { "--gpus", "128M,1M", NULL };
	struct lab *lab = lab_open(words);

	CHECK_TEXT(lab_command(lab, "gpu 0 checksum 64M 64M"), "\"crc32\":");
	CHECK_TEXT(lab_command(lab, "gpu 0 checksum 0 67108865"), "\"ok\":false");
	lab_close(lab);
}

static void test_wrong(void)
{
	static const char *const wrong[] = {
		"",
		"   ",
		"nonsense",
		"status now",
		"link",
		"link 0",
		"link 4 down",
		"link x down",
		"link 0 sideways",
		"link 0 down 1",
		"link 0 fail",
		"link 0 fail x",
		"link 0 fail 4294967295",
		"link 0 errors crc 1",
		"link 0 errors ecc 4294967296",
		"link 0 limit x",
		"link 0 up down",
		"dma",
		"dma stuck",
		"dma stuck x",
		"dma hang 1",
		"dma free now",
		"register 3",
		"register 0x10000",
		"register 0 0x100000000",
		"contract 1",
		"contract 1.",
		"contract .1",
		"contract 65536.0",
		"contract 1.0.0",
		"contract 111111111111.0",
		"doorbell 2 1",
		"doorbell 0 x",
		"doorbell 0",
		"gpu 0 read 0",
		"gpu 0 jump 0 1",
		"a b c d e f g h",
	};
	struct lab *lab = lab_open_ready();
	char zero[] = "status\0status";
	char answer[COMMAND_ANSWER_MAX];
	char longest[COMMAND_LINE_MAX + 8];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK_TEXT(lab_command(lab, wrong[i]), "{\"ok\":false,\"error\":\"");
	command_run(lab->model, zero, sizeof(zero) - 1, answer, sizeof(answer));
	CHECK_TEXT(answer, "\"ok\":false");
	memset(longest, 'a', sizeof(longest));
	command_run(lab->model, longest, sizeof(longest), answer, sizeof(answer));
	CHECK_TEXT(answer, "\"ok\":false");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), NVLINK_GLOBAL_ID_RESET);
	CHECK_TEXT(lab_command(lab, "status"), "\"ok\":true");
	lab_close(lab);
}

static void test_doorbell(void)
{
	struct lab *lab = lab_open_ready();

	CHECK_TEXT(lab_command(lab, "doorbell 1 99"), "\"ok\":true");
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_DOORBELL), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GPU_ANSWER(1)), 99);
	lab_close(lab);
}

static void test_reset_and_quit(void)
{
	struct lab *lab = lab_open_ready();

	lab_command(lab, "reset");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_STATUS), 0);
	lab_pass(lab, 5000);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_GENERATION), 1);
	lab_command(lab, "remove");
	CHECK_TEXT(lab_command(lab, "reset"), "\"ok\":false");
	CHECK_TEXT(lab_command(lab, "link 0 reset"), "\"ok\":false");
	CHECK(!lab->model->has_to_quit);
	lab_command(lab, "quit");
	CHECK(lab->model->has_to_quit);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "status tells everything", test_status },
	{ "a GPU's memory is read, written and summed within its bounds", test_gpu_memory },
	{ "no more is summed at once than leaves time for the guest", test_long_checksum },
	{ "wrong commands say so and change nothing", test_wrong },
	{ "a GPU rings", test_doorbell },
	{ "the controller is reset and the model ended", test_reset_and_quit },
};

const struct suite command_suite = SUITE("commands", tests);
