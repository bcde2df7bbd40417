// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "system-file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATH_OF(path, format)                                   \
	char path[PATH_MAX];                                    \
	do {                                                    \
		va_list arguments;                              \
		va_start(arguments, format);                    \
		vsnprintf(path, sizeof(path), format, arguments); \
		va_end(arguments);                              \
	} while (0)

bool read_text(const char *path, char *text, size_t size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got = 0;

	if (file < 0)
		return false;
	while (length + 1 < size && (got = read(file, text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	close(file);
	if (length > 0 && text[length - 1] == '\n')
		length--;
	text[length] = '\0';
	return got >= 0;
}

bool read_text_at(char *text, size_t size, const char *format, ...)
{
	PATH_OF(path, format);

	return read_text(path, text, size);
}

long long read_number(const char *format, ...)
{
	char text[64], *end;
	long long number;

	PATH_OF(path, format);
	if (!read_text(path, text, sizeof(text)))
		return -1;
	/* Identities fill all 64 bits. */
	number = (long long)strtoull(text, &end, 0);
	return end == text || *end ? -1 : number;
}

bool write_text(const char *text, const char *format, ...)
{
	bool written;
	int file;

	PATH_OF(path, format);
	file = open(path, O_WRONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	written = write(file, text, strlen(text)) == (ssize_t)strlen(text);
	close(file);
	return written;
}

bool exists(const char *format, ...)
{
	PATH_OF(path, format);

	return access(path, F_OK) == 0;
}

bool read_link_name(char *name, size_t size, const char *format, ...)
{
	char target[PATH_MAX];
	const char *last;
	ssize_t length;

	PATH_OF(path, format);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	last = strrchr(target, '/');
	return (size_t)snprintf(name, size, "%s", last ? last + 1 : target) < size;
}

bool wait_for_text(const char *expected, int timeout_ms, const char *format, ...)
{
	long long end = now_ms() + timeout_ms;
	char text[256] = "";

	PATH_OF(path, format);
	do {
		if (read_text(path, text, sizeof(text)) && !strcmp(text, expected))
			return true;
		sleep_ms(10);
	} while (now_ms() < end);
	printf("# %s is %s, not %s\n", path, text, expected);
	errno = 0;
	return false;
}

bool wait_for_file(bool present, int timeout_ms, const char *format, ...)
{
	long long end = now_ms() + timeout_ms;

	PATH_OF(path, format);
	do {
		if ((access(path, F_OK) == 0) == present)
			return true;
		sleep_ms(10);
	} while (now_ms() < end);
	errno = 0;
	return false;
}

long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void sleep_ms(int milliseconds)
{
	struct timespec length = { .tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L };

	nanosleep(&length, NULL);
}
