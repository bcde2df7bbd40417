/* SPDX-License-Identifier: Apache-2.0 */
/* The lab mailbox in BAR 2: lab commands from inside the guest. Works while the controller is removed. */
#ifndef MAILBOX_H
#define MAILBOX_H

#include <stdint.h>

#include "contract.h"

struct model;

struct mailbox {
	uint8_t bytes[NVLINK_PCI_BAR2_SIZE];
};

/** Accesses of any size inside the BAR. */
void mailbox_read(const struct mailbox *mailbox, uint32_t offset, uint32_t count, uint8_t *data);

/** Writing the length of the text at offset 0 executes it. */
void mailbox_write(struct model *model, uint32_t offset, uint32_t count, const uint8_t *data);

#endif
