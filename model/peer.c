// SPDX-License-Identifier: Apache-2.0
/* The connection with the other machine's model, and the framing of messages. */
#include "peer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "model.h"
#include "peer_socket.h"

#define OUTBOX_BYTES (8u << 20)
#define AGAIN_NS (200 * NS_PER_MS)
/** A model greets at once; whoever does not keeps another machine from its place no longer than this. */
#define GREETING_NS (2 * NS_PER_S)

static void try_to_connect(void *owner);

static bool is_host_link(const struct model *model, unsigned int index)
{
	return model->options.link[index].peer == NVLINK_PEER_HOST;
}

struct link *peer_port(struct model *model, unsigned int port)
{
	for (unsigned int i = 0; i < model->options.links; i++) {
		if (is_host_link(model, i) && port-- == 0)
			return &model->links[i];
	}
	return NULL;
}

static unsigned int port_of(const struct model *model, const struct link *link)
{
	unsigned int port = 0;

	for (unsigned int i = 0; i < link->index; i++)
		port += is_host_link(model, i);
	return port;
}

static unsigned int count_ports(const struct model *model)
{
	unsigned int ports = 0;

	for (unsigned int i = 0; i < model->options.links; i++)
		ports += is_host_link(model, i);
	return ports;
}

bool peer_send(struct model *model, struct peer_header header, const void *body)
{
	struct peer *peer = &model->peer;

	if (peer->connection == NULL)
		return false;
	header.magic = PEER_MAGIC;
	if (!outbox_send(&peer->outbox, peer->connection->fd, &header, sizeof(header), body, header.length)) {
		/* Dropped where nothing else is in the middle of using the connection: the next poll says so. */
		shutdown(peer->connection->fd, SHUT_RDWR);
		return false;
	}
	peer->connection->events = (short)(POLLIN | (outbox_is_empty(&peer->outbox) ? 0 : POLLOUT));
	return true;
}

void peer_tell_state(struct model *model, const struct link *link)
{
	/* What the lab parted sees nothing of the other end, on either side. */
	uint32_t state = link->partner_is_gone ? NVLINK_STATE_OFF : link->state;
	unsigned int port;

	if (!model->peer.has_greeted || !is_host_link(model, link->index))
		return;
	port = port_of(model, link);
	if (port < model->peer.ports)
		peer_send(model,
			  (struct peer_header){ .kind = PEER_STATE, .port = (uint16_t)port, .argument = state },
			  NULL);
}

void peer_drop(struct model *model)
{
	struct peer *peer = &model->peer;

	if (peer->connection == NULL)
		return;
	loop_close(peer->connection);
	peer->connection = NULL;
	timer_cancel(&model->loop, &peer->greeting);
	peer->has_greeted = peer->is_connecting = false;
	peer->received = 0;
	outbox_clear(&peer->outbox);
	for (unsigned int i = 0; i < PEER_JOBS_MAX; i++)
		peer->jobs[i].is_taken = false;
	peer_fail_all(model);
	for (unsigned int i = 0; i < model->options.links; i++) {
		if (!is_host_link(model, i))
			continue;
		model->links[i].partner_state = NVLINK_STATE_OFF;
		link_partner_changed(&model->links[i]);
	}
	if (model->options.peer_connect != NULL)
		timer_set(&model->loop, &peer->again, AGAIN_NS);
}

static bool greet(struct model *model, const struct peer_header *header)
{
	struct peer *peer = &model->peer;
	unsigned int ours = count_ports(model);

	if (header->kind != PEER_HELLO || header->argument != PEER_VERSION || header->length != 0)
		return false;
	peer->ports = header->count < ours ? header->count : ours;
	peer->has_greeted = true;
	timer_cancel(&model->loop, &peer->greeting);
	for (unsigned int port = 0; port < peer->ports; port++)
		peer_tell_state(model, peer_port(model, port));
	return true;
}

