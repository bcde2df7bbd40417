// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "command.h"
#include "crc32.h"
#include "model.h"
#include "number.h"

#define BYTES_MAX 256u
/** Summed at once: nothing else is done meanwhile, and a processor of the guest may wait. */
#define CHECKSUM_MAX (UINT64_C(64) << 20)

static const char *show(const uint8_t *bytes, size_t length, struct json *answer)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * BYTES_MAX + 1];

	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * length] = '\0';
	json_string(answer, "hex", text);
	return NULL;
}

const char *command_gpu(struct model *model, const struct words *words, struct json *answer)
{
	const char *what = words->word[2];
	uint8_t bytes[BYTES_MAX];
	uint64_t index, offset, length;
	uint8_t *memory;
	size_t size;

	if (!number_read(words->word[1], NVLINK_GPUS_MAX, &index) || index >= model->options.gpus)
		return "there is no such GPU";
	if (!number_read_size(words->word[3], UINT64_MAX, &offset))
		return "an offset is a number";
	if (strcmp(what, "write") == 0) {
		if (!number_read_hex(words->word[4], bytes, sizeof(bytes), &size))
			return "bytes are at most 256 pairs of hexadecimal digits";
		length = size;
	} else if (!number_read_size(words->word[4], UINT64_MAX, &length)) {
		return "a length is a number";
	}
	memory = gpu_range(&model->gpus[index], offset, length);
	if (memory == NULL)
		return "past the end of the GPU's memory";
	if (strcmp(what, "write") == 0) {
		memcpy(memory, bytes, length);
		return NULL;
	}
	if (strcmp(what, "checksum") == 0) {
		if (length > CHECKSUM_MAX)
			return "at most 64M are summed at once";
		json_number(answer, "crc32", crc32_add(0, memory, length));
		return NULL;
	}
	if (strcmp(what, "read") != 0)
		return "a GPU takes checksum OFFSET LENGTH, read OFFSET LENGTH or write OFFSET HEX";
	return length > BYTES_MAX ? "at most 256 bytes are read at once" : show(memory, length, answer);
}
