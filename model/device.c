// SPDX-License-Identifier: Apache-2.0
#include "device.h"

#include "clock.h"
#include "model.h"

/** How long a reset takes, and how long it goes on waiting where answers from host memory are still due. */
#define RESET_NS (3 * NS_PER_MS)
#define RESET_AGAIN_NS NS_PER_MS

static void clear_registers(struct model *model)
{
	struct global *global = &model->global;

	global->is_enabled = global->is_fatal = false;
	global->error = NVLINK_ERROR_NONE;
	global->int_status = global->int_enable = 0;
	global->events_link = global->events_error = global->events_doorbell = 0;
	global->watchdog_ms = NVLINK_GLOBAL_WATCHDOG_MS_RESET;
	global->firmware = global->scratch = 0;
	model->irq.pending = 0;
}

static void reset_parts(struct model *model)
{
	clear_registers(model);
	engine_reset(model);
	for (unsigned int i = 0; i < model->options.windows; i++)
		model->windows[i] = (struct window){ 0 };
	for (unsigned int i = 0; i < model->options.links; i++)
		link_power_off(&model->links[i]);
	for (unsigned int i = 0; i < model->options.gpus; i++)
		gpu_reset(&model->gpus[i]);
}

/** Driver and guest may free their memory when READY is back: nothing of the time before may be on its way. */
static void finish_reset(void *owner)
{
	struct model *model = owner;

	if (engine_is_draining(&model->engine))
		timer_set(&model->loop, &model->global.reset_timer, RESET_AGAIN_NS);
	else
		model->global.is_resetting = false;
}

void device_start_reset(struct model *model)
{
	reset_parts(model);
	model->global.generation++;
	model->global.is_resetting = true;
	timer_set(&model->loop, &model->global.reset_timer, RESET_NS);
}

void device_reset_function(struct model *model)
{
	pci_reset(&model->pci);
	device_start_reset(model);
}

void device_power_on(struct model *model)
{
	reset_parts(model);
	pci_reset(&model->pci);
	timer_cancel(&model->loop, &model->global.reset_timer);
	model->global.is_resetting = false;
	model->global.generation = 0;
	for (unsigned int i = 0; i < model->options.links; i++)
		link_power_on(&model->links[i]);
}

void device_remove(struct model *model)
{
	if (model->is_removed)
		return;
	reset_parts(model);
	model->is_removed = true;
}

void device_insert(struct model *model)
{
	if (!model->is_removed)
		return;
	model->is_removed = false;
	device_power_on(model);
}

void device_stop_fatally(struct model *model)
{
	model->global.is_fatal = true;
	engine_stop(model);
	for (unsigned int i = 0; i < model->options.links; i++)
		link_command(&model->links[i], NVLINK_COMMAND_OFF);
	device_occur(model, NVLINK_CAUSE_FATAL);
}

void device_lost_host(struct model *model)
{
	if (model->options.persist)
		device_power_on(model);
	else
		model->has_to_quit = true;
}

void device_occur(struct model *model, unsigned int cause)
{
	struct global *global = &model->global;

	if (model->is_removed)
		return;
	global->int_status |= 1u << cause;
	if ((global->int_enable & 1u << cause) != 0)
		irq_send(model, cause);
}

void device_note_error(struct model *model, uint32_t error)
{
	model->global.error = error;
}

bool device_runs(const struct model *model)
{
	return model->global.is_enabled && !model->global.is_fatal && !model->global.is_resetting &&
	       !model->is_removed;
}

bool device_init(struct model *model)
{
	model->global.contract = NVLINK_GLOBAL_CONTRACT_RESET;
	model->global.reset_timer = (struct timer){ .fire = finish_reset, .owner = model };
	irq_init(&model->irq);
	engine_init(model);
	for (unsigned int i = 0; i < model->options.links; i++)
		link_init(&model->links[i], model, i);
	for (unsigned int i = 0; i < model->options.gpus; i++) {
		if (!gpu_init(&model->gpus[i], model, i))
			return false;
	}
	device_power_on(model);
	return true;
}

void device_free(struct model *model)
{
	for (unsigned int i = 0; i < model->options.gpus; i++)
		gpu_free(&model->gpus[i]);
}
