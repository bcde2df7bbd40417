/* SPDX-License-Identifier: Apache-2.0 */
/* A second process, and handing files to it. */
#ifndef NVLAB_SHARE_H
#define NVLAB_SHARE_H

#include <stdbool.h>
#include <sys/types.h>

/** Run `work` with its end of a socket pair in a process of its own; the exit status is 0 where it gives true. */
pid_t process_start(bool (*work)(int socket), int *socket);
/** It ended by itself and gave true. */
bool process_succeeded(pid_t process);

bool send_file(int socket, int file);
/** -1 with errno. */
int receive_file(int socket);
/** One byte, for turns. */
bool tell(int socket);
bool await(int socket);

#endif
