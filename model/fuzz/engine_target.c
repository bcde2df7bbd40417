// SPDX-License-Identifier: Apache-2.0
/* What a guest does, 16 bytes an action, 64 more for a descriptor: registers, maps, faults of the lab, time. */
#include <string.h>

#include "../test/ring.h"
#include "fuzz.h"

struct action {
	uint8_t kind;
	uint8_t index;
	uint16_t number;
	uint32_t offset;
	uint64_t value;
};

enum { WRITE, READ, DESCRIPTOR, TAIL, PASS, MAP, CONFIG, FAULT, SILENCE, TRAIN, ENABLE, KINDS };

static void make_fault(struct lab *lab, const struct action *action)
{
	static const char *const lines[] = { "link 0 down",
					     "link 0 up",
					     "link 1 reset",
					     "link 0 errors replay 500",
					     "link 1 errors ecc 5000",
					     "link 2 limit 1",
					     "dma stuck 1",
					     "dma hang",
					     "dma free",
					     "fatal",
					     "remove",
					     "insert",
					     "reset",
					     "link 3 fail 2" };

	lab_command(lab, lines[action->index % (sizeof(lines) / sizeof(lines[0]))]);
}

static void set_config(struct lab *lab, const struct action *action)
{
	uint32_t value = (uint32_t)action->value;

	lab_write_region(lab, VFIO_CONFIG, action->offset % 252, &value, 1 + action->index % 4);
}

static void act(struct lab *lab, const struct action *action)
{
	switch (action->kind % KINDS) {
	case WRITE:
		lab_write(lab, action->offset % 0x10000 & ~3u, (uint32_t)action->value);
		break;
	case READ:
		lab_read(lab, action->offset % 0x10000 & ~3u);
		break;
	case TAIL:
		lab_write(lab, NVLINK_REG_CHANNEL_TAIL(action->index % 4), action->number);
		break;
	case PASS:
		lab_pass(lab, action->number);
		break;
	case MAP:
		lab_map(lab, action->offset % (MEMORY_BYTES - 65536), action->number, (action->index & 1) != 0,
			(action->index & 2) != 0);
		break;
	case CONFIG:
		set_config(lab, action);
		break;
	case FAULT:
		make_fault(lab, action);
		break;
	case SILENCE:
		lab->answers_nothing = action->index % 16 == 0;
		break;
	case TRAIN:
		for (unsigned int i = 0; i < 4; i++)
			lab_write(lab, NVLINK_REG_LINK_CONTROL(i), NVLINK_COMMAND_TRAIN);
		break;
	default:
		ring_enable(lab, action->index % 4);
		break;
	}
}

static void feed(const uint8_t *data, size_t size)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	for (unsigned int i = 0; i < 4; i++)
		ring_enable(lab, i);
	while (size >= sizeof(struct action) && lab->model->vfio.connection != NULL) {
		struct action action;
		struct nvlink_descriptor descriptor;

		memcpy(&action, data, sizeof(action));
		data += sizeof(action);
		size -= sizeof(action);
		if (action.kind % KINDS == DESCRIPTOR && size >= sizeof(descriptor)) {
			memcpy(&descriptor, data, sizeof(descriptor));
			data += sizeof(descriptor);
			size -= sizeof(descriptor);
			ring_put(lab, action.index % 4, action.number, &descriptor);
		} else {
			act(lab, &action);
		}
	}
	lab_pass(lab, 1100000);
	lab_close(lab);
}

static size_t put(uint8_t *data, size_t at, const void *part, size_t size)
{
	memcpy(data + at, part, size);
	return at + size;
}

static size_t seed(uint8_t *data, size_t room, uint32_t number)
{
	uint64_t state = number;
	size_t at = 0;

	(void)room;
	for (uint16_t n = 0; n < 12; n++) {
		uint8_t opcode = (uint8_t)random_below(&state, NVLINK_OPCODE_COUNT);
		struct nvlink_descriptor descriptor = ring_descriptor(opcode, MEMORY_AT, MEMORY_AT + 0x100000,
								      1 + random_below(&state, 200000));
		struct action action = { .kind = DESCRIPTOR,
					 .index = (uint8_t)random_below(&state, 4),
					 .number = n / 4 };

		if (opcode == NVLINK_OPCODE_READ || opcode == NVLINK_OPCODE_FILL)
			descriptor.destination = random_below(&state, 0x100000);
		if (opcode == NVLINK_OPCODE_WRITE || opcode == NVLINK_OPCODE_PEER)
			descriptor.source = random_below(&state, 0x100000);
		if (opcode == NVLINK_OPCODE_PEER)
			descriptor.destination = 0;
		descriptor.destination_gpu = opcode == NVLINK_OPCODE_PEER;
		descriptor.pattern = 64;
		if (opcode == NVLINK_OPCODE_CALL)
			descriptor.length = sizeof(struct nvlink_call);
		at = put(data, at, &action, sizeof(action));
		at = put(data, at, &descriptor, sizeof(descriptor));
		action.kind = TAIL;
		action.number++;
		at = put(data, at, &action, sizeof(action));
		action = (struct action){ .kind = (uint8_t)random_below(&state, KINDS),
					  .index = (uint8_t)random_next(&state),
					  .number = (uint16_t)random_next(&state),
					  .offset = random_next(&state) % 0x4200,
					  .value = random_next(&state) };
		if (action.kind != DESCRIPTOR)
			at = put(data, at, &action, sizeof(action));
	}
	return at;
}

const struct target engine_target = { "engine", feed, seed };
