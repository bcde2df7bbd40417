// SPDX-License-Identifier: Apache-2.0
/*
 * Reads messages, each after its length as 32 bits of this machine's order, and prints what the agent thinks of each, one a
 * line. Every message lies in memory of exactly its size, so that a sanitizer sees the first byte read too far.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http-request.h"
#include "uevent.h"

static void judge(const char *kind, const char *message, uint32_t length)
{
	char path[HTTP_REQUEST_MAX];
	int status;

	if (strcmp(kind, "uevent") == 0) {
		puts(uevent_concerns_us(message, length) ? "ours" : "other");
		return;
	}
	status = http_request(message, length, path);
	printf("%d%s%s\n", status, status == 200 ? " " : "", status == 200 ? path : "");
}

int main(int count, char **words)
{
	uint32_t length;

	while (count == 2 && fread(&length, sizeof(length), 1, stdin) == 1) {
		char *message = malloc(length);

		if (!message || fread(message, 1, length, stdin) != length)
			return 1;
		judge(words[1], message, length);
		free(message);
	}
	return 0;
}
