// SPDX-License-Identifier: Apache-2.0
#include "outbox.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

void outbox_init(struct outbox *outbox, size_t limit)
{
	*outbox = (struct outbox){ .limit = limit };
}

void outbox_clear(struct outbox *outbox)
{
	free(outbox->data);
	outbox_init(outbox, outbox->limit);
}

/** Bytes that the socket took; -1: it is broken. */
static ssize_t send_now(int fd, const void *head, size_t head_size, const void *body, size_t body_size)
{
	struct iovec parts[] = {
		{ .iov_base = (void *)(uintptr_t)head, .iov_len = head_size },
		{ .iov_base = (void *)(uintptr_t)body, .iov_len = body_size },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t sent;

	do {
		sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	} while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
	return sent;
}

static bool make_room(struct outbox *outbox, size_t more)
{
	size_t used = outbox->end - outbox->begin;
	size_t capacity = outbox->capacity;
	unsigned char *data;

	if (more > outbox->limit - used)
		return false;
	if (outbox->begin > 0) {
		memmove(outbox->data, outbox->data + outbox->begin, used);
		outbox->begin = 0;
		outbox->end = used;
	}
	if (used + more <= capacity)
		return true;
	while (capacity < used + more)
		capacity = capacity == 0 ? 4096 : capacity * 2;
	data = realloc(outbox->data, capacity);
	if (data == NULL)
		return false;
	outbox->data = data;
	outbox->capacity = capacity;
	return true;
}

static bool keep(struct outbox *outbox, const void *data, size_t size)
{
	if (size == 0)
		return true;
	if (!make_room(outbox, size))
		return false;
	memcpy(outbox->data + outbox->end, data, size);
	outbox->end += size;
	return true;
}

bool outbox_send(struct outbox *outbox, int fd, const void *head, size_t head_size, const void *body,
		 size_t body_size)
{
	size_t sent = 0;

	if (outbox_is_empty(outbox)) {
		ssize_t now = send_now(fd, head, head_size, body, body_size);

		if (now < 0)
			return false;
		sent = (size_t)now;
	}
	if (sent == head_size + body_size)
		return true;
	if (sent >= head_size)
		return keep(outbox, (const char *)body + (sent - head_size), body_size - (sent - head_size));
	return keep(outbox, (const char *)head + sent, head_size - sent) && keep(outbox, body, body_size);
}

bool outbox_flush(struct outbox *outbox, int fd)
{
	while (!outbox_is_empty(outbox)) {
		ssize_t sent = send_now(fd, outbox->data + outbox->begin, outbox->end - outbox->begin, NULL, 0);

		if (sent < 0)
			return false;
		if (sent == 0)
			return true;
		outbox->begin += (size_t)sent;
	}
	outbox->begin = outbox->end = 0;
	return true;
}
