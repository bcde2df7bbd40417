/* SPDX-License-Identifier: Apache-2.0 */
/* The control socket: lab commands, a line each. */
#ifndef CONTROL_H
#define CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#include "command.h"
#include "loop.h"
#include "outbox.h"

#define CONTROL_CLIENTS_MAX 8

struct model;

struct control_client {
	struct model *model;
	struct watcher *watcher; /* NULL: nobody */
	struct outbox outbox;
	size_t length;
	char line[COMMAND_LINE_MAX + 1];
};

struct control {
	struct watcher *listener;
	struct control_client clients[CONTROL_CLIENTS_MAX];
};

/** Begins to listen; false with errno where that cannot be. */
bool control_listen(struct model *model, const char *path);

/** Takes a connected socket as a client's; false: there are too many. */
bool control_take_connection(struct model *model, int fd);

/** Ends all connections. */
void control_close(struct control *control);

#endif
