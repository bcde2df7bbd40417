// SPDX-License-Identifier: Apache-2.0
#include "take.h"

#include <string.h>

bool take_word(const char **at, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*at, word, length) != 0)
		return false;
	*at += length;
	return true;
}

static bool digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

bool take_number(const char **at, unsigned int *number)
{
	const char *byte = *at;
	unsigned int value = 0;

	if (!digit(byte[0]) || (byte[0] == '0' && digit(byte[1])))
		return false;
	for (; digit(*byte); byte++) {
		value = value * 10 + (unsigned int)(*byte - '0');
		if (value >= 1000000)
			return false;
	}
	*at = byte;
	*number = value;
	return true;
}
