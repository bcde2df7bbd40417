// SPDX-License-Identifier: Apache-2.0
#include "local_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool address_of(struct sockaddr_un *address, const char *path)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	strcpy(address->sun_path, path);
	return true;
}

static int close_with_errno(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

int local_connect(const char *path)
{
	struct sockaddr_un address;
	int fd;

	if (!address_of(&address, path))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	return connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? fd : close_with_errno(fd);
}

/** Makes the path free where only a dead socket is in the way. */
static bool remove_stale(const char *path)
{
	struct stat found;
	int fd;

	if (lstat(path, &found) != 0)
		return errno == ENOENT;
	fd = S_ISSOCK(found.st_mode) ? local_connect(path) : -1;
	if (fd >= 0)
		close(fd);
	if (fd >= 0 || !S_ISSOCK(found.st_mode) || errno != ECONNREFUSED) {
		errno = EADDRINUSE;
		return false;
	}
	return unlink(path) == 0;
}

int local_listen(const char *path)
{
	struct sockaddr_un address;
	mode_t mask;
	int fd, bound;

	if (!address_of(&address, path) || !remove_stale(path))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	mask = umask(0077);
	bound = bind(fd, (struct sockaddr *)&address, sizeof(address));
	umask(mask);
	if (bound != 0 || listen(fd, 4) != 0)
		return close_with_errno(fd);
	return fd;
}

int local_accept(int listener)
{
	return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}
