// SPDX-License-Identifier: Apache-2.0
#include "model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "lab.h"

static bool command(unsigned int controller, const char *words, char *answer)
{
	struct lab lab;
	char name[16];
	int result;

	snprintf(name, sizeof(name), "nvlink%u", controller);
	answer[0] = '\0';
	result = lab_open(&lab, LAB_SYSFS, name);
	if (result == 0) {
		result = lab_command(&lab, words, answer, MODEL_ANSWER);
		lab_close(&lab);
	}
	if (result)
		printf("# %s: %s: %s\n", name, words, result < 0 ? strerror(-result) : answer);
	return result == 0;
}

bool model_do(unsigned int controller, const char *format, ...)
{
	char words[LAB_COMMAND_MAX + 1], answer[MODEL_ANSWER];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	return command(controller, words, answer);
}

bool model_ask(unsigned int controller, char *answer, const char *format, ...)
{
	char words[LAB_COMMAND_MAX + 1];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	return command(controller, words, answer);
}

long long model_checksum(unsigned int controller, unsigned int gpu, uint64_t offset, uint64_t length)
{
	char answer[MODEL_ANSWER];

	if (!model_ask(controller, answer, "gpu %u checksum %llu %llu", gpu, (unsigned long long)offset,
		       (unsigned long long)length))
		return -1;
	return json_number(answer, "crc32");
}
