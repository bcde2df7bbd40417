/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the model's parts: suites of named functions, results as KTAP. */
#ifndef SUITE_H
#define SUITE_H

#include <stdbool.h>
#include <stddef.h>

struct test {
	const char *name; /* a sentence */
	void (*run)(void);
};

struct suite {
	const char *name;
	const struct test *tests;
	size_t count;
};

#define SUITE(suite_name, table) \
	{ .name = suite_name, .tests = table, .count = sizeof(table) / sizeof(table[0]) }

/** Notes a failure of the running test. */
void suite_fail(const char *file, int line, const char *what, unsigned long long got,
		unsigned long long wanted);

#define CHECK(condition) ((condition) ? (void)0 : suite_fail(__FILE__, __LINE__, #condition, 0, 1))

#define CHECK_EQUAL(got, wanted) \
	do { \
		unsigned long long is = (unsigned long long)(got), should = (unsigned long long)(wanted); \
		if (is != should) \
			suite_fail(__FILE__, __LINE__, #got " == " #wanted, is, should); \
	} while (0)

#define CHECK_TEXT(text, part) \
	(strstr(text, part) != NULL ? (void)0 : suite_fail(__FILE__, __LINE__, "\"" part "\" in " #text, 0, 1))

extern const struct suite parts_suite, options_suite, protocol_suite, config_suite, registers_suite,
	interrupt_suite, link_suite, engine_suite, engine_error_suite, fault_suite, reset_suite, fair_suite,
	command_suite, control_suite, mailbox_suite, peer_suite, call_suite, hostile_suite, process_suite;

#endif
