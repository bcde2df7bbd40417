// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void json_init(struct json *json, char *text, size_t room)
{
	*json = (struct json){ .text = text, .room = room };
}

static void put(struct json *json, const char *text, size_t length)
{
	if (json->is_full || length >= json->room - json->length) {
		json->is_full = true;
		return;
	}
	memcpy(json->text + json->length, text, length);
	json->length += length;
	json->text[json->length] = '\0';
}

static void put_text(struct json *json, const char *text)
{
	put(json, text, strlen(text));
}

static void put_string(struct json *json, const char *text)
{
	put(json, "\"", 1);
	for (; *text != '\0'; text++) {
		char escaped[8];

		if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e || *text == '"' ||
		    *text == '\\') {
			snprintf(escaped, sizeof(escaped), "\\u%04x", (unsigned int)(unsigned char)*text);
			put_text(json, escaped);
		} else {
			put(json, text, 1);
		}
	}
	put(json, "\"", 1);
}

static void begin(struct json *json, const char *key)
{
	if (json->follows)
		put(json, ",", 1);
	json->follows = true;
	if (key == NULL)
		return;
	put_string(json, key);
	put(json, ":", 1);
}

void json_open(struct json *json, const char *key, char bracket)
{
	begin(json, key);
	put(json, &bracket, 1);
	json->follows = false;
}

void json_close(struct json *json, char bracket)
{
	put(json, &bracket, 1);
	json->follows = true;
}

void json_number(struct json *json, const char *key, uint64_t value)
{
	char digits[24];

	begin(json, key);
	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	put_text(json, digits);
}

void json_bool(struct json *json, const char *key, bool value)
{
	begin(json, key);
	put_text(json, value ? "true" : "false");
}

void json_string(struct json *json, const char *key, const char *value)
{
	begin(json, key);
	put_string(json, value);
}