static ssize_t receive(int fd, void *data, size_t size)
{
	ssize_t got = recv(fd, data, size, MSG_DONTWAIT);

	if (got < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
	return got == 0 ? -1 : got;
}

/** 1: something was received, 0: nothing is there, -1: the connection is of no use. */
static int receive_more(struct model *model)
{
	struct peer *peer = &model->peer;
	const size_t head = sizeof(peer->header);
	ssize_t got;
	bool is_right;

	if (peer->received < head)
		got = receive(peer->connection->fd, (char *)&peer->header + peer->received,
			      head - peer->received);
	else
		got = receive(peer->connection->fd, peer->body + (peer->received - head),
			      head + peer->header.length - peer->received);
	if (got <= 0)
		return (int)got;
	peer->received += (size_t)got;
	if (peer->received < head)
		return 1;
	if (peer->header.magic != PEER_MAGIC || peer->header.length > PEER_DATA_MAX)
		return -1;
	if (peer->received < head + peer->header.length)
		return 1;
	peer->received = 0;
	is_right = peer->has_greeted ? peer_handle(model, &peer->header, peer->body)
				     : greet(model, &peer->header);
	return is_right ? 1 : -1;
}

static void ready(void *owner, short events)
{
	struct model *model = owner;
	struct peer *peer = &model->peer;
	int result = 1;

	if (peer->is_connecting) {
		if (!peer_socket_is_connected(peer->connection->fd)) {
			peer_drop(model);
			return;
		}
		peer->is_connecting = false;
		peer_send(model,
			  (struct peer_header){
				  .kind = PEER_HELLO, .argument = PEER_VERSION, .count = count_ports(model) },
			  NULL);
	}
	if ((events & POLLOUT) != 0 && !outbox_flush(&peer->outbox, peer->connection->fd))
		result = -1;
	peer->connection->events = (short)(POLLIN | (outbox_is_empty(&peer->outbox) ? 0 : POLLOUT));
	for (int i = 0; i < 64 && result > 0; i++)
		result = receive_more(model);
	if (result < 0)
		peer_drop(model);
}

static void lose_patience(void *owner)
{
	peer_drop(owner);
}

bool peer_take_connection(struct model *model, int fd)
{
	struct peer *peer = &model->peer;
	/* One other machine at a time. */
	struct watcher *watcher = peer->connection == NULL ? loop_watch(&model->loop, fd, ready, model) : NULL;

	if (watcher == NULL) {
		close(fd);
		return false;
	}
	outbox_init(&peer->outbox, OUTBOX_BYTES);
	peer->connection = watcher;
	peer->greeting = (struct timer){ .fire = lose_patience, .owner = model };
	timer_set(&model->loop, &peer->greeting, GREETING_NS);
	/* A connection that is being made is writable when it is there. */
	peer->is_connecting = true;
	watcher->events = POLLOUT;
	return true;
}

static void connecting(void *owner, short events)
{
	struct model *model = owner;
	int fd = accept4(model->peer.listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)events;
	if (fd >= 0)
		peer_take_connection(model, fd);
}

static void try_to_connect(void *owner)
{
	struct model *model = owner;
	int fd = peer_socket_connect(model->options.peer_connect);

	if (fd < 0 || !peer_take_connection(model, fd))
		timer_set(&model->loop, &model->peer.again, AGAIN_NS);
}

bool peer_start(struct model *model)
{
	struct peer *peer = &model->peer;
	const struct options *options = &model->options;
	int fd;

	peer->again = (struct timer){ .fire = try_to_connect, .owner = model };
	if (options->peer_connect != NULL) {
		if (!peer_socket_is_address(options->peer_connect)) {
			fprintf(stderr, "nvlink-model: %s is neither unix:PATH nor tcp:127.0.0.1:PORT\n",
				options->peer_connect);
			return false;
		}
		try_to_connect(model);
	}
	if (options->peer_listen == NULL)
		return true;
	fd = peer_socket_listen(options->peer_listen);
	if (fd < 0) {
		fprintf(stderr, "nvlink-model: cannot listen at %s: %s\n", options->peer_listen,
			strerror(errno));
		return false;
	}
	peer->listener = loop_watch(&model->loop, fd, connecting, model);
	return true;
}

void peer_close(struct model *model)
{
	const char *address = model->options.peer_listen;

	peer_drop(model);
	timer_cancel(&model->loop, &model->peer.again);
	if (model->peer.listener == NULL)
		return;
	loop_close(model->peer.listener);
	model->peer.listener = NULL;
	peer_socket_remove(address);
}
