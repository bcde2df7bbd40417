/* SPDX-License-Identifier: Apache-2.0 */
/* Writes JSON into a buffer of fixed size. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
	char *text;
	size_t room, length;
	bool is_full; /* something did not fit; what is there is of no use */
	bool follows; /* the next member or element needs a comma */
};

void json_init(struct json *json, char *text, size_t room);

/** Opens with '{' or '['; inside an object with a key, else with NULL. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);

/** Key and value; elements of arrays have the key NULL. */
void json_number(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_string(struct json *json, const char *key, const char *value);

#endif
