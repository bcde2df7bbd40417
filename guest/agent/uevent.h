/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NVLAB_UEVENT_H
#define NVLAB_UEVENT_H

#include <stdbool.h>
#include <stddef.h>

/** uevent_open() - a socket that gets the kernel's uevents, or -1 with errno */
int uevent_open(void);

/**
 * uevent_concerns_us() - whether a message is a uevent of an NVLink class device
 * @message: bytes of any kind
 * @length: number of them
 */
bool uevent_concerns_us(const char *message, size_t length);

/**
 * uevent_drain() - take all messages that wait
 * @source: socket of uevent_open(), or one over which somebody forwards uevents
 * @forwarded: it is the latter
 * @closed: set where nothing will ever come again
 *
 * Return: whether there was one that concerns us, or some were lost.
 */
bool uevent_drain(int source, bool forwarded, bool *closed);

#endif
