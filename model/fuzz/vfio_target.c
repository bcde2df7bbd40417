// SPDX-License-Identifier: Apache-2.0
/* Bytes from QEMU. The first byte of an input says whether versions were exchanged and files come along. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../test/lab.h"
#include "fuzz.h"

#define EXCHANGED 1
#define WITH_FILES 2

static void drain(int fd)
{
	uint8_t waste[65536];

	while (recv(fd, waste, sizeof(waste), MSG_DONTWAIT) > 0)
		;
}

static void turn(struct lab *lab)
{
	for (int i = 0; i < 3; i++) {
		loop_once(&lab->model->loop, true);
		engine_run(lab->model);
		drain(lab->socket);
	}
}

static void send_part(struct lab *lab, const uint8_t *data, size_t size, bool with_file)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(2 * sizeof(int))];
	} control = { 0 };
	struct iovec part = { .iov_base = (void *)(uintptr_t)data, .iov_len = size };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int files[2] = { -1, -1 };

	if (with_file) {
		files[0] = open("/dev/null", O_RDWR | O_CLOEXEC);
		files[1] = open("/dev/full", O_RDWR | O_CLOEXEC);
		message.msg_control = &control;
		message.msg_controllen = sizeof(control.room);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(files));
		memcpy(CMSG_DATA(&control.header), files, sizeof(files));
	}
	sendmsg(lab->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (with_file) {
		close(files[0]);
		close(files[1]);
	}
}

static void feed(const uint8_t *data, size_t size)
{
	uint8_t kind = size > 0 ? data[0] : 0;
	struct lab *lab = (kind & EXCHANGED) != 0 ? lab_open_ready() : lab_open(NULL);

	if ((kind & EXCHANGED) == 0) {
		int ends[2];

		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
			abort();
		lab->socket = ends[0];
		vfio_take_connection(lab->model, ends[1]);
	}
	for (size_t at = 1; at < size;) {
		uint32_t length = 16;

		/* Cut where a message says that it ends, as QEMU sends them. */
		if (size - at >= 8)
			memcpy(&length, data + at + 4, sizeof(length));
		if (length == 0 || length > size - at)
			length = (uint32_t)(size - at);
		send_part(lab, data + at, length, (kind & WITH_FILES) != 0);
		at += length;
		turn(lab);
	}
	lab_close(lab);
}

static size_t put(uint8_t *data, size_t at, uint16_t id, uint16_t command, uint32_t flags, const void *body,
		  size_t size)
{
	struct vfio_header header = {
		.id = id, .command = command, .size = (uint32_t)(sizeof(header) + size), .flags = flags
	};

	memcpy(data + at, &header, sizeof(header));
	memcpy(data + at + sizeof(header), body, size);
	return at + sizeof(header) + size;
}

static size_t put_register(uint8_t *data, size_t at, uint32_t offset, uint32_t value)
{
	struct {
		struct vfio_access access;
		uint32_t value;
	} body = { { .offset = offset, .region = VFIO_BAR0, .count = 4 }, value };

	return put(data, at, 1, VFIO_REGION_WRITE, VFIO_NO_REPLY, &body, sizeof(body.access) + 4);
}

/** A channel that runs, and answers to what it will ask for. */
static size_t seed_engine(uint8_t *data, size_t at)
{
	struct nvlink_descriptor descriptors[16] = {
		{ .opcode = NVLINK_OPCODE_HOST, .flags = 1, .link = NVLINK_LINK_ANY, .length = 256 }
	};
	struct {
		struct vfio_dma dma;
		uint8_t data[1024];
	} body = { .dma = { .count = 4 } };

	memcpy(body.data, descriptors, sizeof(descriptors));
	at = put_register(data, at, NVLINK_REG_CHANNEL_LOG2(0), 4);
	at = put_register(data, at, NVLINK_REG_CHANNEL_CONTROL(0), 1);
	at = put_register(data, at, NVLINK_REG_CHANNEL_TAIL(0), 1);
	at = put(data, at, 0, VFIO_DMA_READ, VFIO_TYPE_REPLY, &body, sizeof(body.dma) + 4);
	body.dma.count = 64;
	at = put(data, at, 1, VFIO_DMA_READ, VFIO_TYPE_REPLY, &body, sizeof(body.dma) + 64);
	body.dma.count = 4;
	at = put(data, at, 2, VFIO_DMA_READ, VFIO_TYPE_REPLY, &body, sizeof(body.dma) + 4);
	body.dma.count = 256;
	at = put(data, at, 3, VFIO_DMA_READ, VFIO_TYPE_REPLY, &body, sizeof(body.dma) + 256);
	return put(data, at, 4, VFIO_DMA_WRITE, VFIO_TYPE_REPLY, &body, sizeof(body.dma));
}

static size_t seed(uint8_t *data, size_t room, uint32_t number)
{
	static const char version[] = "\0\0\1\0{\"capabilities\":{}}";
	struct vfio_info info = { .argsz = sizeof(info) };
	struct vfio_region region = { .argsz = sizeof(region), .index = number % VFIO_REGIONS };
	struct vfio_irq irq = { .argsz = sizeof(irq), .index = number % VFIO_IRQS };
	struct vfio_set_irqs set = { .argsz = sizeof(set), .flags = 0x24, .index = number % 3, .count = 1 };
	struct vfio_access access = { .offset = number % 256 * 4, .region = number % 8, .count = 4 };
	uint64_t map[4] = { sizeof(map) };
	size_t at = 1;

	(void)room;
	data[0] = (uint8_t)(number % 4);
	if ((data[0] & EXCHANGED) == 0)
		at = put(data, at, 0, VFIO_VERSION, 0, version, sizeof(version));
	if (number % 3 == 0)
		return seed_engine(data, at);
	at = put(data, at, 1, VFIO_GET_INFO, 0, &info, sizeof(info));
	at = put(data, at, 2, VFIO_GET_REGION_INFO, 0, &region, sizeof(region));
	at = put(data, at, 3, VFIO_GET_IRQ_INFO, 0, &irq, sizeof(irq));
	at = put(data, at, 4, VFIO_SET_IRQS, 0, &set, sizeof(set));
	at = put(data, at, 5, VFIO_REGION_READ, 0, &access, sizeof(access));
	at = put(data, at, 6, VFIO_DMA_MAP, 0, map, sizeof(map));
	at = put(data, at, 7, VFIO_DMA_UNMAP, 0, map, 24);
	at = put_register(data, at, number % 0x1400 * 4, number);
	return put(data, at, 8, VFIO_RESET, 0, map, 0);
}

const struct target vfio_target = { "vfio", feed, seed };
