/* SPDX-License-Identifier: Apache-2.0 */
/* Small files of sysfs, procfs and debugfs. Paths are printf formats. */
#ifndef NVLAB_SYSTEM_FILE_H
#define NVLAB_SYSTEM_FILE_H

#include <stdbool.h>
#include <stddef.h>

/** The whole file, without the newline at its end. */
bool read_text(const char *path, char *text, size_t size);
bool read_text_at(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
/** The number in the file, or -1. */
long long read_number(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool write_text(const char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool exists(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** Last part of what a symbolic link leads to. */
bool read_link_name(char *name, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/** Look every 10 ms until the file says this. */
bool wait_for_text(const char *expected, int timeout_ms, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/** Look every 10 ms until the file is there, or gone. */
bool wait_for_file(bool present, int timeout_ms, const char *format, ...) __attribute__((format(printf, 3, 4)));

/** Milliseconds of a clock that never stands still. */
long long now_ms(void);
void sleep_ms(int milliseconds);

#endif
