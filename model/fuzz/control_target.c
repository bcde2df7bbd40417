// SPDX-License-Identifier: Apache-2.0
/* Bytes from a client of the control socket, in pieces of 1 to 255 bytes. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../test/lab.h"
#include "fuzz.h"

static void feed(const uint8_t *data, size_t size)
{
	struct lab *lab = lab_open_ready();
	uint8_t waste[4096];
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
		abort();
	control_take_connection(lab->model, ends[1]);
	for (size_t at = 0; at < size;) {
		size_t length = 1 + data[at] % 255;

		if (length > size - at)
			length = size - at;
		send(ends[0], data + at, length, MSG_NOSIGNAL | MSG_DONTWAIT);
		at += length;
		lab_pass(lab, 100);
		while (recv(ends[0], waste, sizeof(waste), MSG_DONTWAIT) > 0)
			;
	}
	close(ends[0]);
	lab_settle(lab);
	lab_close(lab);
}

static size_t seed(uint8_t *data, size_t room, uint32_t number)
{
	static const char *const lines[] = {
		"status\n",
		"link 0 down\n",
		"link 1 up\n",
		"link 2 reset\n",
		"link 0 fail 3\n",
		"link 3 fail always\n",
		"link 0 fail never\n",
		"link 0 errors crc_flit 2000\n",
		"link 1 errors recovery 4294967295\n",
		"link 0 limit 10\n",
		"dma stuck 2\n",
		"dma hang\n",
		"dma free\n",
		"fatal\n",
		"remove\n",
		"insert\n",
		"contract 2.7\n",
		"register 0x1010 77\n",
		"register 4112\n",
		"doorbell 1 99\n",
		"gpu 0 checksum 0 1M\n",
		"gpu 1 read 100 256\n",
		"gpu 0 write 5 00ff11\n",
		"reset\n",
		"quit\n",
	};
	const size_t count = sizeof(lines) / sizeof(lines[0]);
	size_t size = 0;

	for (uint32_t i = 0; i < 6; i++) {
		const char *line = lines[(number + i * 7) % count];

		if (strlen(line) > room - size)
			break;
		memcpy(data + size, line, strlen(line));
		size += strlen(line);
	}
	return size;
}

const struct target control_target = { "control", feed, seed };
