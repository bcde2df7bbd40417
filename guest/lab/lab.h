/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest's end of the lab mailbox: BAR 2 of an emulated controller takes the commands of its control socket. It is a
 * means to break the controller while a test looks on, and no part of the contract.
 */
#ifndef NVLAB_LAB_H
#define NVLAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Where sysfs is, unless told otherwise. */
#define LAB_SYSFS "/sys"

/** Longest command, and room for the longest answer with its end. */
#define LAB_COMMAND_MAX 768
#define LAB_ANSWER_ROOM (0x1c00 + 1)

/** An open mailbox. */
struct lab {
	volatile uint32_t *mailbox;
	int resource;
	char function[512];
	bool kept_awake;
};

/**
 * lab_open() - open a controller's mailbox
 * @lab: what to fill in
 * @sysfs: where sysfs is, LAB_SYSFS
 * @controller: nvlinkN, the Nth controller of the machine by PCI address, or a PCI address as sysfs writes it
 *
 * It needs no driver. Until lab_close() the function stays awake, and other openers of the same mailbox wait.
 *
 * Return: 0, or a negative errno: -ENODEV where there is no such controller, -EIO where nothing answers.
 */
int lab_open(struct lab *lab, const char *sysfs, const char *controller);

/**
 * lab_command() - let the controller's model do something
 * @lab: an open mailbox
 * @command: words, as for the control socket
 * @answer: room for the answer, JSON
 * @room: bytes there; LAB_ANSWER_ROOM is always enough
 *
 * Return: 0 done, 1 refused (@answer says why), or a negative errno: -E2BIG, -EIO, -ETIMEDOUT, -ENOBUFS.
 */
int lab_command(struct lab *lab, const char *command, char *answer, size_t room);

/** lab_close() - give the mailbox back */
void lab_close(struct lab *lab);

#endif
