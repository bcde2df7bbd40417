/* SPDX-License-Identifier: Apache-2.0 */
/* DMA windows: which bus addresses the controller may use at all. */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdbool.h>
#include <stdint.h>

struct model;

struct window {
	uint64_t base, size;
	uint32_t control;
};

/** How many bytes from `address` on, at most `length`, are in one window that lets this through; 0: none. */
uint64_t window_span(const struct model *model, uint64_t address, uint64_t length, bool is_write);

uint32_t window_read_register(const struct window *window, uint32_t offset);

/** An address or size that is no multiple of 4096 is an error of the controller and changes nothing. */
void window_write_register(struct model *model, struct window *window, uint32_t offset, uint32_t value);

#endif
