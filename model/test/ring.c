// SPDX-License-Identifier: Apache-2.0
#include "ring.h"

#include <string.h>

#define COOKIE UINT64_C(0x1122334455667788)

void ring_enable(struct lab *lab, unsigned int n)
{
	lab_write(lab, NVLINK_REG_CHANNEL_CONTROL(n), 0);
	lab_settle(lab);
	lab_write(lab, NVLINK_REG_CHANNEL_RING_LO(n), (uint32_t)(MEMORY_AT + RING_AT(n)));
	lab_write(lab, NVLINK_REG_CHANNEL_RING_HI(n), 0);
	lab_write(lab, NVLINK_REG_CHANNEL_DONE_LO(n), (uint32_t)(MEMORY_AT + DONE_AT(n)));
	lab_write(lab, NVLINK_REG_CHANNEL_DONE_HI(n), 0);
	lab_write(lab, NVLINK_REG_CHANNEL_LOG2(n), RING_LOG2);
	lab_write(lab, NVLINK_REG_CHANNEL_CONTROL(n), NVLINK_CHANNEL_CONTROL_ENABLE_MASK);
	memset(lab->memory + DONE_AT(n), 0, RING_ENTRIES * sizeof(struct nvlink_completion));
}

void ring_put(struct lab *lab, unsigned int channel, uint32_t n, const struct nvlink_descriptor *descriptor)
{
	memcpy(lab->memory + RING_AT(channel) + n % RING_ENTRIES * sizeof(*descriptor), descriptor,
	       sizeof(*descriptor));
}

void ring_tell(struct lab *lab, unsigned int channel, uint32_t tail)
{
	lab_write(lab, NVLINK_REG_CHANNEL_TAIL(channel), tail);
}

struct nvlink_completion ring_completion(struct lab *lab, unsigned int channel, uint32_t n)
{
	struct nvlink_completion completion;

	memcpy(&completion, lab->memory + DONE_AT(channel) + n % RING_ENTRIES * sizeof(completion),
	       sizeof(completion));
	return completion;
}

struct nvlink_completion ring_run(struct lab *lab, const struct nvlink_descriptor *descriptor)
{
	ring_enable(lab, 0);
	ring_put(lab, 0, 0, descriptor);
	ring_tell(lab, 0, 1);
	lab_pass(lab, 500);
	return ring_completion(lab, 0, 0);
}

struct nvlink_descriptor ring_descriptor(uint8_t opcode, uint64_t source, uint64_t destination, uint64_t length)
{
	return (struct nvlink_descriptor){
		.opcode = opcode,
		.flags = NVLINK_DESCRIPTOR_INTERRUPT,
		.link = NVLINK_LINK_ANY,
		.cookie = COOKIE,
		.source = source,
		.destination = destination,
		.length = length,
	};
}
