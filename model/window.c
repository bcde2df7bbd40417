// SPDX-License-Identifier: Apache-2.0
#include "window.h"

#include "halves.h"
#include "model.h"

uint64_t window_span(const struct model *model, uint64_t address, uint64_t length, bool is_write)
{
	uint32_t wanted = is_write ? NVLINK_WINDOW_CONTROL_WRITE_MASK : NVLINK_WINDOW_CONTROL_READ_MASK;
	uint64_t longest = 0;

	for (unsigned int i = 0; i < model->options.windows; i++) {
		const struct window *window = &model->windows[i];
		uint64_t left;

		if ((window->control & wanted) == 0 || address < window->base ||
		    address - window->base >= window->size)
			continue;
		left = window->size - (address - window->base);
		if (left > longest)
			longest = left;
	}
	/* No access wraps around the end of the address space. */
	if (longest > UINT64_MAX - address)
		longest = UINT64_MAX - address;
	return longest < length ? longest : length;
}

uint32_t window_read_register(const struct window *window, uint32_t offset)
{
	switch (offset) {
	case NVLINK_REG_WINDOW_BASE_LO(0):
		return (uint32_t)window->base;
	case NVLINK_REG_WINDOW_BASE_HI(0):
		return (uint32_t)(window->base >> 32);
	case NVLINK_REG_WINDOW_SIZE_LO(0):
		return (uint32_t)window->size;
	case NVLINK_REG_WINDOW_SIZE_HI(0):
		return (uint32_t)(window->size >> 32);
	case NVLINK_REG_WINDOW_CONTROL(0):
		return window->control;
	default:
		return 0;
	}
}

void window_write_register(struct model *model, struct window *window, uint32_t offset, uint32_t value)
{
	const uint32_t known = NVLINK_WINDOW_CONTROL_READ_MASK | NVLINK_WINDOW_CONTROL_WRITE_MASK;
	bool is_low = offset == NVLINK_REG_WINDOW_BASE_LO(0) || offset == NVLINK_REG_WINDOW_SIZE_LO(0);

	if ((is_low && value % 4096 != 0) ||
	    (offset == NVLINK_REG_WINDOW_CONTROL(0) && (value & ~known) != 0)) {
		device_note_error(model, NVLINK_ERROR_CONTROL);
		return;
	}
	switch (offset) {
	case NVLINK_REG_WINDOW_BASE_LO(0):
		window->base = with_low_half(window->base, value);
		break;
	case NVLINK_REG_WINDOW_BASE_HI(0):
		window->base = with_high_half(window->base, value);
		break;
	case NVLINK_REG_WINDOW_SIZE_LO(0):
		window->size = with_low_half(window->size, value);
		break;
	case NVLINK_REG_WINDOW_SIZE_HI(0):
		window->size = with_high_half(window->size, value);
		break;
	case NVLINK_REG_WINDOW_CONTROL(0):
		window->control = value;
		break;
	default:
		break;
	}
}
