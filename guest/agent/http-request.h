/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NVLAB_HTTP_REQUEST_H
#define NVLAB_HTTP_REQUEST_H

#include <stddef.h>

/** Longest request that is read, headers included. */
#define HTTP_REQUEST_MAX 4096

/**
 * http_request() - judge what came so far
 * @bytes: of the request
 * @length: number of them, at most HTTP_REQUEST_MAX
 * @path: room of HTTP_REQUEST_MAX bytes for the path, without what follows a question mark
 *
 * Return: 0 not complete yet, 200 a GET of @path, or the status to refuse it with: 400, 405, 431, 505.
 */
int http_request(const char *bytes, size_t length, char *path);

#endif
