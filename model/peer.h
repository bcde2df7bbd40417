/* SPDX-License-Identifier: Apache-2.0 */
/* The other machine's model, where host links lead. The n-th host link here is the n-th host link there. */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call.h"
#include "loop.h"
#include "outbox.h"
#include "vfio_protocol.h"

#define PEER_DATA_MAX VFIO_DATA_MAX
#define PEER_REQUESTS_MAX 64 /* that we ask for at once */
#define PEER_JOBS_MAX 8 /* of the other side that run at once */

struct model;
struct link;

/** Where the answer to a remote request goes. */
struct peer_waiter {
	void (*done)(struct peer_waiter *waiter, uint32_t error, const uint8_t *data, uint32_t length);
};

enum peer_kind { PEER_HELLO = 1, PEER_STATE, PEER_READ, PEER_WRITE, PEER_CALL, PEER_ANSWER, PEER_KINDS };

/** Every message begins so; little endian. */
struct peer_header {
	uint32_t magic;
	uint16_t kind;
	uint16_t port; /* which of the host links it passes */
	uint32_t id; /* of a request, and of its answer */
	uint32_t length; /* bytes that follow */
	uint32_t argument; /* HELLO: version; STATE: the state; requests: the GPU; ANSWER: the error */
	uint32_t count; /* HELLO: host links; READ: bytes wanted */
	uint64_t offset; /* READ, WRITE: in the GPU's memory */
};

struct peer_slot {
	struct peer_waiter *waiter; /* NULL: free */
	uint32_t id;
	struct link *link;
	uint32_t sent, wanted; /* bytes of request and answer, for the link's counters */
};

/** A call of the other side. */
struct peer_job {
	bool is_taken;
	uint32_t id;
	unsigned int gpu;
	uint16_t port;
	struct call call;
};

#define PEER_MAGIC 0x4e564c50u
#define PEER_VERSION 1u

struct peer {
	struct watcher *listener;
	struct watcher *connection;
	bool is_connecting, has_greeted;
	unsigned int ports; /* host links on both sides */
	struct timer again; /* tries to connect */
	struct timer greeting; /* the other side has until then to say who it is */
	struct outbox outbox;
	struct peer_slot slots[PEER_REQUESTS_MAX];
	struct peer_job jobs[PEER_JOBS_MAX];
	uint32_t next_id;
	size_t received;
	struct peer_header header;
	uint8_t body[PEER_DATA_MAX];
};

/** Begins to listen or to connect, as the options say; false, with a reason on stderr. */
bool peer_start(struct model *model);
void peer_close(struct model *model);

/** Takes a connected socket as the other machine's. */
bool peer_take_connection(struct model *model, int fd);

/** Whether the other model is there. */
static inline bool peer_is_there(const struct peer *peer)
{
	return peer->has_greeted;
}

/** Tells the other side the state of a host link, OFF where the lab parted the two ends. */
void peer_tell_state(struct model *model, const struct link *link);

/** Requests over a host link; false: not now. The waiter hears of it later, never from within. */
bool peer_read(struct model *model, struct link *link, struct peer_waiter *waiter, unsigned int gpu,
	       uint64_t offset, uint32_t length);
bool peer_write(struct model *model, struct link *link, struct peer_waiter *waiter, unsigned int gpu,
		uint64_t offset, const uint8_t *data, uint32_t length);
bool peer_call(struct model *model, struct link *link, struct peer_waiter *waiter, unsigned int gpu,
	       const struct nvlink_call *request);

/** The waiter does not want to hear any more. */
void peer_forget(struct model *model, const struct peer_waiter *waiter);

/** A slice of the other side's calls; whether there is more. */
bool peer_run_calls(struct model *model);

/** Carries out a complete message; false: it is against the protocol. */
bool peer_handle(struct model *model, const struct peer_header *header, const uint8_t *body);

/** The n-th host link; NULL: there is none. */
struct link *peer_port(struct model *model, unsigned int port);

/** What waits for the other machine hears that it is gone. */
void peer_fail_all(struct model *model);

/** The connection is over. */
void peer_drop(struct model *model);

/** Sends a message; a broken socket is noticed later. */
bool peer_send(struct model *model, struct peer_header header, const void *body);

#endif
