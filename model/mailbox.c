// SPDX-License-Identifier: Apache-2.0
#include "mailbox.h"

#include <string.h>

#include "command.h"
#include "model.h"

#define LENGTH_AT 0x0u
#define ANSWER_LENGTH_AT 0x4u
#define TEXT_AT 0x100u
#define ANSWER_AT 0x400u
#define ANSWER_BYTES (NVLINK_PCI_BAR2_SIZE - ANSWER_AT)

void mailbox_read(const struct mailbox *mailbox, uint32_t offset, uint32_t count, uint8_t *data)
{
	memcpy(data, mailbox->bytes + offset, count);
}

static void execute(struct model *model, uint32_t length)
{
	struct mailbox *mailbox = &model->mailbox;
	char answer[ANSWER_BYTES + 1]; /* with the zero byte at its end */
	uint32_t size;

	if (length > ANSWER_AT - TEXT_AT)
		length = ANSWER_AT - TEXT_AT;
	size = (uint32_t)command_run(model, (const char *)mailbox->bytes + TEXT_AT, length, answer,
				     sizeof(answer));
	memcpy(mailbox->bytes + ANSWER_AT, answer, size);
	memcpy(mailbox->bytes + ANSWER_LENGTH_AT, &size, sizeof(size));
}

void mailbox_write(struct model *model, uint32_t offset, uint32_t count, const uint8_t *data)
{
	uint32_t length;

	if (offset == LENGTH_AT && count == sizeof(length)) {
		memcpy(&length, data, sizeof(length));
		execute(model, length);
	} else if (offset >= TEXT_AT && offset < ANSWER_AT && count <= ANSWER_AT - offset) {
		memcpy(model->mailbox.bytes + offset, data, count);
	}
}
