// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "suite.h"

static const struct suite *const suites[] = {
	&parts_suite,	  &options_suite, &protocol_suite, &config_suite,	&registers_suite,
	&interrupt_suite, &link_suite,	  &engine_suite,   &engine_error_suite, &fault_suite,
	&reset_suite,	  &fair_suite,	  &command_suite,  &control_suite,	&mailbox_suite,
	&peer_suite,	  &call_suite,	  &hostile_suite,  &process_suite,
};

static bool failed;

void suite_fail(const char *file, int line, const char *what, unsigned long long got, unsigned long long wanted)
{
	failed = true;
	printf("# %s:%d: %s: %llu (0x%llx), not %llu (0x%llx)\n", file, line, what, got, got, wanted, wanted);
}

/** model-test [WORD]: all tests, or those with the word in suite or name. NVLINK_MODEL names the program under test. */
int main(int count, char **words)
{
	const char *only = count > 1 ? words[1] : "";
	unsigned int number = 0, failures = 0, planned = 0;
	const size_t all = sizeof(suites) / sizeof(suites[0]);

	for (int pass = 0; pass < 2; pass++) {
		if (pass == 1)
			printf("KTAP version 1\n1..%u\n", planned);
		for (size_t i = 0; i < all; i++) {
			for (size_t j = 0; j < suites[i]->count; j++) {
				const struct test *test = &suites[i]->tests[j];

				if (strstr(suites[i]->name, only) == NULL && strstr(test->name, only) == NULL)
					continue;
				if (pass == 0) {
					planned++;
					continue;
				}
				failed = false;
				test->run();
				printf("%s %u %s: %s\n", failed ? "not ok" : "ok", ++number, suites[i]->name,
				       test->name);
				fflush(stdout);
				failures += failed;
			}
		}
	}
	return failures == 0 ? 0 : 1;
}
