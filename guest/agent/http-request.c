// SPDX-License-Identifier: Apache-2.0
#include "http-request.h"

#include <stdbool.h>
#include <string.h>

/* The headers end with an empty line; a bare line feed ends a line too. */
static bool complete(const char *bytes, size_t length)
{
	bool empty = true;

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '\n') {
			if (empty && i > 1)
				return true;
			empty = true;
		} else if (bytes[i] != '\r') {
			empty = false;
		}
	}
	return false;
}

static int judge_version(const char *version)
{
	if (strncmp(version, "HTTP/", 5) != 0)
		return 400;
	return strcmp(version, "HTTP/1.0") == 0 || strcmp(version, "HTTP/1.1") == 0 ? 200 : 505;
}

int http_request(const char *bytes, size_t length, char *path)
{
	char line[HTTP_REQUEST_MAX + 1];
	const char *end = memchr(bytes, '\n', length);
	char *target, *version;
	size_t size;

	if (!complete(bytes, length))
		return length < HTTP_REQUEST_MAX ? 0 : 431;
	size = (size_t)(end - bytes);
	if (size && bytes[size - 1] == '\r')
		size--;
	if (memchr(bytes, '\0', size))
		return 400;
	memcpy(line, bytes, size);
	line[size] = '\0';
	target = strchr(line, ' ');
	version = target ? strchr(target + 1, ' ') : NULL;
	if (!version || target == line || target[1] != '/' || strchr(version + 1, ' '))
		return 400;
	*target++ = '\0';
	*version++ = '\0';
	if (judge_version(version) != 200)
		return judge_version(version);
	if (strcmp(line, "GET") != 0)
		return 405;
	target[strcspn(target, "?")] = '\0';
	memcpy(path, target, strlen(target) + 1);
	return 200;
}
