/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NVLAB_ATTRIBUTE_H
#define NVLAB_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Number of an attribute that is missing or holds none. */
#define UNKNOWN UINT64_MAX

/**
 * attribute() - read the first line of a sysfs attribute
 * @folder: of the device
 * @name: of the attribute
 * @value: what to fill in; only printable ASCII, other bytes become '?'; "" where the attribute is missing
 * @room: bytes there
 */
void attribute(const char *folder, const char *name, char *value, size_t room);

/** attribute_number() - the same for a number, UNKNOWN where there is none */
uint64_t attribute_number(const char *folder, const char *name);

/** attribute_link() - last part of what a link points to, "" where there is no link */
void attribute_link(const char *folder, const char *name, char *value, size_t room);

/** path_join() - "@folder/@name"; false where it does not fit, and @path is "" then */
bool path_join(char *path, size_t room, const char *folder, const char *name);

/** printable() - replace all but printable ASCII by '?' */
void printable(char *text);

#endif
