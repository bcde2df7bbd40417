// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "http.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *reason(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 408:
		return "Request Timeout";
	case 431:
		return "Request Header Fields Too Large";
	case 503:
		return "Service Unavailable";
	default:
		return "HTTP Version Not Supported";
	}
}

static void end(struct http_client *client)
{
	close(client->socket);
	text_clear(&client->answer);
	client->socket = -1;
}

static void answer(struct http *http, struct http_client *client, int status, const char *path)
{
	struct text body = { 0 };
	const char *type = "text/plain";

	if (status == 200) {
		type = http->serve(path, &body);
		if (!type || body.failed) {
			status = body.failed ? 503 : 404;
			text_clear(&body);
			type = "text/plain";
		}
	}
	if (status != 200)
		text_add(&body, "%s\n", reason(status));
	text_add(&client->answer, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n", status, reason(status), type,
		 body.length);
	text_add(&client->answer, "%sConnection: close\r\n\r\n%s", status == 405 ? "Allow: GET\r\n" : "",
		 body.bytes ? body.bytes : "");
	text_clear(&body);
	client->phase = HTTP_WRITING;
}

static void read_request(struct http *http, struct http_client *client)
{
	char path[HTTP_REQUEST_MAX + 1];
	ssize_t bytes = recv(client->socket, client->request + client->got, HTTP_REQUEST_MAX - client->got, MSG_DONTWAIT);
	int status;

	if (bytes < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (bytes <= 0) {
		end(client);
		return;
	}
	client->got += (size_t)bytes;
	status = http_request(client->request, client->got, path);
	if (status)
		answer(http, client, status, path);
}

static void write_answer(struct http_client *client, int64_t now)
{
	const struct text *text = &client->answer;
	ssize_t bytes = 0;

	if (!text->failed && client->sent < text->length)
		bytes = send(client->socket, text->bytes + client->sent, text->length - client->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (bytes < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (bytes < 0 || text->failed) {
		end(client);
		return;
	}
	client->sent += (size_t)bytes;
	if (client->sent < text->length)
		return;
	/* Closing with unread bytes would reset the connection, and the client could lose the answer. */
	shutdown(client->socket, SHUT_WR);
	client->phase = HTTP_LINGERING;
	client->deadline = now + HTTP_LINGER;
}

static void discard(struct http_client *client)
{
	char bytes[4096];
	ssize_t length = recv(client->socket, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR))
		end(client);
}

static struct http_client *free_client(struct http *http)
{
	struct http_client *oldest = &http->client[0];

	for (int i = 0; i < HTTP_CLIENTS; i++) {
		struct http_client *client = &http->client[i];

		if (client->socket < 0)
			return client;
		if (client->deadline < oldest->deadline)
			oldest = client;
	}
	/* Whoever had the most time makes room, so that slow clients cannot lock others out. */
	end(oldest);
	return oldest;
}

static void accept_client(struct http *http, int64_t now)
{
	int socket = accept4(http->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct http_client *client;

	if (socket < 0)
		return;
	client = free_client(http);
	client->socket = socket;
	client->deadline = now + HTTP_MILLISECONDS;
	client->phase = HTTP_READING;
	client->got = client->sent = 0;
}

static void expire(struct http *http, struct http_client *client, int64_t now)
{
	if (client->phase != HTTP_READING || client->got == 0) {
		end(client);
		return;
	}
	answer(http, client, 408, NULL);
	write_answer(client, now);
	if (client->socket >= 0 && client->phase == HTTP_WRITING)
		end(client);
}

int http_poll(const struct http *http, struct pollfd *polled, int64_t now)
{
	int64_t wait = -1;

	polled[0] = (struct pollfd){ .fd = http->listener, .events = POLLIN };
	for (int i = 0; i < HTTP_CLIENTS; i++) {
		const struct http_client *client = &http->client[i];
		int64_t left = client->deadline > now ? client->deadline - now : 0;

		polled[1 + i] = (struct pollfd){ .fd = client->socket,
						 .events = client->phase == HTTP_WRITING ? POLLOUT : POLLIN };
		if (client->socket >= 0 && (wait < 0 || left < wait))
			wait = left;
	}
	return (int)wait;
}

void http_step(struct http *http, const struct pollfd *polled, int64_t now)
{
	for (int i = 0; i < HTTP_CLIENTS; i++) {
		struct http_client *client = &http->client[i];

		if (client->socket < 0)
			continue;
		if (client->deadline <= now) {
			expire(http, client, now);
			continue;
		}
		if (!polled[1 + i].revents)
			continue;
		if (client->phase == HTTP_READING)
			read_request(http, client);
		else if (client->phase == HTTP_LINGERING)
			discard(client);
		if (client->socket >= 0 && client->phase == HTTP_WRITING)
			write_answer(client, now);
	}
	if (polled[0].revents)
		accept_client(http, now);
}
