// SPDX-License-Identifier: Apache-2.0
#include "registers.h"

#include <string.h>

#include "global_registers.h"
#include "model.h"

#define BLOCK_MASK 0xf000u
#define PENDING_BITS_AT 0xf000u

/** Which instance of a block an offset is in, and the offset as it is in instance 0. */
struct place {
	unsigned int index;
	uint32_t offset;
};

static struct place place_of(uint32_t offset, uint32_t block, uint32_t stride)
{
	uint32_t inside = offset - block;

	return (struct place){ .index = inside / stride, .offset = block + inside % stride };
}

static uint32_t read_true(struct model *model, uint32_t offset)
{
	struct place place;

	switch (offset & BLOCK_MASK) {
	case 0:
		return global_read_register(model, offset);
	case NVLINK_BLOCK_LINK:
		place = place_of(offset, NVLINK_BLOCK_LINK, NVLINK_BLOCK_LINK_STRIDE);
		return place.index < model->options.links
			       ? link_read_register(&model->links[place.index], place.offset)
			       : 0;
	case NVLINK_BLOCK_GPU:
		place = place_of(offset, NVLINK_BLOCK_GPU, NVLINK_BLOCK_GPU_STRIDE);
		return place.index < model->options.gpus
			       ? gpu_read_register(&model->gpus[place.index], place.offset)
			       : 0;
	case NVLINK_BLOCK_WINDOW:
		place = place_of(offset, NVLINK_BLOCK_WINDOW, NVLINK_BLOCK_WINDOW_STRIDE);
		return place.index < model->options.windows
			       ? window_read_register(&model->windows[place.index], place.offset)
			       : 0;
	case NVLINK_BLOCK_CHANNEL:
		place = place_of(offset, NVLINK_BLOCK_CHANNEL, NVLINK_BLOCK_CHANNEL_STRIDE);
		return place.index < model->options.channels
			       ? channel_read_register(&model->engine.channels[place.index], place.offset)
			       : 0;
	case PENDING_BITS_AT:
		return offset == PENDING_BITS_AT ? model->irq.pending : 0;
	default:
		return 0;
	}
}

uint32_t registers_read(struct model *model, uint32_t offset)
{
	uint32_t value;

	if (model->is_removed)
		return UINT32_MAX;
	value = read_true(model, offset);
	for (size_t i = 0; i < LIES_MAX; i++) {
		if (model->lies[i].is_told && model->lies[i].offset == offset)
			value = model->lies[i].value;
	}
	return value;
}

void registers_write(struct model *model, uint32_t offset, uint32_t value)
{
	struct place place;

	if (model->is_removed || model->global.is_resetting)
		return;
	switch (offset & BLOCK_MASK) {
	case 0:
		global_write_register(model, offset, value);
		break;
	case NVLINK_BLOCK_LINK:
		place = place_of(offset, NVLINK_BLOCK_LINK, NVLINK_BLOCK_LINK_STRIDE);
		if (place.index < model->options.links)
			link_write_register(&model->links[place.index], place.offset, value);
		break;
	case NVLINK_BLOCK_GPU:
		place = place_of(offset, NVLINK_BLOCK_GPU, NVLINK_BLOCK_GPU_STRIDE);
		if (place.index < model->options.gpus)
			gpu_write_register(&model->gpus[place.index], place.offset, value);
		break;
	case NVLINK_BLOCK_WINDOW:
		place = place_of(offset, NVLINK_BLOCK_WINDOW, NVLINK_BLOCK_WINDOW_STRIDE);
		if (place.index < model->options.windows)
			window_write_register(model, &model->windows[place.index], place.offset, value);
		break;
	case NVLINK_BLOCK_CHANNEL:
		place = place_of(offset, NVLINK_BLOCK_CHANNEL, NVLINK_BLOCK_CHANNEL_STRIDE);
		if (place.index < model->options.channels)
			channel_write_register(&model->engine.channels[place.index], place.offset, value);
		break;
	default:
		break;
	}
}

void registers_read_bytes(struct model *model, uint32_t offset, uint32_t count, uint8_t *data)
{
	while (count > 0) {
		uint32_t skip = offset % 4;
		uint32_t part = count < 4 - skip ? count : 4 - skip;
		uint32_t value = registers_read(model, offset - skip);

		memcpy(data, (const uint8_t *)&value + skip, part);
		offset += part;
		data += part;
		count -= part;
	}
}

void registers_write_bytes(struct model *model, uint32_t offset, uint32_t count, const uint8_t *data)
{
	uint32_t value;

	if (offset % 4 != 0 || count % 4 != 0)
		return;
	for (uint32_t i = 0; i < count; i += 4) {
		memcpy(&value, data + i, sizeof(value));
		registers_write(model, offset + i, value);
	}
}

bool registers_lie(struct model *model, uint32_t offset, uint32_t value)
{
	struct lie *place = NULL;

	for (size_t i = LIES_MAX; i-- > 0;) {
		struct lie *lie = &model->lies[i];

		if (!lie->is_told && (place == NULL || !place->is_told))
			place = lie;
		if (lie->is_told && lie->offset == offset)
			place = lie;
	}
	if (place == NULL)
		return false;
	*place = (struct lie){ .is_told = true, .offset = offset, .value = value };
	return true;
}

void registers_tell_truth(struct model *model, uint32_t offset)
{
	for (size_t i = 0; i < LIES_MAX; i++) {
		if (model->lies[i].offset == offset)
			model->lies[i].is_told = false;
	}
}
