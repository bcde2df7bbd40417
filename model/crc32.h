/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32 of IEEE 802.3. */
#ifndef CRC32_H
#define CRC32_H

#include <stdint.h>

/** The checksum of what `crc` is the checksum of, and `length` more bytes; begin with 0. */
uint32_t crc32_add(uint32_t crc, const uint8_t *bytes, uint64_t length);

#endif
