// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "engine.h"

#include <endian.h>
#include <string.h>

#include "system-file.h"

/** log2 of the descriptors in a page. */
#define LOG2 6
#define TIMEOUT_MS 5000

uint32_t register_read(volatile uint32_t *registers, unsigned int offset)
{
	uint32_t value = registers[offset / 4];

	__sync_synchronize();
	return le32toh(value);
}

void register_write(volatile uint32_t *registers, unsigned int offset, uint32_t value)
{
	/* What was written to memory has to be there before the device is told: `fence iorw, iorw` on RISC-V. */
	__sync_synchronize();
#ifdef __riscv
	__asm__ volatile("fence iorw, iorw" ::: "memory");
#endif
	registers[offset / 4] = htole32(value);
}

void engine_start(struct engine *engine, volatile uint32_t *registers, unsigned int channel, void *memory,
		  uint64_t address)
{
	uint64_t done = address + ENGINE_MEMORY / 2;

	memset(memory, 0, ENGINE_MEMORY);
	*engine = (struct engine){
		.registers = registers,
		.channel = channel,
		.ring = memory,
		.done = (void *)((uint8_t *)memory + ENGINE_MEMORY / 2),
	};
	register_write(registers, NVLINK_REG_CHANNEL_CONTROL(channel), 0);
	register_write(registers, NVLINK_REG_CHANNEL_RING_LO(channel), (uint32_t)address);
	register_write(registers, NVLINK_REG_CHANNEL_RING_HI(channel), (uint32_t)(address >> 32));
	register_write(registers, NVLINK_REG_CHANNEL_DONE_LO(channel), (uint32_t)done);
	register_write(registers, NVLINK_REG_CHANNEL_DONE_HI(channel), (uint32_t)(done >> 32));
	register_write(registers, NVLINK_REG_CHANNEL_LOG2(channel), LOG2);
	register_write(registers, NVLINK_REG_CHANNEL_CONTROL(channel), NVLINK_CHANNEL_CONTROL_ENABLE_MASK);
}

void engine_stop(struct engine *engine)
{
	register_write(engine->registers, NVLINK_REG_CHANNEL_CONTROL(engine->channel), 0);
}

int engine_run(struct engine *engine, const struct nvlink_descriptor *descriptor)
{
	unsigned int index = engine->tail % (1u << LOG2);
	volatile struct nvlink_completion *done = &engine->done[index];
	long long end = now_ms() + TIMEOUT_MS;

	engine->ring[index] = *descriptor;
	engine->tail++;
	register_write(engine->registers, NVLINK_REG_CHANNEL_TAIL(engine->channel), engine->tail);
	while (le32toh(done->sequence) != engine->tail) {
		if (now_ms() > end)
			return -1;
		sleep_ms(1);
	}
	__sync_synchronize();
	return (int)le32toh(done->error);
}

static int run_copy(struct engine *engine, uint8_t opcode, uint64_t source, uint64_t destination, uint64_t length)
{
	struct nvlink_descriptor descriptor = {
		.opcode = opcode,
		.link = NVLINK_LINK_ANY,
		.cookie = htole64(engine->tail),
		.source = htole64(source),
		.destination = htole64(destination),
		.length = htole64(length),
	};

	return engine_run(engine, &descriptor);
}

int engine_read(struct engine *engine, uint64_t address, uint64_t offset, uint64_t length)
{
	return run_copy(engine, NVLINK_OPCODE_READ, address, offset, length);
}

int engine_write(struct engine *engine, uint64_t address, uint64_t offset, uint64_t length)
{
	return run_copy(engine, NVLINK_OPCODE_WRITE, offset, address, length);
}

uint64_t engine_error_address(const struct engine *engine)
{
	uint64_t low = register_read(engine->registers, NVLINK_REG_CHANNEL_ADDRESS_LO(engine->channel));
	uint64_t high = register_read(engine->registers, NVLINK_REG_CHANNEL_ADDRESS_HI(engine->channel));

	return high << 32 | low;
}
