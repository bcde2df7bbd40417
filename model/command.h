/* SPDX-License-Identifier: Apache-2.0 */
/* Lab commands: a line of words in, a line of JSON out. From the control socket or from inside the guest. */
#ifndef COMMAND_H
#define COMMAND_H

#include <stddef.h>

#include "json.h"

#define COMMAND_LINE_MAX 1024
#define COMMAND_ANSWER_MAX 32768
#define COMMAND_WORDS_MAX 6

struct model;

/** The words of one line. */
struct words {
	unsigned int count;
	const char *word[COMMAND_WORDS_MAX];
};

/**
 * Carries out a line of `length` bytes, without its newline. Returns the length of the answer, which has no newline
 * either.
 */
size_t command_run(struct model *model, const char *line, size_t length, char *answer, size_t room);

/** The commands about one thing each; NULL: done, else what is wrong. */
const char *command_link(struct model *model, const struct words *words, struct json *answer);
const char *command_gpu(struct model *model, const struct words *words, struct json *answer);
const char *command_dma(struct model *model, const struct words *words, struct json *answer);

/** Everything that there is to know. */
void command_status(struct model *model, struct json *answer);

#endif
