// SPDX-License-Identifier: Apache-2.0
#include "global_registers.h"

#include "model.h"

#define WATCHDOG_MS_MAX 60000u
#define CAUSES ((1u << NVLINK_CAUSE_COUNT) - 1)

static uint32_t capabilities(const struct options *options)
{
	return options->links << NVLINK_GLOBAL_CAPS_LINKS_SHIFT |
	       options->gpus << NVLINK_GLOBAL_CAPS_GPUS_SHIFT |
	       options->windows << NVLINK_GLOBAL_CAPS_WINDOWS_SHIFT |
	       options->channels << NVLINK_GLOBAL_CAPS_CHANNELS_SHIFT | NVLINK_GLOBAL_CAPS_COHERENT_MASK |
	       NVLINK_GLOBAL_CAPS_PEER_MASK | NVLINK_GLOBAL_CAPS_CALL_MASK;
}

static uint32_t status(const struct global *global)
{
	return (global->is_resetting ? 0 : NVLINK_GLOBAL_STATUS_READY_MASK) |
	       (global->is_fatal ? NVLINK_GLOBAL_STATUS_FATAL_MASK : 0);
}

uint32_t global_read_register(const struct model *model, uint32_t offset)
{
	const struct global *global = &model->global;

	switch (offset) {
	case NVLINK_REG_GLOBAL_ID:
		return NVLINK_GLOBAL_ID_RESET;
	case NVLINK_REG_GLOBAL_CONTRACT:
		return global->contract;
	case NVLINK_REG_GLOBAL_CAPS:
		return capabilities(&model->options);
	case NVLINK_REG_GLOBAL_CONTROL:
		return (global->is_enabled ? NVLINK_GLOBAL_CONTROL_ENABLE_MASK : 0) |
		       (global->is_resetting ? NVLINK_GLOBAL_CONTROL_RESET_MASK : 0);
	case NVLINK_REG_GLOBAL_STATUS:
		return status(global);
	case NVLINK_REG_GLOBAL_ERROR:
		return global->error;
	case NVLINK_REG_GLOBAL_INT_STATUS:
		return global->int_status;
	case NVLINK_REG_GLOBAL_INT_ENABLE:
		return global->int_enable;
	case NVLINK_REG_GLOBAL_EVENTS_LINK:
		return global->events_link;
	case NVLINK_REG_GLOBAL_EVENTS_ERROR:
		return global->events_error;
	case NVLINK_REG_GLOBAL_EVENTS_DOORBELL:
		return global->events_doorbell;
	case NVLINK_REG_GLOBAL_GENERATION:
		return global->generation;
	case NVLINK_REG_GLOBAL_WATCHDOG_MS:
		return global->watchdog_ms;
	case NVLINK_REG_GLOBAL_FIRMWARE:
		return global->firmware;
	case NVLINK_REG_GLOBAL_SCRATCH:
		return global->scratch;
	case NVLINK_REG_GLOBAL_SERIAL_LO:
		return (uint32_t)model->options.serial;
	case NVLINK_REG_GLOBAL_SERIAL_HI:
		return (uint32_t)(model->options.serial >> 32);
	default:
		return 0;
	}
}

static void write_control(struct model *model, uint32_t value)
{
	if ((value & NVLINK_GLOBAL_CONTROL_RESET_MASK) != 0)
		device_start_reset(model);
	else
		model->global.is_enabled = (value & NVLINK_GLOBAL_CONTROL_ENABLE_MASK) != 0;
}

static void test_interrupts(struct model *model, uint32_t causes)
{
	for (unsigned int cause = 0; cause < NVLINK_CAUSE_COUNT; cause++) {
		if ((causes & 1u << cause) != 0)
			device_occur(model, cause);
	}
}

/** Whether the value can be written; what cannot is an error and changes nothing. */
static bool is_possible(uint32_t offset, uint32_t value)
{
	const uint32_t control = NVLINK_GLOBAL_CONTROL_ENABLE_MASK | NVLINK_GLOBAL_CONTROL_RESET_MASK;

	switch (offset) {
	case NVLINK_REG_GLOBAL_CONTROL:
		return (value & ~control) == 0;
	case NVLINK_REG_GLOBAL_INT_ENABLE:
	case NVLINK_REG_GLOBAL_INT_TEST:
		return (value & ~CAUSES) == 0;
	case NVLINK_REG_GLOBAL_WATCHDOG_MS:
		return value <= WATCHDOG_MS_MAX;
	default:
		return true;
	}
}

void global_write_register(struct model *model, uint32_t offset, uint32_t value)
{
	struct global *global = &model->global;

	if (!is_possible(offset, value)) {
		device_note_error(model, NVLINK_ERROR_CONTROL);
		return;
	}
	switch (offset) {
	case NVLINK_REG_GLOBAL_CONTROL:
		write_control(model, value);
		break;
	case NVLINK_REG_GLOBAL_INT_STATUS:
		global->int_status &= ~value;
		break;
	case NVLINK_REG_GLOBAL_INT_ENABLE:
		global->int_enable = value;
		irq_update(model);
		break;
	case NVLINK_REG_GLOBAL_INT_TEST:
		test_interrupts(model, value);
		break;
	case NVLINK_REG_GLOBAL_EVENTS_LINK:
		global->events_link &= ~value;
		break;
	case NVLINK_REG_GLOBAL_EVENTS_ERROR:
		global->events_error &= ~value;
		break;
	case NVLINK_REG_GLOBAL_EVENTS_DOORBELL:
		global->events_doorbell &= ~value;
		break;
	case NVLINK_REG_GLOBAL_WATCHDOG_MS:
		global->watchdog_ms = value;
		engine_set_watchdogs(model);
		break;
	case NVLINK_REG_GLOBAL_FIRMWARE:
		global->firmware = value & 0x00ffffffu;
		break;
	case NVLINK_REG_GLOBAL_SCRATCH:
		global->scratch = value;
		break;
	default:
		break;
	}
}
