// SPDX-License-Identifier: Apache-2.0
/* A host whose answers to accesses of memory are wrong. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "host.h"
#include "ring.h"

/** Lets channel 0 ask for its descriptor and takes the question. */
static struct vfio_header question(struct lab *lab)
{
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_NOP, 0, 0, 0);
	struct vfio_header header = { 0 };
	struct vfio_dma dma;

	lab_train(lab);
	ring_enable(lab, 0);
	ring_put(lab, 0, 0, &descriptor);
	lab->model->engine.channels[0].tail = 1;
	engine_run(lab->model);
	CHECK_EQUAL(recv(lab->socket, &header, sizeof(header), 0), sizeof(header));
	CHECK_EQUAL(recv(lab->socket, &dma, sizeof(dma), 0), sizeof(dma));
	CHECK_EQUAL(header.command, VFIO_DMA_READ);
	return header;
}

static void reply(struct lab *lab, struct vfio_header header, uint64_t count, size_t bytes)
{
	struct {
		struct vfio_header header;
		struct vfio_dma dma;
		uint8_t data[256];
	} message = { .header = header, .dma = { .count = count } };

	message.header.flags = VFIO_TYPE_REPLY;
	message.header.size = (uint32_t)(sizeof(message.header) + sizeof(message.dma) + bytes);
	send(lab->socket, &message, message.header.size, MSG_NOSIGNAL);
	lab_settle(lab);
}

static void check_refused(struct lab *lab)
{
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_ERROR(0)), NVLINK_ERROR_HOST_REFUSED);
	CHECK((lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)) & NVLINK_CHANNEL_STATUS_HALTED_MASK) != 0);
}

static void test_short(void)
{
	struct lab *lab = lab_open_ready();

	reply(lab, question(lab), 4, 3);
	check_refused(lab);
	lab_close(lab);
}

static void test_long(void)
{
	struct lab *lab = lab_open_ready();

	reply(lab, question(lab), 4, 200);
	check_refused(lab);
	lab_close(lab);
}

static void test_lying_count(void)
{
	struct lab *lab = lab_open_ready();

	reply(lab, question(lab), UINT64_MAX, 4);
	check_refused(lab);
	lab_close(lab);
}

static void test_wrong_command(void)
{
	struct lab *lab = lab_open_ready();
	struct vfio_header header = question(lab);

	header.command = VFIO_DMA_WRITE;
	reply(lab, header, 4, 4);
	CHECK(lab->model->vfio.connection == NULL);
	lab_close(lab);
}

static void test_twice(void)
{
	struct lab *lab = lab_open_ready();
	struct vfio_header header = question(lab);

	lab->answers_nothing = true;
	reply(lab, header, 4, 4);
	CHECK(lab->model->vfio.connection != NULL);
	reply(lab, header, 4, 4);
	CHECK(lab->model->vfio.connection == NULL);
	lab_close(lab);
}

/** Everything in flight at once: as many messages as the engine may ever have. */
static void test_flood(void)
{
	static const char *const words[] = { "--channels", "8", NULL };
	struct lab *lab = lab_open(words);
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_HOST, MEMORY_AT,
							      MEMORY_AT + 0x100000, 0x100000);

	lab_connect(lab);
	lab_set_pci_command(lab, 6);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, 1);
	lab_open_window(lab, 0, 0, UINT64_C(1) << 32, 3);
	for (unsigned int i = 0; i < 8; i++) {
		ring_enable(lab, i);
		ring_put(lab, i, 0, &descriptor);
		ring_tell(lab, i, 1);
	}
	lab_pass(lab, 1000);
	for (unsigned int i = 0; i < 8; i++)
		CHECK_EQUAL(ring_completion(lab, i, 0).error, NVLINK_ERROR_NONE);
	CHECK_EQUAL(lab->model->vfio.dma.in_flight, 0);
	lab_close(lab);
}

/** QEMU stops for good where more answers wait for us than its socket holds. */
static void test_due(void)
{
	struct lab *lab = lab_open_ready();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_HOST, MEMORY_AT,
							      MEMORY_AT + 0x100000, 0x100000);
	uint32_t most = 0;

	for (unsigned int i = 0; i < 4; i++) {
		ring_enable(lab, i);
		ring_put(lab, i, 0, &descriptor);
		ring_tell(lab, i, 1);
	}
	for (int turn = 0; turn < 2000; turn++) {
		uint32_t due = 0;

		loop_once(&lab->model->loop, true);
		engine_run(lab->model);
		for (unsigned int i = 0; i < DMA_SLOTS; i++) {
			const struct dma_slot *slot = &lab->model->vfio.dma.slots[i];

			if (slot->waiter != NULL && slot->is_sent)
				due += DMA_ANSWER_BYTES + (slot->is_write ? 0 : slot->length);
		}
		CHECK_EQUAL(due, lab->model->vfio.dma.due);
		CHECK(due <= DMA_DUE_MAX);
		most = due > most ? due : most;
		if (turn % 3 == 0)
			host_serve(lab);
	}
	CHECK(most > 128 * 1024);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "an answer with too few bytes counts as refused", test_short },
	{ "an answer with too many bytes counts as refused", test_long },
	{ "an answer that lies about its length counts as refused", test_lying_count },
	{ "an answer to something else ends the connection", test_wrong_command },
	{ "an answer that comes twice ends the connection", test_twice },
	{ "answers that are due never fill QEMU's socket", test_due },
	{ "all channels at once have all their accesses answered", test_flood },
};

const struct suite hostile_suite = SUITE("hostile host", tests);
