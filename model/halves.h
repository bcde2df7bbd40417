/* SPDX-License-Identifier: Apache-2.0 */
/* 64-bit numbers in two registers. */
#ifndef HALVES_H
#define HALVES_H

#include <stdint.h>

static inline uint64_t with_low_half(uint64_t number, uint32_t low)
{
	return (number & ~UINT64_C(0xffffffff)) | low;
}

static inline uint64_t with_high_half(uint64_t number, uint32_t high)
{
	return (number & UINT64_C(0xffffffff)) | (uint64_t)high << 32;
}

#endif
