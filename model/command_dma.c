// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "command.h"
#include "model.h"
#include "number.h"

const char *command_dma(struct model *model, const struct words *words, struct json *answer)
{
	const char *what = words->word[1];
	uint64_t count;

	(void)answer;
	if (words->count == 3 && strcmp(what, "stuck") == 0) {
		if (!number_read(words->word[2], UINT32_MAX, &count))
			return "dma stuck takes a count of transfers";
		model->engine.stuck = (uint32_t)count;
		return NULL;
	}
	if (words->count == 2 && strcmp(what, "hang") == 0) {
		model->engine.hangs = true;
		return NULL;
	}
	if (words->count == 2 && strcmp(what, "free") == 0) {
		engine_set_free(&model->engine);
		return NULL;
	}
	return "dma takes stuck COUNT, hang or free";
}
