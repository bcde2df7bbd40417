// SPDX-License-Identifier: Apache-2.0
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static bool grow(struct text *text, size_t more)
{
	size_t room = text->room ? text->room : 512;
	char *bytes;

	while (room - text->length <= more)
		room *= 2;
	if (room == text->room)
		return true;
	bytes = realloc(text->bytes, room);
	if (!bytes) {
		text->failed = true;
		return false;
	}
	text->bytes = bytes;
	text->room = room;
	return true;
}

void text_add(struct text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0 || text->failed || !grow(text, (size_t)length))
		return;
	va_start(arguments, format);
	vsnprintf(text->bytes + text->length, text->room - text->length, format, arguments);
	va_end(arguments);
	text->length += (size_t)length;
}

void text_quote(struct text *text, const char *string)
{
	text_add(text, "\"");
	for (; *string; string++)
		text_add(text, *string == '"' || *string == '\\' ? "\\%c" : "%c", *string);
	text_add(text, "\"");
}

void text_clear(struct text *text)
{
	free(text->bytes);
	*text = (struct text){ 0 };
}
