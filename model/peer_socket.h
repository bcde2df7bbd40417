/* SPDX-License-Identifier: Apache-2.0 */
/* Where two models meet: unix:PATH, or tcp:ADDRESS:PORT of the loopback interface. */
#ifndef PEER_SOCKET_H
#define PEER_SOCKET_H

#include <stdbool.h>

bool peer_socket_is_address(const char *address);

/** A listening socket; -1 with errno. */
int peer_socket_listen(const char *address);

/** A connection that is being made, non-blocking; -1 with errno. */
int peer_socket_connect(const char *address);

/** Whether the connection was made. */
bool peer_socket_is_connected(int fd);

/** Removes the name of a listening socket. */
void peer_socket_remove(const char *address);

#endif
