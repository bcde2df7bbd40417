// SPDX-License-Identifier: Apache-2.0
#include "crc32.h"

#include <string.h>

/** Tables for eight bytes at a time: table[k][b] is the effect of byte b that is k bytes before the end. */
static uint32_t table[8][256];

static void fill_tables(void)
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t crc = byte;

		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
		table[0][byte] = crc;
	}
	for (uint32_t byte = 0; byte < 256; byte++) {
		for (int k = 1; k < 8; k++)
			table[k][byte] = table[k - 1][byte] >> 8 ^ table[0][table[k - 1][byte] & 255];
	}
}

uint32_t crc32_add(uint32_t crc, const uint8_t *bytes, uint64_t length)
{
	if (table[0][1] == 0)
		fill_tables();
	crc = ~crc;
	for (; length >= 8; length -= 8, bytes += 8) {
		uint32_t low, high;

		memcpy(&low, bytes, 4);
		memcpy(&high, bytes + 4, 4);
		low ^= crc;
		crc = table[7][low & 255] ^ table[6][low >> 8 & 255] ^ table[5][low >> 16 & 255] ^
		      table[4][low >> 24] ^ table[3][high & 255] ^ table[2][high >> 8 & 255] ^
		      table[1][high >> 16 & 255] ^ table[0][high >> 24];
	}
	while (length-- > 0)
		crc = crc >> 8 ^ table[0][(crc ^ *bytes++) & 255];
	return ~crc;
}
