// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "command.h"
#include "model.h"
#include "number.h"

static const char *const error_kinds[LINK_ERROR_KINDS] = { "replay", "recovery", "crc_flit", "crc_data",
							   "ecc" };

static const char *fail(struct link *link, const char *count_word)
{
	uint64_t count;

	if (strcmp(count_word, "always") == 0)
		count = LINK_FAILS_ALWAYS;
	else if (strcmp(count_word, "never") == 0)
		count = 0;
	else if (!number_read(count_word, LINK_FAILS_ALWAYS - 1, &count))
		return "link N fail takes a count, always or never";
	link->failures = (uint32_t)count;
	return NULL;
}

static const char *count_errors(struct link *link, const char *kind, const char *count_word)
{
	uint64_t count;

	if (!number_read(count_word, UINT32_MAX, &count))
		return "a count of errors has 32 bits";
	for (unsigned int i = 0; i < LINK_ERROR_KINDS; i++) {
		if (strcmp(kind, error_kinds[i]) != 0)
			continue;
		link_count_errors(link, (enum link_error_kind)i, (uint32_t)count);
		return NULL;
	}
	return "errors are replay, recovery, crc_flit, crc_data or ecc";
}

static const char *limit(struct link *link, const char *speed_word)
{
	uint64_t speed;

	if (!number_read(speed_word, UINT32_MAX, &speed))
		return "a limit is a number of MB/s, 0 for none";
	link->limit = (uint32_t)speed;
	return NULL;
}

const char *command_link(struct model *model, const struct words *words, struct json *answer)
{
	const char *what = words->word[2];
	struct link *link;
	uint64_t index;

	(void)answer;
	if (!number_read(words->word[1], NVLINK_LINKS_MAX, &index) || index >= model->options.links)
		return "there is no such link";
	link = &model->links[index];
	if (words->count == 3 && (strcmp(what, "down") == 0 || strcmp(what, "up") == 0)) {
		link->partner_is_gone = what[0] == 'd';
		link_partner_changed(link);
		peer_tell_state(model, link);
		return NULL;
	}
	if (words->count == 3 && strcmp(what, "reset") == 0) {
		if (model->is_removed)
			return "the controller is removed";
		link_retrain(link);
		return NULL;
	}
	if (words->count == 4 && strcmp(what, "fail") == 0)
		return fail(link, words->word[3]);
	if (words->count == 4 && strcmp(what, "limit") == 0)
		return limit(link, words->word[3]);
	if (words->count == 5 && strcmp(what, "errors") == 0)
		return count_errors(link, words->word[3], words->word[4]);
	return "a link takes down, up, reset, fail COUNT|always|never, errors KIND COUNT or limit MBPS";
}
