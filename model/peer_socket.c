// SPDX-License-Identifier: Apache-2.0
#include "peer_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "local_socket.h"
#include "number.h"

/** The path behind unix: */
static const char *path_of(const char *address)
{
	return strncmp(address, "unix:", 5) == 0 && address[5] != '\0' ? address + 5 : NULL;
}

/** No other machine's network is touched: only 127.0.0.0/8 is taken. */
static bool read_tcp(struct sockaddr_in *socket_address, const char *address)
{
	char host[16];
	const char *colon;
	uint64_t port;
	size_t length;

	if (strncmp(address, "tcp:", 4) != 0)
		return false;
	address += 4;
	colon = strchr(address, ':');
	length = colon == NULL ? 0 : (size_t)(colon - address);
	if (length == 0 || length >= sizeof(host))
		return false;
	memcpy(host, address, length);
	host[length] = '\0';
	*socket_address = (struct sockaddr_in){ .sin_family = AF_INET };
	if (inet_pton(AF_INET, host, &socket_address->sin_addr) != 1 || !number_read(colon + 1, 65535, &port))
		return false;
	socket_address->sin_port = htons((uint16_t)port);
	return ntohl(socket_address->sin_addr.s_addr) >> 24 == 127;
}

bool peer_socket_is_address(const char *address)
{
	struct sockaddr_in tcp;

	return path_of(address) != NULL || read_tcp(&tcp, address);
}

static int close_with_errno(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

static int tcp_socket(void)
{
	const int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	}
	return fd;
}

int peer_socket_listen(const char *address)
{
	struct sockaddr_in tcp;
	int fd;

	if (path_of(address) != NULL)
		return local_listen(path_of(address));
	if (!read_tcp(&tcp, address)) {
		errno = EINVAL;
		return -1;
	}
	fd = tcp_socket();
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&tcp, sizeof(tcp)) != 0 || listen(fd, 1) != 0)
		return close_with_errno(fd);
	return fd;
}

int peer_socket_connect(const char *address)
{
	struct sockaddr_in tcp;
	int fd;

	if (path_of(address) != NULL)
		return local_connect(path_of(address));
	if (!read_tcp(&tcp, address)) {
		errno = EINVAL;
		return -1;
	}
	fd = tcp_socket();
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&tcp, sizeof(tcp)) != 0 && errno != EINPROGRESS)
		return close_with_errno(fd);
	return fd;
}

bool peer_socket_is_connected(int fd)
{
	int error = 0;
	socklen_t size = sizeof(error);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

void peer_socket_remove(const char *address)
{
	if (path_of(address) != NULL)
		unlink(path_of(address));
}
