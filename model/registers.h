/* SPDX-License-Identifier: Apache-2.0 */
/* The register file in BAR 0. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

#define LIES_MAX 64

struct model;

/** A register that does not read as it should, for tests of who reads it. */
struct lie {
	bool is_told;
	uint32_t offset, value;
};

/** A 32-bit register at a multiple of 4; zero where there is none. */
uint32_t registers_read(struct model *model, uint32_t offset);
void registers_write(struct model *model, uint32_t offset, uint32_t value);

/** Accesses of any size inside the BAR; writes of less than a register are ignored. */
void registers_read_bytes(struct model *model, uint32_t offset, uint32_t count, uint8_t *data);
void registers_write_bytes(struct model *model, uint32_t offset, uint32_t count, const uint8_t *data);

/** From now on the register reads as value; false: there are LIES_MAX lies already. */
bool registers_lie(struct model *model, uint32_t offset, uint32_t value);

/** The register tells the truth again. */
void registers_tell_truth(struct model *model, uint32_t offset);

#endif
