// SPDX-License-Identifier: Apache-2.0
#include "uevent.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel's multicast group; udev sends its own messages to another one. */
enum { KERNEL_GROUP = 1, MESSAGE_MAX = 8192, BATCH = 256 };

int uevent_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP };
	int source = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);

	if (source >= 0 && bind(source, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int error = errno;

		close(source);
		errno = error;
		return -1;
	}
	return source;
}

/* "action@path", then strings "KEY=value", each with its zero byte. */
bool uevent_concerns_us(const char *message, size_t length)
{
	static const char ours[] = "SUBSYSTEM=nvlink";
	const char *end = message + length, *zero = memchr(message, '\0', length);

	if (!zero || !memchr(message, '@', (size_t)(zero - message)))
		return false;
	for (const char *at = zero + 1; at < end; at = zero + 1) {
		zero = memchr(at, '\0', (size_t)(end - at));
		if (!zero)
			return false;
		if ((size_t)(zero - at) == sizeof(ours) - 1 && memcmp(at, ours, sizeof(ours) - 1) == 0)
			return true;
	}
	return false;
}

bool uevent_drain(int source, bool forwarded, bool *closed)
{
	bool concerned = false;

	/* A storm of messages must not keep us from answering clients. */
	for (int i = 0; i < BATCH; i++) {
		char bytes[MESSAGE_MAX];
		struct sockaddr_nl sender = { 0 };
		struct iovec part = { bytes, sizeof(bytes) };
		struct msghdr message = { .msg_name = forwarded ? NULL : &sender,
					  .msg_namelen = forwarded ? 0 : sizeof(sender),
					  .msg_iov = &part,
					  .msg_iovlen = 1 };
		ssize_t length = recvmsg(source, &message, MSG_DONTWAIT);

		if (length < 0 && errno == ENOBUFS) {
			concerned = true;
			continue;
		}
		if (length < 0 && errno == EINTR)
			continue;
		if (length == 0 && forwarded)
			*closed = true;
		if (length < 0 && errno != EAGAIN)
			*closed = true;
		if (length < 0 || *closed)
			break;
		/* Any process may send to us; only the kernel has no number. */
		if (!forwarded && sender.nl_pid != 0)
			continue;
		if (!(message.msg_flags & MSG_TRUNC) && uevent_concerns_us(bytes, (size_t)length))
			concerned = true;
	}
	return concerned;
}
