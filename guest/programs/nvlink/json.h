/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a value out of a JSON text by its path, such as "links[2].state". */
#ifndef NVLAB_JSON_H
#define NVLAB_JSON_H

#include <stdbool.h>
#include <stddef.h>

/** The text is one JSON value and nothing more. */
bool json_valid(const char *text);

/** Copy the value at the path: a string without its quotes, anything else as it is written. */
bool json_get(const char *text, const char *path, char *value, size_t size);

/** A number at the path, or -1. */
long long json_number(const char *text, const char *path);

/** The string, number or word at the path is this. */
bool json_is(const char *text, const char *path, const char *expected);

/** Elements of the array at the path, or -1. */
int json_count(const char *text, const char *path);

#endif
