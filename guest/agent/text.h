/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NVLAB_TEXT_H
#define NVLAB_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/** A text that grows. When memory runs out it is marked as failed and takes no more. */
struct text {
	char *bytes;
	size_t length;
	size_t room;
	bool failed;
};

/** text_add() - append what printf would print */
__attribute__((format(printf, 2, 3))) void text_add(struct text *text, const char *format, ...);

/** text_quote() - append a string between quotes, with backslashes before quotes and backslashes: right for JSON and for labels of Prometheus, as long as it is printable ASCII */
void text_quote(struct text *text, const char *string);

/** text_clear() - empty again, memory given back */
void text_clear(struct text *text);

#endif
