/* SPDX-License-Identifier: Apache-2.0 */
/* What a self-test in C prints: ktap_plan(n), n times ktap_check(), and ktap_finish() as main's result. */
#ifndef NVLAB_KTAP_H
#define NVLAB_KTAP_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/** Exit status for a test that found nothing to test. */
#define KTAP_SKIPPED 4

static unsigned int ktap_planned, ktap_number;
static bool ktap_failed;

static inline void ktap_plan(unsigned int count)
{
	/* A test that hangs and is killed, or forks, has to have said what it knew. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	ktap_planned = count;
	printf("KTAP version 1\n1..%u\n", count);
}

/** Report one result and give it back; a failure shows errno, so set it to 0 where it means nothing. */
static inline bool ktap_check(bool passed, const char *name)
{
	int error = errno;

	if (!passed && error)
		printf("# errno %d: %s\n", error, strerror(error));
	printf("%s %u %s\n", passed ? "ok" : "not ok", ++ktap_number, name);
	ktap_failed |= !passed;
	errno = 0;
	return passed;
}

/** Give this back from main where there is nothing to test. */
static inline int ktap_skip_all(const char *reason)
{
	printf("KTAP version 1\n1..0 # SKIP %s\n", reason);
	return KTAP_SKIPPED;
}

static inline int ktap_finish(void)
{
	return ktap_failed || ktap_number != ktap_planned;
}

#endif
