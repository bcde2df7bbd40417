// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/** Objects and arrays within each other. */
#define DEPTH_MAX 16

static const char *skip_space(const char *at)
{
	while (isspace((unsigned char)*at))
		at++;
	return at;
}

static const char *skip_string(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if ((unsigned char)*at < 0x20 || (*at == '\\' && !*++at))
			return NULL;
	return *at ? at + 1 : NULL;
}

static const char *skip_value(const char *at, int depth);

/** What follows the members of an object or the elements of an array. */
static const char *skip_members(const char *at, char end, int depth)
{
	at = skip_space(at + 1);
	if (*at == end)
		return at + 1;
	for (;;) {
		if (end == '}') {
			if (*at != '"' || !(at = skip_string(at)))
				return NULL;
			at = skip_space(at);
			if (*at++ != ':')
				return NULL;
		}
		at = skip_value(at, depth + 1);
		if (!at)
			return NULL;
		at = skip_space(at);
		if (*at == end)
			return at + 1;
		if (*at++ != ',')
			return NULL;
		at = skip_space(at);
	}
}

static const char *skip_value(const char *at, int depth)
{
	static const char *const words[] = { "true", "false", "null" };
	char *end;

	if (depth > DEPTH_MAX)
		return NULL;
	at = skip_space(at);
	if (*at == '"')
		return skip_string(at);
	if (*at == '{' || *at == '[')
		return skip_members(at, *at == '{' ? '}' : ']', depth);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strncmp(at, words[i], strlen(words[i])))
			return at + strlen(words[i]);
	if (*at != '-' && !isdigit((unsigned char)*at))
		return NULL;
	strtod(at, &end);
	return end;
}

bool json_valid(const char *text)
{
	const char *end = skip_value(text, 0);

	return end && !*skip_space(end);
}

static const char *member(const char *at, const char *name, size_t length)
{
	if (*at != '{')
		return NULL;
	for (at = skip_space(at + 1); *at == '"'; at = skip_space(at + 1)) {
		const char *key = at + 1;
		bool found;

		at = skip_string(at);
		found = at && (size_t)(at - 1 - key) == length && !strncmp(key, name, length);
		if (!at)
			return NULL;
		at = skip_space(skip_space(at) + 1);
		if (found)
			return at;
		at = skip_value(at, 0);
		if (!at)
			return NULL;
		at = skip_space(at);
		if (*at != ',')
			return NULL;
	}
	return NULL;
}

/** Element of an array; where `elements` is given, the end is looked for and they are counted. */
static const char *element(const char *at, long index, int *elements)
{
	if (*at != '[')
		return NULL;
	at = skip_space(at + 1);
	for (long i = 0; *at != ']'; i++) {
		if (!elements && i == index)
			return at;
		at = skip_value(at, 0);
		if (!at)
			return NULL;
		if (elements)
			(*elements)++;
		at = skip_space(at);
		if (*at == ',')
			at = skip_space(at + 1);
	}
	return NULL;
}

static const char *find(const char *text, const char *path)
{
	const char *at = skip_space(text);

	if (!json_valid(text))
		return NULL;
	while (at && *path) {
		if (*path == '[') {
			char *end;
			long index = strtol(path + 1, &end, 10);

			at = element(at, index, NULL);
			path = end + 1;
		} else {
			size_t length;

			path += *path == '.';
			length = strcspn(path, ".[");
			at = member(at, path, length);
			path += length;
		}
	}
	return at;
}

bool json_get(const char *text, const char *path, char *value, size_t size)
{
	const char *at = find(text, path);
	const char *end = at ? skip_value(at, 0) : NULL;

	if (!end)
		return false;
	if (*at == '"') {
		at++;
		end--;
	}
	if ((size_t)(end - at) >= size)
		return false;
	memcpy(value, at, (size_t)(end - at));
	value[end - at] = '\0';
	return true;
}

long long json_number(const char *text, const char *path)
{
	char value[32];
	char *end;
	long long number;

	if (!json_get(text, path, value, sizeof(value)))
		return -1;
	number = strtoll(value, &end, 0);
	return end == value || *end ? -1 : number;
}

bool json_is(const char *text, const char *path, const char *expected)
{
	char value[256];

	return json_get(text, path, value, sizeof(value)) && !strcmp(value, expected);
}

int json_count(const char *text, const char *path)
{
	const char *at = find(text, path);
	int elements = 0;

	if (!at || *at != '[')
		return -1;
	element(at, 0, &elements);
	return elements;
}
