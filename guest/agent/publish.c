// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "publish.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool make_folders(const char *path)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", path);
	for (char *end = strchr(folder + 1, '/'); end; end = strchr(end + 1, '/')) {
		*end = '\0';
		if (mkdir(folder, 0755) < 0 && errno != EEXIST)
			return false;
		*end = '/';
	}
	return true;
}

bool document_place(struct document *document, const char *folder, const char *name)
{
	int length = snprintf(document->path, sizeof(document->path), "%s/%s", folder, name);

	if (length < 0 || (size_t)length >= sizeof(document->path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	return make_folders(document->path);
}

/* A dot file beside the file: collectors of both kinds pass over it. Another agent may write to the same folder. */
static bool temporary_path(char *temporary, size_t room, const char *path)
{
	const char *last = strrchr(path, '/') + 1;
	int length = snprintf(temporary, room, "%.*s.%s.%d.new", (int)(last - path), path, last, (int)getpid());

	return length >= 0 && (size_t)length < room;
}

static bool write_all(int file, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(file, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

static bool replace(const char *path, const struct text *text)
{
	char temporary[PATH_MAX];
	bool written;
	int file;

	if (!temporary_path(temporary, sizeof(temporary), path))
		return false;
	file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (file < 0)
		return false;
	/* What has the name after a power failure is whole as well. */
	written = write_all(file, text->bytes, text->length) && fsync(file) == 0;
	written = close(file) == 0 && written;
	if (written && rename(temporary, path) == 0)
		return true;
	unlink(temporary);
	return false;
}

bool document_publish(struct document *document, struct text *text)
{
	struct text *last = &document->last;
	bool same = last->bytes && !text->failed && text->length == last->length &&
		    memcmp(text->bytes, last->bytes, text->length) == 0 && access(document->path, F_OK) == 0;

	if (same || text->failed || !replace(document->path, text)) {
		text_clear(text);
		return same;
	}
	text_clear(last);
	*last = *text;
	*text = (struct text){ 0 };
	return true;
}
