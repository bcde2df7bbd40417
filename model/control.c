// SPDX-License-Identifier: Apache-2.0
#include "control.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "local_socket.h"
#include "model.h"

/** Answers that a client has not read yet. */
#define OUTBOX_BYTES (256u << 10)

static void drop(struct control_client *client)
{
	loop_close(client->watcher);
	client->watcher = NULL;
	outbox_clear(&client->outbox);
}

/** Carries out the complete lines; false: the client does not read its answers. */
static bool run_lines(struct control_client *client)
{
	char answer[COMMAND_ANSWER_MAX + 1];
	char *end;

	while ((end = memchr(client->line, '\n', client->length)) != NULL) {
		size_t length = (size_t)(end - client->line);
		size_t size = command_run(client->model, client->line, length, answer, COMMAND_ANSWER_MAX);

		answer[size] = '\n';
		client->length -= length + 1;
		memmove(client->line, end + 1, client->length);
		if (!outbox_send(&client->outbox, client->watcher->fd, answer, size + 1, NULL, 0))
			return false;
	}
	/* A line that long is none. */
	return client->length < sizeof(client->line);
}

static void ready(void *owner, short events)
{
	struct control_client *client = owner;
	ssize_t got;

	if ((events & POLLOUT) != 0 && !outbox_flush(&client->outbox, client->watcher->fd)) {
		drop(client);
		return;
	}
	if ((events & ~POLLOUT) != 0) {
		got = recv(client->watcher->fd, client->line + client->length,
			   sizeof(client->line) - client->length, 0);
		if (got > 0)
			client->length += (size_t)got;
		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR) || !run_lines(client)) {
			drop(client);
			return;
		}
	}
	client->watcher->events = (short)(POLLIN | (outbox_is_empty(&client->outbox) ? 0 : POLLOUT));
}

bool control_take_connection(struct model *model, int fd)
{
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		struct control_client *client = &model->control.clients[i];

		if (client->watcher != NULL)
			continue;
		client->model = model;
		client->length = 0;
		outbox_init(&client->outbox, OUTBOX_BYTES);
		client->watcher = loop_watch(&model->loop, fd, ready, client);
		if (client->watcher != NULL)
			return true;
	}
	close(fd);
	return false;
}

static void connecting(void *owner, short events)
{
	struct model *model = owner;
	int fd = local_accept(model->control.listener->fd);

	(void)events;
	if (fd >= 0)
		control_take_connection(model, fd);
}

bool control_listen(struct model *model, const char *path)
{
	int fd = local_listen(path);

	if (fd >= 0)
		model->control.listener = loop_watch(&model->loop, fd, connecting, model);
	return fd >= 0;
}

void control_close(struct control *control)
{
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (control->clients[i].watcher != NULL)
			drop(&control->clients[i]);
	}
	loop_close(control->listener);
	control->listener = NULL;
}
