/* SPDX-License-Identifier: Apache-2.0 */
/* A server for a few scrapers: one request a connection, bounded in size, time and number. */
#ifndef NVLAB_HTTP_H
#define NVLAB_HTTP_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "http-request.h"
#include "text.h"

enum {
	HTTP_CLIENTS = 16,
	HTTP_MILLISECONDS = 5000, /* from connection to answer sent */
	HTTP_LINGER = 500, /* for the client to read it */
};

struct http_client {
	int socket; /* -1: free */
	int64_t deadline;
	enum { HTTP_READING, HTTP_WRITING, HTTP_LINGERING } phase;
	char request[HTTP_REQUEST_MAX];
	size_t got, sent;
	struct text answer;
};

struct http {
	int listener; /* -1: does not serve */
	struct http_client client[HTTP_CLIENTS];
	/** Appends the body for a path and gives its media type, or NULL where there is no such path. */
	const char *(*serve)(const char *path, struct text *body);
};

/**
 * http_open() - listen on @address, such as 127.0.0.1:9835, or nowhere where it is NULL
 *
 * An address that cannot be had leaves the server silent, after a message.
 *
 * Return: false after a message where it is no address.
 */
bool http_open(struct http *http, const char *address);

/** http_poll() - fill in 1 + HTTP_CLIENTS entries; gives the milliseconds until a deadline, -1 for none */
int http_poll(const struct http *http, struct pollfd *polled, int64_t now);

/** http_step() - do what those entries and the time allow; never waits */
void http_step(struct http *http, const struct pollfd *polled, int64_t now);

#endif
