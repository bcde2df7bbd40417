// SPDX-License-Identifier: Apache-2.0
#include "command.h"

#include <string.h>

#include "model.h"
#include "number.h"

static const char *run_status(struct model *model, const struct words *words, struct json *answer)
{
	(void)words;
	command_status(model, answer);
	return NULL;
}

static const char *run_fatal(struct model *model, const struct words *words, struct json *answer)
{
	(void)words;
	(void)answer;
	device_stop_fatally(model);
	return NULL;
}

static const char *run_remove(struct model *model, const struct words *words, struct json *answer)
{
	(void)words;
	(void)answer;
	device_remove(model);
	return NULL;
}

static const char *run_insert(struct model *model, const struct words *words, struct json *answer)
{
	(void)words;
	(void)answer;
	device_insert(model);
	return NULL;
}

static const char *run_reset(struct model *model, const struct words *words, struct json *answer)
{
	(void)words;
	(void)answer;
	if (model->is_removed)
		return "the controller is removed";
	device_start_reset(model);
	return NULL;
}

static const char *run_quit(struct model *model, const struct words *words, struct json *answer)
{
	(void)words;
	(void)answer;
	model->has_to_quit = true;
	return NULL;
}

static const char *run_contract(struct model *model, const struct words *words, struct json *answer)
{
	char major_word[8];
	const char *dot = strchr(words->word[1], '.');
	uint64_t major, minor;
	size_t length = dot == NULL ? 0 : (size_t)(dot - words->word[1]);

	(void)answer;
	if (length == 0 || length >= sizeof(major_word))
		return "contract takes MAJOR.MINOR";
	memcpy(major_word, words->word[1], length);
	major_word[length] = '\0';
	if (!number_read(major_word, UINT16_MAX, &major) || !number_read(dot + 1, UINT16_MAX, &minor))
		return "contract takes MAJOR.MINOR";
	model->global.contract = (uint32_t)(major << NVLINK_GLOBAL_CONTRACT_MAJOR_SHIFT | minor);
	return NULL;
}

static const char *run_register(struct model *model, const struct words *words, struct json *answer)
{
	uint64_t offset, value;

	if (!number_read(words->word[1], NVLINK_PCI_BAR0_SIZE - 4, &offset) || offset % 4 != 0)
		return "a register's offset is a multiple of 4 in the register file";
	if (words->count == 2) {
		registers_tell_truth(model, (uint32_t)offset);
		json_number(answer, "value", registers_read(model, (uint32_t)offset));
		return NULL;
	}
	if (!number_read(words->word[2], UINT32_MAX, &value))
		return "a register has 32 bits";
	return registers_lie(model, (uint32_t)offset, (uint32_t)value) ? NULL : "too many registers lie already";
}

static const char *run_doorbell(struct model *model, const struct words *words, struct json *answer)
{
	uint64_t gpu, value;

	(void)answer;
	if (!number_read(words->word[1], NVLINK_GPUS_MAX, &gpu) || gpu >= model->options.gpus)
		return "there is no such GPU";
	if (!number_read(words->word[2], UINT32_MAX, &value))
		return "a doorbell's value has 32 bits";
	if (!model->is_removed)
		gpu_ring_host(&model->gpus[gpu], (uint32_t)value);
	return NULL;
}

static const struct known {
	const char *name;
	unsigned int least, most; /* words, the name included */
	const char *(*run)(struct model *model, const struct words *words, struct json *answer);
} commands[] = {
	{ "status", 1, 1, run_status },
	{ "link", 3, 5, command_link },
	{ "gpu", 5, 5, command_gpu },
	{ "dma", 2, 3, command_dma },
	{ "doorbell", 3, 3, run_doorbell },
	{ "register", 2, 3, run_register },
	{ "contract", 2, 2, run_contract },
	{ "fatal", 1, 1, run_fatal },
	{ "remove", 1, 1, run_remove },
	{ "insert", 1, 1, run_insert },
	{ "reset", 1, 1, run_reset },
	{ "quit", 1, 1, run_quit },
};

/** Splits the line in place; false: more words than any command has. */
static bool split(char *line, struct words *words)
{
	char *rest = NULL;

	words->count = 0;
	for (char *word = strtok_r(line, " \t\r", &rest); word != NULL; word = strtok_r(NULL, " \t\r", &rest)) {
		if (words->count == COMMAND_WORDS_MAX)
			return false;
		words->word[words->count++] = word;
	}
	return true;
}

static const char *run_words(struct model *model, const struct words *words, struct json *answer)
{
	if (words->count == 0)
		return "a command is missing";
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, words->word[0]) != 0)
			continue;
		if (words->count < commands[i].least || words->count > commands[i].most)
			return "the command has too few or too many words";
		return commands[i].run(model, words, answer);
	}
	return "there is no such command";
}

static size_t say_error(char *answer, size_t room, const char *error)
{
	struct json json;

	json_init(&json, answer, room);
	json_open(&json, NULL, '{');
	json_bool(&json, "ok", false);
	json_string(&json, "error", error);
	json_close(&json, '}');
	return json.length;
}

size_t command_run(struct model *model, const char *line, size_t length, char *answer, size_t room)
{
	char copy[COMMAND_LINE_MAX];
	struct words words;
	struct json json;
	const char *error;

	if (length >= sizeof(copy) || memchr(line, '\0', length) != NULL)
		return say_error(answer, room, "the line is too long or holds a zero byte");
	memcpy(copy, line, length);
	copy[length] = '\0';
	if (!split(copy, &words))
		return say_error(answer, room, "the command has too few or too many words");
	json_init(&json, answer, room);
	json_open(&json, NULL, '{');
	json_bool(&json, "ok", true);
	error = run_words(model, &words, &json);
	json_close(&json, '}');
	if (error != NULL)
		return say_error(answer, room, error);
	return json.is_full ? say_error(answer, room, "the answer is too long") : json.length;
}
