// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "controller.h"
#include "system-file.h"

/** Room for a line for each of more buffers than a test makes. */
#define ROOM (1u << 20)

static char *read_debug(unsigned int controller, const char *file)
{
	char *text = malloc(ROOM);

	if (text && !read_text_at(text, ROOM, DEBUG "/nvlink%u/%s", controller, file)) {
		free(text);
		return NULL;
	}
	return text;
}

/** The line of a buffer, to be freed. */
static char *line_of(unsigned int controller, const struct buffer *buffer)
{
	char *text = read_debug(controller, "buffers"), *found = NULL, *save, *line;
	char start[96];

	if (!text)
		return NULL;
	snprintf(start, sizeof(start), "handle=%u pid=%d size=%llu where=%s", buffer->handle, (int)getpid(),
		 (unsigned long long)buffer->size, buffer->where == NVLINK_WHERE_SYSTEM ? "system" : "gpu");
	for (line = strtok_r(text, "\n", &save); line && !found; line = strtok_r(NULL, "\n", &save))
		if (!strncmp(line, start, strlen(start)))
			found = strdup(line);
	free(text);
	return found;
}

static bool number_after(const char *line, const char *key, uint64_t *value)
{
	const char *at = strstr(line, key);
	char *end;

	if (!at)
		return false;
	*value = strtoull(at + strlen(key), &end, 0);
	return end != at + strlen(key);
}

bool place_of(unsigned int controller, const struct buffer *buffer, uint64_t *address)
{
	char *line = line_of(controller, buffer);
	bool found = line && number_after(line, buffer->where == NVLINK_WHERE_SYSTEM ? "segments=" : "offset=", address);

	if (!found)
		printf("# debugfs does not say where handle %u is\n", buffer->handle);
	free(line);
	return found;
}

uint64_t first_page_of(unsigned int controller, const struct buffer *buffer)
{
	char *line = line_of(controller, buffer);
	uint64_t page = 0;

	if (line)
		number_after(line, "pfn=", &page);
	free(line);
	return page;
}

int places_taken(unsigned int controller)
{
	char *text = read_debug(controller, "buffers"), *at = text;
	int count = 0;

	if (!text)
		return -1;
	while ((at = strstr(at, "handle="))) {
		count++;
		at++;
	}
	free(text);
	return count;
}

long long statistic(unsigned int controller, const char *name)
{
	char *text = read_debug(controller, "stats");
	char key[64];
	uint64_t value;
	bool found;

	snprintf(key, sizeof(key), "%s ", name);
	found = text && number_after(text, key, &value);
	free(text);
	return found ? (long long)value : -1;
}

bool channels_idle(unsigned int controller)
{
	char *text = read_debug(controller, "channels"), *save, *line;
	uint64_t ready, running;
	bool idle = text != NULL;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save))
		if (number_after(line, " ready=", &ready) && number_after(line, " running=", &running) && (ready || running))
			idle = false;
	free(text);
	return idle;
}
