// SPDX-License-Identifier: Apache-2.0
#include "vfio.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "local_socket.h"
#include "model.h"

/** All that the engine may have in flight, and replies beside it; QEMU asks for one thing at a time. */
#define OUTBOX_BYTES (16u << 20)

/** QEMU negotiates at once; whoever does not keeps it from its place no longer than this. */
#define GREETING_NS (10 * NS_PER_S)

static void close_files(struct vfio_message *message)
{
	for (size_t i = 0; i < message->file_count; i++) {
		if (message->files[i] >= 0)
			close(message->files[i]);
	}
	message->file_count = 0;
}

void vfio_drop(struct model *model)
{
	struct vfio *vfio = &model->vfio;
	bool was_used = vfio->negotiated;

	if (vfio->connection == NULL)
		return;
	loop_close(vfio->connection);
	vfio->connection = NULL;
	vfio->negotiated = false;
	timer_cancel(&model->loop, &vfio->greeting);
	outbox_clear(&vfio->outbox);
	close_files(&vfio->message);
	vfio->message.received = 0;
	irq_release_all(&model->irq);
	dma_fail_all(model);
	if (was_used)
		device_lost_host(model);
}

bool vfio_send(struct model *model, struct vfio_header *header, const void *fixed, size_t fixed_size,
	       const void *data, size_t data_size)
{
	struct vfio *vfio = &model->vfio;
	unsigned char head[sizeof(*header) + 64];

	if (vfio->connection == NULL)
		return false;
	header->size = (uint32_t)(sizeof(*header) + fixed_size + data_size);
	memcpy(head, header, sizeof(*header));
	if (fixed_size > 0)
		memcpy(head + sizeof(*header), fixed, fixed_size);
	if (!outbox_send(&vfio->outbox, vfio->connection->fd, head, sizeof(*header) + fixed_size, data,
			 data_size)) {
		/* Dropped where nothing else is in the middle of using the connection: the next poll says so. */
		shutdown(vfio->connection->fd, SHUT_RDWR);
		return false;
	}
	vfio->connection->events = (short)(POLLIN | (outbox_is_empty(&vfio->outbox) ? 0 : POLLOUT));
	return true;
}

void vfio_reply(struct model *model, const struct vfio_header *request, const void *fixed, size_t fixed_size,
		const void *data, size_t data_size)
{
	struct vfio_header header = { .id = request->id,
				      .command = request->command,
				      .flags = VFIO_TYPE_REPLY };

	if ((request->flags & VFIO_NO_REPLY) == 0)
		vfio_send(model, &header, fixed, fixed_size, data, data_size);
}

void vfio_reply_error(struct model *model, const struct vfio_header *request, int error)
{
	struct vfio_header header = {
		.id = request->id,
		.command = request->command,
		.flags = VFIO_TYPE_REPLY | VFIO_ERROR,
		.error = (uint32_t)error,
	};

	if ((request->flags & VFIO_NO_REPLY) == 0)
		vfio_send(model, &header, NULL, 0, NULL, 0);
}

/** Reads at most `size` bytes, and the files that came with them; 0: nothing now, -1: the connection is over. */
static ssize_t receive(int fd, void *data, size_t size, struct vfio_message *message)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(VFIO_FILES_MAX * sizeof(int))];
	} control;
	struct iovec part = { .iov_base = data, .iov_len = size };
	struct msghdr received = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	ssize_t got = recvmsg(fd, &received, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (got < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
	if (got == 0)
		return -1;
	for (struct cmsghdr *part_of = CMSG_FIRSTHDR(&received); part_of != NULL;
	     part_of = CMSG_NXTHDR(&received, part_of)) {
		size_t count = (part_of->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		int files[VFIO_FILES_MAX];

		if (part_of->cmsg_level != SOL_SOCKET || part_of->cmsg_type != SCM_RIGHTS)
			continue;
		memcpy(files, CMSG_DATA(part_of), count * sizeof(int));
		for (size_t i = 0; i < count; i++) {
			if (message->file_count < VFIO_FILES_MAX)
				message->files[message->file_count++] = files[i];
			else
				close(files[i]);
		}
	}
	return got;
}

static bool is_acceptable(const struct vfio *vfio, const struct vfio_header *header)
{
	uint32_t type = header->flags & VFIO_TYPE_MASK;

	if (header->size < sizeof(*header) || header->size > sizeof(*header) + VFIO_BODY_MAX)
		return false;
	if (type == VFIO_TYPE_REPLY)
		return vfio->negotiated;
	return type == VFIO_TYPE_REQUEST && (vfio->negotiated || header->command == VFIO_VERSION);
}

static bool handle(struct model *model, struct vfio_message *message)
{
	bool is_right;

	if ((message->header.flags & VFIO_TYPE_MASK) == VFIO_TYPE_REPLY)
		is_right = dma_handle_reply(model, message);
	else
		is_right = vfio_handle_request(model, message);
	close_files(message);
	message->received = 0;
	return is_right;
}

/** Goes on receiving the message; 1: something was received, 0: nothing is there, -1: the connection is of no use. */
static int receive_more(struct model *model)
{
	struct vfio *vfio = &model->vfio;
	struct vfio_message *message = &vfio->message;
	size_t head = sizeof(message->header);
	bool in_head = message->received < head;
	ssize_t got;

	/* Never past the header in one go: files belong to the message whose header they came with. */
	if (in_head)
		got = receive(vfio->connection->fd, (char *)&message->header + message->received,
			      head - message->received, message);
	else
		got = receive(vfio->connection->fd, message->body + (message->received - head),
			      message->header.size - message->received, message);
	if (got <= 0)
		return (int)got;
	message->received += (size_t)got;
	if (message->received < head)
		return 1;
	if (in_head && !is_acceptable(vfio, &message->header))
		return -1;
	if (message->received == message->header.size && !handle(model, message))
		return -1;
	return 1;
}

static void ready(void *owner, short events)
{
	struct model *model = owner;
	struct vfio *vfio = &model->vfio;
	int result = 1;

	if ((events & POLLOUT) != 0 && !outbox_flush(&vfio->outbox, vfio->connection->fd))
		result = -1;
	vfio->connection->events = (short)(POLLIN | (outbox_is_empty(&vfio->outbox) ? 0 : POLLOUT));
	/* Bounded, so that a flood of messages leaves time for everything else. */
	for (int i = 0; i < 64 && result > 0; i++)
		result = receive_more(model);
	if (result < 0)
		vfio_drop(model);
}

static void lose_patience(void *owner)
{
	vfio_drop(owner);
}

bool vfio_take_connection(struct model *model, int fd)
{
	struct vfio *vfio = &model->vfio;
	/* One QEMU at a time. */
	struct watcher *watcher = vfio->connection == NULL ? loop_watch(&model->loop, fd, ready, model) : NULL;

	if (watcher == NULL) {
		close(fd);
		return false;
	}
	vfio->connection = watcher;
	vfio->greeting = (struct timer){ .fire = lose_patience, .owner = model };
	timer_set(&model->loop, &vfio->greeting, GREETING_NS);
	return true;
}

static void connecting(void *owner, short events)
{
	struct model *model = owner;
	int fd = local_accept(model->vfio.listener->fd);

	(void)events;
	if (fd >= 0)
		vfio_take_connection(model, fd);
}

bool vfio_listen(struct model *model, const char *path)
{
	int fd = local_listen(path);

	outbox_init(&model->vfio.outbox, OUTBOX_BYTES);
	if (fd >= 0)
		model->vfio.listener = loop_watch(&model->loop, fd, connecting, model);
	return fd >= 0;
}
