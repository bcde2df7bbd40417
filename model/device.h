/* SPDX-License-Identifier: Apache-2.0 */
/* The controller as a whole: power, resets, causes, removal. */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "loop.h"

struct model;

/** The registers of the global block that hold something. */
struct global {
	uint32_t contract; /* as CONTRACT reads */
	bool is_enabled;
	bool is_resetting;
	bool is_fatal;
	uint32_t error;
	uint32_t int_status, int_enable;
	uint32_t events_link, events_error, events_doorbell;
	uint32_t generation;
	uint32_t watchdog_ms;
	uint32_t firmware;
	uint32_t scratch;
	struct timer reset_timer;
};

/** Makes a controller of the options, powered on; false with errno where there is no memory for its GPUs. */
bool device_init(struct model *model);
void device_free(struct model *model);

/** Everything as after power-on, the faults that the lab put in excepted. */
void device_power_on(struct model *model);

/** What writing 1 to CONTROL.RESET does; READY again a little later. */
void device_start_reset(struct model *model);

/** A function level reset: configuration space and controller. */
void device_reset_function(struct model *model);

/** Surprise removal, and its end. */
void device_remove(struct model *model);
void device_insert(struct model *model);

/** The controller stops until it is reset. */
void device_stop_fatally(struct model *model);

/** QEMU went away. */
void device_lost_host(struct model *model);

/** A cause (NVLINK_CAUSE_...) occurs. */
void device_occur(struct model *model, unsigned int cause);

/** The newest error of the controller. */
void device_note_error(struct model *model, uint32_t error);

/** Whether channels may run and links be trained. */
bool device_runs(const struct model *model);

#endif
