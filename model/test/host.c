// SPDX-License-Identifier: Apache-2.0
#include "host.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "lab.h"

static void send_all(struct lab *lab, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	while (size > 0) {
		ssize_t sent = send(lab->socket, bytes, size, MSG_NOSIGNAL);

		if (sent > 0) {
			bytes += sent;
			size -= (size_t)sent;
		} else if (errno == EAGAIN) {
			loop_once(&lab->model->loop, true);
		} else {
			return;
		}
	}
}

static bool receive_all(struct lab *lab, void *data, size_t size)
{
	uint8_t *bytes = data;

	while (size > 0) {
		ssize_t got = recv(lab->socket, bytes, size, 0);

		if (got > 0) {
			bytes += got;
			size -= (size_t)got;
		} else if (got < 0 && errno == EAGAIN) {
			loop_once(&lab->model->loop, true);
		} else {
			return false;
		}
	}
	return true;
}

/** What an IOMMU in front of the memory says, and how often it reports. */
static bool is_mapped(struct lab *lab, const struct vfio_dma *dma, bool is_write)
{
	const uint8_t *mapped = is_write ? lab->writable : lab->readable;
	bool is_good = true;

	for (uint64_t done = 0; done < dma->count;) {
		uint64_t at = dma->address + done;
		uint64_t part = 4096 - at % 4096;

		if (part > dma->count - done)
			part = dma->count - done;
		done += part;
		if (at >= MEMORY_AT && at < MEMORY_AT + MEMORY_BYTES && mapped[(at - MEMORY_AT) / 4096])
			continue;
		lab->faults += (unsigned int)((part + 3) / 4);
		is_good = false;
	}
	return is_good;
}

static void serve_memory(struct lab *lab, struct vfio_message *message)
{
	struct vfio_header reply = { .id = message->header.id,
				     .command = message->header.command,
				     .flags = VFIO_TYPE_REPLY };
	bool is_write = message->header.command == VFIO_DMA_WRITE;
	struct vfio_dma dma;

	memcpy(&dma, message->body, sizeof(dma));
	*(is_write ? &lab->writes : &lab->reads) += 1;
	if (dma.count > lab->longest)
		lab->longest = (uint32_t)dma.count;
	if (lab->answers_nothing)
		return;
	reply.size = sizeof(reply) + sizeof(dma) + (is_write ? 0 : (uint32_t)dma.count);
	if (!is_mapped(lab, &dma, is_write)) {
		reply.flags |= VFIO_ERROR;
		reply.error = ENODEV;
		reply.size = sizeof(reply);
		send_all(lab, &reply, sizeof(reply));
		return;
	}
	if (is_write)
		memcpy(lab->memory + (dma.address - MEMORY_AT), message->body + sizeof(dma), dma.count);
	send_all(lab, &reply, sizeof(reply));
	send_all(lab, &dma, sizeof(dma));
	if (!is_write)
		send_all(lab, lab->memory + (dma.address - MEMORY_AT), dma.count);
}

bool host_serve(struct lab *lab)
{
	static struct vfio_message message;
	struct pollfd file = { .fd = lab->socket, .events = POLLIN };

	if (lab->socket < 0 || poll(&file, 1, 0) != 1)
		return false;
	if (!receive_all(lab, &message.header, sizeof(message.header)))
		return false;
	CHECK(message.header.size <= sizeof(message.header) + VFIO_BODY_MAX);
	if (!receive_all(lab, message.body, message.header.size - sizeof(message.header)))
		return false;
	if ((message.header.flags & VFIO_TYPE_MASK) == VFIO_TYPE_REQUEST) {
		serve_memory(lab, &message);
	} else {
		lab->reply = message;
		lab->has_reply = true;
	}
	return true;
}

static void send_with_files(struct lab *lab, const struct vfio_header *header, const int *files, size_t count)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(16 * sizeof(int))];
	} control = { 0 };
	struct iovec part = { .iov_base = (void *)(uintptr_t)header, .iov_len = sizeof(*header) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (count == 0) {
		send_all(lab, header, sizeof(*header));
		return;
	}
	message.msg_control = &control;
	message.msg_controllen = CMSG_SPACE(count * sizeof(int));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(&control.header), files, count * sizeof(int));
	CHECK_EQUAL(sendmsg(lab->socket, &message, MSG_NOSIGNAL), sizeof(*header));
}

bool lab_request(struct lab *lab, uint16_t command, uint32_t flags, const void *body, size_t size,
		 const int *files, size_t file_count)
{
	struct vfio_header header = { .id = lab->next_id++,
				      .command = command,
				      .flags = flags,
				      .size = (uint32_t)(sizeof(header) + size) };

	lab->has_reply = false;
	send_with_files(lab, &header, files, file_count);
	send_all(lab, body, size);
	for (int i = 0; i < 1000 && !lab->has_reply; i++) {
		loop_once(&lab->model->loop, true);
		if (!host_serve(lab) && (flags & VFIO_NO_REPLY) != 0)
			break;
		engine_run(lab->model);
	}
	return lab->has_reply && lab->reply.header.id == header.id && lab->reply.header.command == command;
}

int lab_request_error(struct lab *lab, uint16_t command, const void *body, size_t size)
{
	if (!lab_request(lab, command, 0, body, size, NULL, 0))
		return -1;
	return (lab->reply.header.flags & VFIO_ERROR) != 0 ? (int)lab->reply.header.error : 0;
}

void lab_read_region(struct lab *lab, uint32_t region, uint64_t offset, void *data, uint32_t count)
{
	struct vfio_access access = { .offset = offset, .region = region, .count = count };

	CHECK_EQUAL(lab_request_error(lab, VFIO_REGION_READ, &access, sizeof(access)), 0);
	CHECK_EQUAL(lab->reply.header.size, sizeof(struct vfio_header) + sizeof(access) + count);
	memcpy(data, lab->reply.body + sizeof(access), count);
}

void lab_write_region(struct lab *lab, uint32_t region, uint64_t offset, const void *data, uint32_t count)
{
	uint8_t body[sizeof(struct vfio_access) + 4096];
	struct vfio_access access = { .offset = offset, .region = region, .count = count };

	memcpy(body, &access, sizeof(access));
	memcpy(body + sizeof(access), data, count);
	CHECK_EQUAL(lab_request_error(lab, VFIO_REGION_WRITE, body, sizeof(access) + count), 0);
}
