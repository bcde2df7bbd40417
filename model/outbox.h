/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be sent on a socket that does not take it at once. Bounded: who does not read is cut off. */
#ifndef OUTBOX_H
#define OUTBOX_H

#include <stdbool.h>
#include <stddef.h>

struct outbox {
	unsigned char *data;
	size_t begin, end, capacity;
	size_t limit; /* bytes that may wait */
};

void outbox_init(struct outbox *outbox, size_t limit);
void outbox_clear(struct outbox *outbox);

/** Sends head and then body, or keeps what the socket does not take; false: the connection is of no use any more. */
bool outbox_send(struct outbox *outbox, int fd, const void *head, size_t head_size, const void *body,
		 size_t body_size);

/** The socket takes data again; false: the connection is of no use any more. */
bool outbox_flush(struct outbox *outbox, int fd);

static inline bool outbox_is_empty(const struct outbox *outbox)
{
	return outbox->begin == outbox->end;
}

#endif
