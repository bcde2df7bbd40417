// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "lab.h"

static void post(struct lab *lab, const char *text)
{
	uint32_t length = (uint32_t)strlen(text);

	for (uint32_t i = 0; i < length; i += 4) {
		uint32_t word = 0;

		memcpy(&word, text + i, length - i < 4 ? length - i : 4);
		lab_write_region(lab, VFIO_BAR2, 0x100 + i, &word, 4);
	}
	lab_write_region(lab, VFIO_BAR2, 0, &length, 4);
}

static const char *answer(struct lab *lab)
{
	static char text[0x1c01];
	uint32_t length = 0;

	lab_read_region(lab, VFIO_BAR2, 4, &length, 4);
	CHECK(length <= 0x1c00);
	for (uint32_t i = 0; i < length; i += 4)
		lab_read_region(lab, VFIO_BAR2, 0x400 + i, text + i, length - i < 4 ? length - i : 4);
	text[length] = '\0';
	return text;
}

static void test_command(void)
{
	struct lab *lab = lab_open_ready();

	post(lab, "gpu 0 write 0 55aa");
	CHECK(strcmp(answer(lab), "{\"ok\":true}") == 0);
	CHECK_EQUAL(lab->model->gpus[0].memory[1], 0xaa);
	post(lab, "status");
	CHECK_TEXT(answer(lab), "\"links\":[");
	post(lab, "nonsense");
	CHECK_TEXT(answer(lab), "\"ok\":false");
	lab_close(lab);
}

static void test_removed(void)
{
	struct lab *lab = lab_open_ready();

	post(lab, "remove");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), UINT32_MAX);
	CHECK(strcmp(answer(lab), "{\"ok\":true}") == 0);
	post(lab, "insert");
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), NVLINK_GLOBAL_ID_RESET);
	lab_close(lab);
}

static void test_too_long(void)
{
	static const char *const words[] = {
		"--links",    "gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu0,gpu1",
		"--gpus",     "1M,1M,1M,1M,1M,1M,1M,1M,1M,1M,1M,1M,1M,1M,1M,1M",
		"--channels", "8",
		NULL
	};
	struct lab *lab = lab_open(words);

	lab_connect(lab);
	post(lab, "status");
	CHECK(strcmp(answer(lab), "{\"ok\":false,\"error\":\"the answer is too long\"}") == 0);
	lab_close(lab);
}

static void test_bounds(void)
{
	struct lab *lab = lab_open_ready();
	uint32_t value = UINT32_MAX, read = 0;
	uint8_t bytes[4096];

	lab_write_region(lab, VFIO_BAR2, 0, &value, 4);
	CHECK_TEXT(answer(lab), "\"ok\":false");
	lab_write_region(lab, VFIO_BAR2, 0x400, &value, 4);
	lab_write_region(lab, VFIO_BAR2, 0x3fe, &value, 4);
	lab_write_region(lab, VFIO_BAR2, 0x8, &value, 4);
	lab_read_region(lab, VFIO_BAR2, 0x3fc, &read, 4);
	CHECK_EQUAL(read, 0);
	lab_read_region(lab, VFIO_BAR2, 0x8, &read, 4);
	CHECK_EQUAL(read, 0);
	memset(bytes, 'x', sizeof(bytes));
	lab_write_region(lab, VFIO_BAR2, 0x100, bytes, sizeof(bytes));
	lab_read_region(lab, VFIO_BAR2, 0x100, &read, 4);
	CHECK_EQUAL(read, 0);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "a command is carried out from inside the guest", test_command },
	{ "a removed controller can be inserted from inside the guest", test_removed },
	{ "an answer that does not fit is an error", test_too_long },
	{ "nothing outside the text can be written", test_bounds },
};

const struct suite mailbox_suite = SUITE("mailbox", tests);
