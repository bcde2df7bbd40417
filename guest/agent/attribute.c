// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "attribute.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool path_join(char *path, size_t room, const char *folder, const char *name)
{
	int length = snprintf(path, room, "%s/%s", folder, name);

	if (length >= 0 && (size_t)length < room)
		return true;
	path[0] = '\0';
	return false;
}

void printable(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

void attribute(const char *folder, const char *name, char *value, size_t room)
{
	char path[PATH_MAX];
	ssize_t bytes = 0;
	int file;

	path_join(path, sizeof(path), folder, name);
	file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file >= 0) {
		bytes = read(file, value, room - 1);
		close(file);
	}
	value[bytes > 0 ? bytes : 0] = '\0';
	value[strcspn(value, "\n")] = '\0';
	printable(value);
}

uint64_t attribute_number(const char *folder, const char *name)
{
	char text[32], *end;
	unsigned long long number;

	attribute(folder, name, text, sizeof(text));
	if (text[0] < '0' || text[0] > '9')
		return UNKNOWN;
	errno = 0;
	number = strtoull(text, &end, 0);
	return *end == '\0' && errno == 0 ? number : UNKNOWN;
}

void attribute_link(const char *folder, const char *name, char *value, size_t room)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;
	ssize_t length;

	path_join(path, sizeof(path), folder, name);
	length = readlink(path, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	last = strrchr(target, '/');
	snprintf(value, room, "%s", last ? last + 1 : target);
	printable(value);
}
