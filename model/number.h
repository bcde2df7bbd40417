/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in text that somebody else wrote. */
#ifndef NUMBER_H
#define NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A whole word that is a number, decimal or 0x…, of at most `max`; nothing else is taken. */
bool number_read(const char *word, uint64_t max, uint64_t *value);

/** The same with an optional K, M or G (powers of 1024) behind it. */
bool number_read_size(const char *word, uint64_t max, uint64_t *value);

/** An even number of hexadecimal digits into bytes; at most `room` of them. */
bool number_read_hex(const char *word, uint8_t *bytes, size_t room, size_t *size);

#endif
