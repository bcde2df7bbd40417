/* SPDX-License-Identifier: Apache-2.0 */
/* The connection with QEMU: its socket, the framing of messages, replies. */
#ifndef VFIO_H
#define VFIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dma.h"
#include "loop.h"
#include "outbox.h"
#include "vfio_protocol.h"

struct model;

/** A message that is being received, or was. */
struct vfio_message {
	struct vfio_header header;
	size_t received; /* bytes of header and body so far */
	int files[VFIO_FILES_MAX];
	size_t file_count;
	uint8_t body[VFIO_BODY_MAX];
};

struct vfio {
	struct watcher *listener;
	struct watcher *connection; /* NULL: QEMU is not there */
	bool negotiated; /* versions were exchanged */
	struct timer greeting; /* QEMU has until then to exchange them */
	struct outbox outbox;
	struct dma dma;
	struct vfio_message message;
};

/** Begins to listen; false with errno where that cannot be. */
bool vfio_listen(struct model *model, const char *path);

/** Takes a connected socket as QEMU's. */
bool vfio_take_connection(struct model *model, int fd);

/** Ends the connection: what waits for host memory fails, interrupts are gone. */
void vfio_drop(struct model *model);

/** Sends header and up to two parts of a body; a socket that is broken drops the connection. */
bool vfio_send(struct model *model, struct vfio_header *header, const void *fixed, size_t fixed_size,
	       const void *data, size_t data_size);

/** Answers a request, unless it wants no answer. */
void vfio_reply(struct model *model, const struct vfio_header *request, const void *fixed, size_t fixed_size,
		const void *data, size_t data_size);
void vfio_reply_error(struct model *model, const struct vfio_header *request, int error);

/** Carries out a complete request; false: it is against the protocol. Files that it takes are set to -1. */
bool vfio_handle_request(struct model *model, struct vfio_message *message);

#endif
