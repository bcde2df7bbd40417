/* SPDX-License-Identifier: Apache-2.0 */
/* A link: its state machine, counters and speed. */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "contract.h"
#include "loop.h"

/** In link.failures: trainings fail until the lab says otherwise. */
#define LINK_FAILS_ALWAYS UINT32_MAX

enum link_error_kind { LINK_REPLAY, LINK_RECOVERY, LINK_CRC_FLIT, LINK_CRC_DATA, LINK_ECC, LINK_ERROR_KINDS };

struct model;

struct link {
	struct model *model;
	unsigned int index;
	uint32_t state; /* NVLINK_STATE_... */
	uint32_t error; /* NVLINK_ERROR_... */
	uint32_t attempts; /* since power-on */
	uint32_t tries; /* within this training */
	uint64_t training_since;
	struct timer timer; /* the way to the next state */
	bool trains_after_reset;

	uint32_t limit, threshold;
	uint64_t tx_bytes, rx_bytes;
	uint32_t tx_latch, rx_latch; /* high halves as they were when the low ones were read */
	uint32_t errors[LINK_ERROR_KINDS];
	uint32_t unreported; /* errors since the cause ERROR occurred */
	uint64_t storm_since; /* the second in which the errors below were counted */
	uint32_t storm_errors;
	uint64_t busy_until; /* when all that was given to it will have passed */

	bool partner_is_gone; /* by the lab */
	uint32_t failures; /* trainings that will fail, by the lab */
	uint32_t partner_state; /* of a host link: what the other machine told */
};

void link_init(struct link *link, struct model *model, unsigned int index);

/** OFF at once, all registers as after a reset of the controller; attempts and the lab's faults stay. */
void link_power_off(struct link *link);

/** Power comes: no attempts yet; trained already where the options say so. */
void link_power_on(struct link *link);

/** A command of the CONTROL register. */
void link_command(struct link *link, uint32_t command);

/** RESET, OFF and a training, as the controller's own firmware does. */
void link_retrain(struct link *link);

/** The partner may have come, gone or changed its state. */
void link_partner_changed(struct link *link);

/** Whether data passes, and whether it will again soon. */
bool link_is_up(const struct link *link);
bool link_is_recovering(const struct link *link);

/**
 * The idlest link that is up to a GPU (REMOTE_GPU set: to the other machine), or the one that is wanted; NULL: there is
 * none.
 */
struct link *link_choose(struct model *model, unsigned int gpu, unsigned int wanted);

/** Whether one that could be chosen is only recovering. */
bool link_may_come(const struct model *model, unsigned int gpu, unsigned int wanted);

/** Speed now, limits applied, MB/s; 0: it carries nothing. */
uint32_t link_speed(const struct link *link);

/** Takes the link for so many bytes, from `now`; when they will have passed. */
uint64_t link_occupy(struct link *link, uint64_t bytes, uint64_t now);

uint32_t link_read_register(struct link *link, uint32_t offset);
void link_write_register(struct link *link, uint32_t offset, uint32_t value);

/** Goes to a state and says so to guest and partner. */
void link_enter(struct link *link, uint32_t state);

/** Errors are counted, reported, and too many of them end in RECOVERY or FAULT. */
void link_count_errors(struct link *link, enum link_error_kind kind, uint32_t count);
void link_clear_counters(struct link *link);

/** The next state `milliseconds` from now, time scale applied. */
void link_wait(struct link *link, uint32_t milliseconds);

#endif
