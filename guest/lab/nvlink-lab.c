// SPDX-License-Identifier: Apache-2.0
#include "nvlink-lab.h"

#include <stdio.h>
#include <string.h>

#include "lab.h"

static const char usage[] = "usage: nvlink-lab [--sysfs DIR] CONTROLLER WORD...\n"
			    "Lets an emulated controller (nvlink0, or a PCI address) carry out a command of the lab.\n";

/* Joins words with blanks; false where they are too long. */
static bool join(char *text, size_t room, char **words)
{
	size_t used = 0;

	for (text[0] = '\0'; *words; words++) {
		int added = snprintf(text + used, room - used, "%s%s", used ? " " : "", *words);

		used += (size_t)added;
		if (used >= room)
			return false;
	}
	return true;
}

int nvlink_lab(int count, char **words)
{
	char command[LAB_COMMAND_MAX + 1], answer[LAB_ANSWER_ROOM];
	const char *sysfs = LAB_SYSFS;
	struct lab lab;
	int result, first = 1;

	if (count > 2 && strcmp(words[1], "--sysfs") == 0) {
		sysfs = words[2];
		first = 3;
	}
	if (count < first + 2 || words[first][0] == '-') {
		fputs(usage, stderr);
		return 2;
	}
	if (!join(command, sizeof(command), words + first + 1)) {
		fprintf(stderr, "nvlink-lab: a command has at most %d bytes\n", LAB_COMMAND_MAX);
		return 2;
	}
	result = lab_open(&lab, sysfs, words[first]);
	if (result == 0) {
		result = lab_command(&lab, command, answer, sizeof(answer));
		lab_close(&lab);
	}
	if (result < 0) {
		fprintf(stderr, "nvlink-lab: %s: %s\n", words[first], strerror(-result));
		return 1;
	}
	puts(answer);
	return result;
}
