// SPDX-License-Identifier: Apache-2.0
#include "number.h"

#include <string.h>

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool read_digits(const char *word, size_t length, uint64_t max, uint64_t *value)
{
	uint64_t base = 10;

	if (length > 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X')) {
		base = 16;
		word += 2;
		length -= 2;
	}
	*value = 0;
	for (size_t i = 0; i < length; i++) {
		int digit = digit_of(word[i]);

		if (digit < 0 || (uint64_t)digit >= base || (uint64_t)digit > max)
			return false;
		if (*value > max / base || *value * base > max - (uint64_t)digit)
			return false;
		*value = *value * base + (uint64_t)digit;
	}
	return length > 0;
}

bool number_read(const char *word, uint64_t max, uint64_t *value)
{
	return read_digits(word, strlen(word), max, value);
}

bool number_read_size(const char *word, uint64_t max, uint64_t *value)
{
	static const char suffixes[] = "KMG";
	size_t length = strlen(word);
	const char *suffix = length == 0 ? NULL : strchr(suffixes, word[length - 1]);
	unsigned int shift = 0;

	if (suffix != NULL) {
		shift = 10 * (unsigned int)(suffix - suffixes + 1);
		length--;
	}
	if (!read_digits(word, length, max >> shift, value))
		return false;
	*value <<= shift;
	return true;
}

bool number_read_hex(const char *word, uint8_t *bytes, size_t room, size_t *size)
{
	size_t length = strlen(word);

	if (length % 2 != 0 || length / 2 > room)
		return false;
	for (size_t i = 0; i < length / 2; i++) {
		int high = digit_of(word[2 * i]), low = digit_of(word[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	*size = length / 2;
	return true;
}
