/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NVLAB_PUBLISH_H
#define NVLAB_PUBLISH_H

#include <stdbool.h>

#include "text.h"

/** A file that others read while it is written anew. */
struct document {
	char path[4096];
	struct text last; /* what it holds */
};

/**
 * document_place() - say where it is: @folder/@name, with the folders on the way made where they are missing
 *
 * Return: false where the path is too long or a folder cannot be made; errno says why.
 */
bool document_place(struct document *document, const char *folder, const char *name);

/**
 * document_publish() - let the file hold a text
 * @document: where
 * @text: what; taken over, and empty afterwards
 *
 * A reader sees the old text or the new one, whole. Nothing is written where the text is as before.
 *
 * Return: false where it did not work; the file is as before then.
 */
bool document_publish(struct document *document, struct text *text);

#endif
