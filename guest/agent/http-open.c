// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http.h"
#include "log.h"

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

/* 127.0.0.1:9835 or [::1]:9835; gives the length of the address, 0 where it is none. */
static socklen_t parse(const char *text, union address *address)
{
	char host[64];
	const char *colon = strrchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;
	char *end;
	unsigned long port;

	if (length == 0 || length >= sizeof(host) || colon[1] < '0' || colon[1] > '9')
		return 0;
	port = strtoul(colon + 1, &end, 10);
	if (*end != '\0' || port > 65535)
		return 0;
	memcpy(host, text, length);
	host[length] = '\0';
	memset(address, 0, sizeof(*address));
	if (host[0] == '[' && host[length - 1] == ']') {
		host[length - 1] = '\0';
		address->six.sin6_family = AF_INET6;
		address->six.sin6_port = htons((uint16_t)port);
		return inet_pton(AF_INET6, host + 1, &address->six.sin6_addr) == 1 ? sizeof(address->six) : 0;
	}
	address->four.sin_family = AF_INET;
	address->four.sin_port = htons((uint16_t)port);
	return inet_pton(AF_INET, host, &address->four.sin_addr) == 1 ? sizeof(address->four) : 0;
}

bool http_open(struct http *http, const char *text)
{
	union address address;
	socklen_t length;
	int on = 1;

	http->listener = -1;
	for (int i = 0; i < HTTP_CLIENTS; i++)
		http->client[i].socket = -1;
	if (!text)
		return true;
	length = parse(text, &address);
	if (!length) {
		log_line("%s is no address such as 127.0.0.1:9835", text);
		return false;
	}
	http->listener = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (http->listener >= 0 && setsockopt(http->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(http->listener, &address.any, length) == 0 && listen(http->listener, HTTP_CLIENTS) == 0)
		return true;
	log_line("%s: %s: no metrics by HTTP", text, strerror(errno));
	if (http->listener >= 0)
		close(http->listener);
	http->listener = -1;
	return true;
}
