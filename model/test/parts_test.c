// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../clock.h"
#include "../crc32.h"
#include "../json.h"
#include "../number.h"
#include "lab.h"

static void test_numbers(void)
{
	uint64_t value;
	uint8_t bytes[4];
	size_t size;

	CHECK(number_read("0", 10, &value) && value == 0);
	CHECK(number_read("0x1F", 31, &value) && value == 31);
	CHECK(number_read("18446744073709551615", UINT64_MAX, &value) && value == UINT64_MAX);
	CHECK(number_read("0xffffffffffffffff", UINT64_MAX, &value) && value == UINT64_MAX);
	CHECK(!number_read("18446744073709551616", UINT64_MAX, &value));
	CHECK(!number_read("11", 10, &value));
	CHECK(!number_read("", 10, &value));
	CHECK(!number_read("-1", 10, &value));
	CHECK(!number_read("1 ", 10, &value));
	CHECK(!number_read("0x", 10, &value));
	CHECK(!number_read("a", 10, &value));
	CHECK(number_read_size("64M", UINT64_MAX, &value) && value == 64 << 20);
	CHECK(number_read_size("3", UINT64_MAX, &value) && value == 3);
	CHECK(!number_read_size("M", UINT64_MAX, &value));
	CHECK(!number_read_size("17179869184G", UINT64_MAX, &value));
	CHECK(!number_read_size("2K", 2047, &value));
	CHECK(number_read_hex("00ffA5", bytes, 4, &size) && size == 3 && bytes[1] == 255 && bytes[2] == 0xa5);
	CHECK(number_read_hex("", bytes, 4, &size) && size == 0);
	CHECK(!number_read_hex("0", bytes, 4, &size));
	CHECK(!number_read_hex("0g", bytes, 4, &size));
	CHECK(!number_read_hex("0011223344", bytes, 4, &size));
}

static void test_json(void)
{
	char text[128];
	struct json json;

	json_init(&json, text, sizeof(text));
	json_open(&json, NULL, '{');
	json_string(&json, "a", "x\"\\\n\x80");
	json_open(&json, "b", '[');
	json_number(&json, NULL, 1);
	json_number(&json, NULL, UINT64_MAX);
	json_close(&json, ']');
	json_bool(&json, "c", false);
	json_close(&json, '}');
	CHECK(!json.is_full);
	CHECK(strcmp(text,
		     "{\"a\":\"x\\u0022\\u005c\\u000a\\u0080\",\"b\":[1,18446744073709551615],\"c\":false}") ==
	      0);
	json_init(&json, text, 8);
	json_string(&json, NULL, "does not fit");
	CHECK(json.is_full && json.length < 8 && strlen(text) == json.length);
}

static void test_crc(void)
{
	uint8_t bytes[1000];
	uint32_t whole, parts = 0;

	CHECK_EQUAL(crc32_add(0, (const uint8_t *)"123456789", 9), 0xcbf43926);
	CHECK_EQUAL(crc32_add(0, bytes, 0), 0);
	lab_fill(bytes, sizeof(bytes), 9);
	whole = crc32_add(0, bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i += 77)
		parts = crc32_add(parts, bytes + i, i + 77 <= sizeof(bytes) ? 77 : sizeof(bytes) - i);
	CHECK_EQUAL(parts, whole);
}

/** More than the socket takes is kept and comes out whole; more than the limit is refused. */
static void test_outbox(void)
{
	static uint8_t sent[900000], got[sizeof(sent)];
	struct outbox outbox;
	int ends[2];
	size_t received = 0;

	CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	lab_fill(sent, sizeof(sent), 1);
	outbox_init(&outbox, 1u << 20);
	CHECK(outbox_send(&outbox, ends[0], sent, 10, sent + 10, sizeof(sent) - 20));
	CHECK(!outbox_is_empty(&outbox));
	CHECK(outbox_send(&outbox, ends[0], sent + sizeof(sent) - 10, 10, NULL, 0));
	for (int i = 0; i < 1000 && received < sizeof(got); i++) {
		ssize_t part = recv(ends[1], got + received, sizeof(got) - received, 0);

		received += part > 0 ? (size_t)part : 0;
		CHECK(outbox_flush(&outbox, ends[0]));
	}
	CHECK_EQUAL(received, sizeof(sent));
	CHECK(memcmp(sent, got, sizeof(sent)) == 0);
	CHECK(outbox_send(&outbox, ends[0], sent, sizeof(sent), NULL, 0));
	CHECK(!outbox_send(&outbox, ends[0], sent, sizeof(sent), NULL, 0));
	close(ends[1]);
	CHECK(!outbox_flush(&outbox, ends[0]));
	outbox_clear(&outbox);
	close(ends[0]);
}

static unsigned int order[8], fired;

static void note(void *owner)
{
	order[fired++ % 8] = *(unsigned int *)owner;
}

static void test_timers(void)
{
	static unsigned int names[3] = { 1, 2, 3 };
	struct loop loop;
	struct timer timers[3];
	uint64_t now = 0;

	clock_follow(&now);
	loop_init(&loop);
	fired = 0;
	for (int i = 0; i < 3; i++)
		timers[i] = (struct timer){ .fire = note, .owner = &names[i] };
	timer_set(&loop, &timers[0], 30);
	timer_set(&loop, &timers[1], 10);
	timer_set(&loop, &timers[2], 20);
	timer_set(&loop, &timers[1], 40);
	timer_cancel(&loop, &timers[2]);
	timer_cancel(&loop, &timers[2]);
	now = 29;
	loop_once(&loop, false);
	CHECK_EQUAL(fired, 0);
	now = 40;
	loop_once(&loop, false);
	CHECK_EQUAL(fired, 2);
	CHECK(order[0] == 1 && order[1] == 2 && loop.timers == NULL);
}

static const struct test tests[] = {
	{ "numbers are read whole and within their bounds", test_numbers },
	{ "JSON is escaped, and never longer than its room", test_json },
	{ "checksums are those of IEEE 802.3, in any slices", test_crc },
	{ "an outbox keeps what a socket does not take, up to its limit", test_outbox },
	{ "timers fire in order of time", test_timers },
};

const struct suite parts_suite = SUITE("parts", tests);
