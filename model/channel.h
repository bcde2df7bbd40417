/* SPDX-License-Identifier: Apache-2.0 */
/* The copy engine: channels with their rings, transfers cut into chunks. */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "access.h"
#include "call.h"
#include "contract.h"
#include "loop.h"
#include "peer.h"

#define CHUNKS 4 /* of one channel at once */
#define BATCH 16 /* descriptors fetched at once */
#define CHUNK_BYTES VFIO_DATA_MAX

struct model;
struct channel;
struct link;

enum chunk_state { CHUNK_FREE, CHUNK_FROM_HOST, CHUNK_TO_HOST, CHUNK_REMOTE, CHUNK_MOVED };

/** A part of a transfer on its way. */
struct chunk {
	struct access access; /* first: found by it */
	struct peer_waiter remote;
	struct channel *channel;
	enum chunk_state state;
	uint64_t offset; /* in the transfer */
	uint32_t length;
	struct link *link; /* NULL: it passes none */
	uint64_t due; /* when it will have passed the link */
	uint8_t buffer[CHUNK_BYTES];
};

enum call_phase { CALL_NEW, CALL_ASKING, CALL_RUNNING, CALL_AWAY, CALL_ANSWERED, CALL_ANSWERING };

/** The descriptor that is being carried out. */
struct transfer {
	struct nvlink_descriptor descriptor;
	uint64_t issued, moved; /* bytes */
	uint32_t error;
	uint64_t error_address;
	uint64_t began; /* ns */
	bool is_stuck, hangs; /* by the lab */
	enum call_phase call_phase;
	struct call call;
};

enum channel_phase { CHANNEL_IDLE, CHANNEL_FETCHING, CHANNEL_RUNNING, CHANNEL_REPORTING };

struct channel {
	struct model *model;
	unsigned int index;

	uint64_t ring, done; /* as written */
	uint32_t log2;
	bool is_enabled, is_halted;
	uint32_t head, tail;
	uint32_t error;
	uint64_t error_address;

	uint64_t ring_taken, done_taken; /* when it was enabled */
	uint32_t log2_taken;
	enum channel_phase phase;
	uint64_t progressed; /* ns, when something was last seen to move */
	bool is_overdue; /* too long ago; it is looked at once more before the watchdog ends it */
	struct timer watchdog, pace;
	struct nvlink_descriptor batch[BATCH];
	uint32_t batch_first, batch_count;
	struct access fetch;
	struct transfer transfer;
	struct chunk chunks[CHUNKS];
	struct nvlink_completion completion;
	struct access report;
	uint64_t transfers, failures;
};

struct engine {
	struct channel channels[NVLINK_CHANNELS_MAX];
	unsigned int next; /* whose turn it is */
	uint32_t stuck; /* transfers that will make no progress, by the lab */
	bool hangs; /* the next transfer cannot be ended, by the lab */
	struct proofs proofs;
};

void engine_init(struct model *model);

/** A bounded amount of work for every channel in turn; whether there is more that need not wait for anything. */
bool engine_run(struct model *model);

/** Every channel disabled, registers as after a reset. */
void engine_reset(struct model *model);

/** What runs stops for good: the channels are halted. */
void engine_stop(struct model *model);

/** Whether accesses of aborted transfers are still to be answered. */
bool engine_is_draining(const struct engine *engine);

/** No transfer is stuck or hangs any more. */
void engine_set_free(struct engine *engine);

/** WATCHDOG_MS was written. */
void engine_set_watchdogs(struct model *model);

uint32_t channel_read_register(const struct channel *channel, uint32_t offset);
void channel_write_register(struct channel *channel, uint32_t offset, uint32_t value);

/** Descriptors wait or are carried out, or accesses of what was aborted are still to be answered. */
bool channel_is_busy(const struct channel *channel);
bool channel_is_draining(const struct channel *channel);

/** Enables the channel or disables it, which aborts what runs. */
void channel_switch(struct channel *channel, bool on);

/** Records the newest error, and occurs the cause FAULT where an access was refused or the watchdog came. */
void channel_note_error(struct channel *channel, uint32_t error, uint64_t address);

/** Nothing more until it is disabled and enabled again. */
void channel_halt(struct channel *channel, uint32_t error, uint64_t address);

/** One step of what the channel has to do; false: it has to wait. */
bool channel_step(struct channel *channel);

/** Something moved: the watchdog waits anew. */
void channel_progress(struct channel *channel);

/** Checks the descriptor and begins with it. */
void transfer_begin(struct channel *channel, const struct nvlink_descriptor *descriptor);

/** One step; false: it has to wait. At its end the phase is CHANNEL_REPORTING. */
bool transfer_step(struct channel *channel);

/** Notes the error; the transfer ends with it as soon as nothing is on its way. */
void transfer_fail(struct channel *channel, uint32_t error, uint64_t address);

/** Gives up what does not depend on host memory; false: accesses are on their way and cannot be ended. */
bool transfer_give_up(struct channel *channel);

/** Issues the next chunk; false: it has to wait. */
bool chunk_issue(struct channel *channel);

/** Takes what has arrived; false: nothing has. */
bool chunk_collect(struct channel *channel);
bool chunks_are_free(const struct channel *channel);

/** Whether something has yet to pass its link that was slow or has much to carry. */
bool chunk_is_passing(const struct channel *channel);

/** Makes a link ready for the GPU; NULL: it has to wait, or the transfer failed. */
struct link *transfer_link(struct channel *channel, unsigned int gpu);

/** A step of a call; false: it has to wait. */
bool call_transfer_step(struct channel *channel);

#endif
