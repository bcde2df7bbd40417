// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int file = STDERR_FILENO;

void log_line(const char *format, ...)
{
	/* Facility "user", priority "warning"; the kernel's log takes one record a write. */
	char line[400] = "<12>nvlink-agent: ";
	size_t prefix = strlen(line), skip = file == STDERR_FILENO ? 4 : 0;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line + prefix, sizeof(line) - prefix - 1, format, arguments);
	va_end(arguments);
	strcat(line, "\n");
	if (write(file, line + skip, strlen(line) - skip) < 0)
		return;
}

void log_to_kernel(void)
{
	int kernel = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (kernel >= 0)
		file = kernel;
}
