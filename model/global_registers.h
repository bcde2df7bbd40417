/* SPDX-License-Identifier: Apache-2.0 */
/* The registers of the controller as a whole. */
#ifndef GLOBAL_REGISTERS_H
#define GLOBAL_REGISTERS_H

#include <stdint.h>

struct model;

uint32_t global_read_register(const struct model *model, uint32_t offset);
void global_write_register(struct model *model, uint32_t offset, uint32_t value);

#endif
