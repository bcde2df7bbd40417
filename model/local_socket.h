/* SPDX-License-Identifier: Apache-2.0 */
/* Unix sockets with a name in the file system. */
#ifndef LOCAL_SOCKET_H
#define LOCAL_SOCKET_H

#include <stdbool.h>

/**
 * A listening socket at the path, for this user only. A socket that nobody listens on any more is replaced; one
 * that is in use, or another kind of file, is not. -1 with errno.
 */
int local_listen(const char *path);

/** A connection to the path, non-blocking; -1 with errno. */
int local_connect(const char *path);

/** The next connection, non-blocking; -1: there is none. */
int local_accept(int listener);

#endif
