/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Links: what to do in which state, and doing it.
 */
#ifndef NVLINK_LINK_H
#define NVLINK_LINK_H

#include "nvlink.h"

/* Resets of a link by the driver until it is left alone. */
#define NVLINK_LINK_TRIES 5
/* A link that was up for so long is healthy: its tries count anew. */
#define NVLINK_LINK_HEALTHY_MS 10000
/* Without a partner for so long there is none. */
#define NVLINK_LINK_ALONE_MS 1000

/**
 * enum nvlink_action - what the driver does to a link next
 * @NVLINK_ACTION_NONE: nothing; the link's next event decides
 * @NVLINK_ACTION_WATCH: look again soon, lest it hangs
 * @NVLINK_ACTION_TRAIN: command TRAIN
 * @NVLINK_ACTION_OFF: command OFF
 * @NVLINK_ACTION_SLEEP: command SLEEP
 * @NVLINK_ACTION_WAKE: command WAKE
 * @NVLINK_ACTION_RESET: command RESET
 * @NVLINK_ACTION_BACK_OFF: command RESET, after a while
 * @NVLINK_ACTION_GIVE_UP: leave it alone until somebody asks
 * @NVLINK_ACTION_HUNG: only a reset of the controller helps
 */
enum nvlink_action {
	NVLINK_ACTION_NONE,
	NVLINK_ACTION_WATCH,
	NVLINK_ACTION_TRAIN,
	NVLINK_ACTION_OFF,
	NVLINK_ACTION_SLEEP,
	NVLINK_ACTION_WAKE,
	NVLINK_ACTION_RESET,
	NVLINK_ACTION_BACK_OFF,
	NVLINK_ACTION_GIVE_UP,
	NVLINK_ACTION_HUNG,
};

/**
 * struct nvlink_link_view - what a decision about a link depends on
 * @state: NVLINK_STATE_*
 * @goal: what is wanted
 * @tries: resets since it was healthy
 * @overdue: the state has lasted longer than the contract allows
 * @asked: somebody asked for a reset
 */
struct nvlink_link_view {
	u32 state;
	enum nvlink_goal goal;
	unsigned int tries;
	bool overdue;
	bool asked;
};

/* policy.c */
const char *nvlink_state_name(u32 state);
const char *nvlink_error_name(u32 error);
const char *nvlink_goal_name(enum nvlink_goal goal);
bool nvlink_state_known(u32 state);
bool nvlink_state_training(u32 state);
bool nvlink_state_up(u32 state);
unsigned int nvlink_state_limit_ms(u32 state);
unsigned int nvlink_back_off_ms(unsigned int tries);
unsigned int nvlink_reset_delay_ms(unsigned int tries);
enum nvlink_action nvlink_link_action(const struct nvlink_link_view *view);

/* link.c */
void nvlink_links_init(struct nvlink *nv);
void nvlink_links_start(struct nvlink *nv);
void nvlink_links_stop(struct nvlink *nv);
void nvlink_link_event(struct nvlink_link *link);
void nvlink_link_refresh(struct nvlink_link *link);
u32 nvlink_link_look(struct nvlink_link *link);
void nvlink_link_command(struct nvlink_link *link, u32 command);

/* register.c */
int nvlink_link_value(struct nvlink_link *link, u32 offset, u32 *value);
int nvlink_link_bytes(struct nvlink_link *link, u32 low, u64 *value);
int nvlink_link_clear(struct nvlink_link *link);
int nvlink_link_limit(struct nvlink_link *link, u32 limit);

/* link-event.c */
void nvlink_link_tell(struct nvlink_link *link);
void nvlink_link_tell_errors(struct nvlink_link *link);

/* link-sleep.c */
void nvlink_links_sleep(struct nvlink *nv);
void nvlink_links_wake(struct nvlink *nv);
void nvlink_links_intend(struct nvlink *nv, enum nvlink_goal goal);

#endif
