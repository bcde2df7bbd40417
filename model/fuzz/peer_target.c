// SPDX-License-Identifier: Apache-2.0
/* Bytes from what should be another machine's model, while transfers to it are asked for. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../test/ring.h"
#include "fuzz.h"

static struct lab *open_lab(void)
{
	static const char *const words[] = { "--links", "gpu0,gpu1,host0,host0", "--trained", NULL };
	struct lab *lab = lab_open(words);

	lab_connect(lab);
	lab_set_pci_command(lab, 6);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, 1);
	lab_open_window(lab, 0, 0, UINT64_C(1) << 32, 3);
	return lab;
}

static void ask_for_remote(struct lab *lab)
{
	static const uint8_t opcodes[] = { NVLINK_OPCODE_READ, NVLINK_OPCODE_WRITE, NVLINK_OPCODE_CALL };

	ring_enable(lab, 0);
	for (uint32_t i = 0; i < 3; i++) {
		struct nvlink_descriptor descriptor = ring_descriptor(opcodes[i], MEMORY_AT, MEMORY_AT + 8192,
								      64);

		descriptor.pattern = 64;
		if (opcodes[i] == NVLINK_OPCODE_WRITE)
			descriptor.source_gpu = NVLINK_REMOTE_GPU;
		else
			descriptor.destination_gpu = NVLINK_REMOTE_GPU;
		ring_put(lab, 0, i, &descriptor);
	}
	ring_tell(lab, 0, 3);
}

static void feed(const uint8_t *data, size_t size)
{
	struct lab *lab = open_lab();
	uint8_t waste[4096];
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
		abort();
	peer_take_connection(lab->model, ends[1]);
	lab_settle(lab);
	for (size_t at = 0; at < size;) {
		uint32_t length = 0;

		if (size - at >= sizeof(struct peer_header))
			memcpy(&length, data + at + offsetof(struct peer_header, length), sizeof(length));
		if (length > size - at - sizeof(struct peer_header))
			length = 0;
		length += sizeof(struct peer_header);
		if (length > size - at)
			length = (uint32_t)(size - at);
		send(ends[0], data + at, length, MSG_NOSIGNAL | MSG_DONTWAIT);
		at += length;
		lab_pass(lab, 10000);
		if (lab->model->links[2].state == NVLINK_STATE_HS && lab->model->engine.channels[0].tail == 0)
			ask_for_remote(lab);
		while (recv(ends[0], waste, sizeof(waste), MSG_DONTWAIT) > 0)
			;
	}
	close(ends[0]);
	lab_pass(lab, 2000000);
	lab_close(lab);
}

static size_t put(uint8_t *data, size_t at, struct peer_header header)
{
	header.magic = PEER_MAGIC;
	memcpy(data + at, &header, sizeof(header));
	memset(data + at + sizeof(header), 0, header.length);
	return at + sizeof(header) + header.length;
}

static size_t seed(uint8_t *data, size_t room, uint32_t number)
{
	size_t at = put(data, 0,
			(struct peer_header){ .kind = PEER_HELLO, .argument = PEER_VERSION, .count = 2 });

	(void)room;
	at = put(data, at,
		 (struct peer_header){ .kind = PEER_STATE, .port = 0, .argument = NVLINK_STATE_DETECT });
	at = put(data, at,
		 (struct peer_header){ .kind = PEER_STATE, .port = 0, .argument = NVLINK_STATE_INITTL });
	at = put(data, at, (struct peer_header){ .kind = PEER_STATE, .port = 0, .argument = NVLINK_STATE_HS });
	at = put(data, at,
		 (struct peer_header){ .kind = PEER_READ, .id = number, .argument = number % 3, .count = 64 });
	at = put(data, at, (struct peer_header){ .kind = PEER_WRITE, .id = 1, .length = 64, .offset = number });
	at = put(data, at, (struct peer_header){ .kind = PEER_ANSWER, .id = 0 });
	at = put(data, at,
		 (struct peer_header){ .kind = PEER_CALL, .id = 2, .length = sizeof(struct nvlink_call) });
	at = put(data, at, (struct peer_header){ .kind = PEER_ANSWER, .id = 1, .length = 64 });
	return put(
		data, at,
		(struct peer_header){ .kind = PEER_ANSWER, .id = 2, .length = sizeof(struct nvlink_answer) });
}

const struct target peer_target = { "peer", feed, seed };
