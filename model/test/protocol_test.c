// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab.h"

static void test_version(void)
{
	struct lab *lab = lab_open(NULL);
	struct vfio_version version;

	lab_connect(lab);
	memcpy(&version, lab->reply.body, sizeof(version));
	CHECK_EQUAL(version.major, 0);
	CHECK_EQUAL(version.minor, 0);
	CHECK_TEXT((const char *)lab->reply.body + sizeof(version), "\"max_data_xfer_size\":65536");
	CHECK_EQUAL(lab->reply.body[lab->reply.header.size - sizeof(struct vfio_header) - 1], 0);
	lab_close(lab);
}

static void test_info(void)
{
	struct lab *lab = lab_open_ready();
	struct vfio_info info = { .argsz = sizeof(info) };
	struct vfio_region region;
	struct vfio_irq irq;
	static const uint64_t sizes[VFIO_REGIONS] = { [VFIO_BAR0] = 0x10000,
						      [VFIO_BAR2] = 0x2000,
						      [VFIO_CONFIG] = 256 };
	static const uint32_t vectors[] = { 1, 1, NVLINK_CAUSE_COUNT, 0, 0 };

	CHECK_EQUAL(lab_request_error(lab, VFIO_GET_INFO, &info, sizeof(info)), 0);
	memcpy(&info, lab->reply.body, sizeof(info));
	CHECK_EQUAL(info.flags, VFIO_INFO_PCI | VFIO_INFO_RESET);
	CHECK_EQUAL(info.regions, 9);
	CHECK_EQUAL(info.irqs, 5);
	for (uint32_t i = 0; i < VFIO_REGIONS; i++) {
		region = (struct vfio_region){ .argsz = sizeof(region), .index = i };
		CHECK_EQUAL(lab_request_error(lab, VFIO_GET_REGION_INFO, &region, sizeof(region)), 0);
		memcpy(&region, lab->reply.body, sizeof(region));
		CHECK_EQUAL(region.size, sizes[i]);
		CHECK_EQUAL(region.flags, sizes[i] == 0 ? 0 : 3);
	}
	region.index = VFIO_REGIONS;
	CHECK_EQUAL(lab_request_error(lab, VFIO_GET_REGION_INFO, &region, sizeof(region)), EINVAL);
	for (uint32_t i = 0; i < VFIO_IRQS; i++) {
		irq = (struct vfio_irq){ .argsz = sizeof(irq), .index = i };
		CHECK_EQUAL(lab_request_error(lab, VFIO_GET_IRQ_INFO, &irq, sizeof(irq)),
			    vectors[i] == 0 ? EINVAL : 0);
		memcpy(&irq, lab->reply.body, sizeof(irq));
		if (vectors[i] != 0)
			CHECK_EQUAL(irq.count, vectors[i]);
	}
	lab_close(lab);
}

static int open_files(void)
{
	int count = 0;

	for (int file = 0; file < 256; file++)
		count += fcntl(file, F_GETFD) >= 0;
	return count;
}

/** QEMU passes its RAM's files with maps; none is kept. */
static void test_maps(void)
{
	struct lab *lab = lab_open_ready();
	struct {
		uint32_t argsz, flags;
		uint64_t offset, address, size;
	} map = { .argsz = sizeof(map), .flags = 3, .address = MEMORY_AT, .size = MEMORY_BYTES };
	struct vfio_dma_unmap unmap = { .argsz = sizeof(unmap), .address = MEMORY_AT, .size = MEMORY_BYTES };
	int before = open_files(), file = open("/dev/null", O_RDWR | O_CLOEXEC);

	CHECK(lab_request(lab, VFIO_DMA_MAP, 0, &map, sizeof(map), &file, 1));
	CHECK_EQUAL(lab->reply.header.flags, VFIO_TYPE_REPLY);
	close(file);
	CHECK_EQUAL(open_files(), before);
	CHECK_EQUAL(lab_request_error(lab, VFIO_DMA_UNMAP, &unmap, sizeof(unmap)), 0);
	CHECK_EQUAL(lab->reply.header.size, sizeof(struct vfio_header) + sizeof(unmap));
	lab_close(lab);
}

static void test_no_reply(void)
{
	struct lab *lab = lab_open_ready();
	struct {
		struct vfio_access access;
		uint32_t value;
	} body = { .access = { .offset = NVLINK_REG_GLOBAL_SCRATCH, .region = VFIO_BAR0, .count = 4 },
		   .value = 77 };

	CHECK(!lab_request(lab, VFIO_REGION_WRITE, VFIO_NO_REPLY, &body, sizeof(body.access) + 4, NULL, 0));
	body.access.offset = 1u << 30;
	CHECK(!lab_request(lab, VFIO_REGION_WRITE, VFIO_NO_REPLY, &body, sizeof(body.access) + 4, NULL, 0));
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_SCRATCH), 77);
	lab_close(lab);
}

static void test_outside(void)
{
	struct lab *lab = lab_open_ready();
	static const struct vfio_access wrong[] = {
		{ 0x10000, VFIO_BAR0, 4 },
		{ 0xfffd, VFIO_BAR0, 4 },
		{ UINT64_MAX, VFIO_BAR0, 4 },
		{ UINT64_MAX - 3, VFIO_BAR0, 4 },
		{ 0, VFIO_BAR0, 0 },
		{ 0, VFIO_BAR0, UINT32_MAX },
		{ 0, VFIO_BAR0, 4097 },
		{ 0, 1, 4 },
		{ 0, 8, 4 },
		{ 0, 9, 4 },
		{ 0, UINT32_MAX, 4 },
		{ 253, VFIO_CONFIG, 4 },
		{ 0, VFIO_CONFIG, 257 },
		{ 0x1ffe, VFIO_BAR2, 4 },
	};
	uint8_t body[sizeof(struct vfio_access) + 8] = { 0 };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		memcpy(body, &wrong[i], sizeof(wrong[i]));
		CHECK_EQUAL(lab_request_error(lab, VFIO_REGION_READ, body, sizeof(wrong[i])), EINVAL);
		CHECK_EQUAL(lab_request_error(lab, VFIO_REGION_WRITE, body, sizeof(body)), EINVAL);
	}
	/* Less data than the count says. */
	memcpy(body, &(struct vfio_access){ 0, VFIO_BAR0, 16 }, sizeof(struct vfio_access));
	CHECK_EQUAL(lab_request_error(lab, VFIO_REGION_WRITE, body, sizeof(body)), EINVAL);
	lab_close(lab);
}

static void test_unknown(void)
{
	struct lab *lab = lab_open_ready();

	CHECK_EQUAL(lab_request_error(lab, 6, NULL, 0), ENOTSUP);
	CHECK_EQUAL(lab_request_error(lab, 14, NULL, 0), ENOTSUP);
	CHECK_EQUAL(lab_request_error(lab, 16, NULL, 0), ENOTSUP);
	CHECK_EQUAL(lab_request_error(lab, 0, NULL, 0), ENOTSUP);
	CHECK_EQUAL(lab_request_error(lab, 0xffff, NULL, 0), ENOTSUP);
	CHECK_EQUAL(lab_request_error(lab, VFIO_GET_INFO, NULL, 0), EINVAL);
	CHECK_EQUAL(lab_request_error(lab, VFIO_SET_IRQS, NULL, 0), EINVAL);
	CHECK_EQUAL(lab_request_error(lab, VFIO_REGION_READ, NULL, 0), EINVAL);
	CHECK_EQUAL(lab_request_error(lab, VFIO_DMA_MAP, NULL, 0), EINVAL);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), NVLINK_GLOBAL_ID_RESET);
	lab_close(lab);
}

static bool is_cut_off(struct lab *lab, const struct vfio_header *header)
{
	char byte;

	send(lab->socket, header, sizeof(*header), MSG_NOSIGNAL);
	lab_settle(lab);
	return lab->model->vfio.connection == NULL && recv(lab->socket, &byte, 1, MSG_DONTWAIT) == 0;
}

static void test_broken_framing(void)
{
	static const struct vfio_header wrong[] = {
		{ .command = VFIO_GET_INFO, .size = 15 },
		{ .command = VFIO_GET_INFO, .size = 0 },
		{ .command = VFIO_GET_INFO, .size = UINT32_MAX },
		{ .command = VFIO_GET_INFO, .size = sizeof(struct vfio_header) + VFIO_BODY_MAX + 1 },
		{ .command = VFIO_GET_INFO, .size = 16, .flags = 2 },
		{ .command = VFIO_DMA_READ, .size = 16, .flags = VFIO_TYPE_REPLY, .id = 999 },
		{ .command = VFIO_VERSION, .size = 16 },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct lab *lab = lab_open_ready();

		CHECK(is_cut_off(lab, &wrong[i]));
		lab_close(lab);
	}
}

static void test_version_first(void)
{
	static const struct vfio_header early = { .command = VFIO_GET_INFO, .size = 16 };
	struct lab *lab = lab_open(NULL);
	int ends[2];

	CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	lab->socket = ends[0];
	vfio_take_connection(lab->model, ends[1]);
	CHECK(is_cut_off(lab, &early));
	CHECK(!lab->model->has_to_quit);
	lab_close(lab);
}

/** Byte by byte, the header and the body each in pieces. */
static void test_pieces(void)
{
	struct lab *lab = lab_open_ready();
	struct {
		struct vfio_header header;
		struct vfio_access access;
	} message = { { .id = 0x77, .command = VFIO_REGION_READ, .size = sizeof(message) },
		      { .region = VFIO_BAR0, .count = 4 } };

	lab->has_reply = false;
	for (size_t i = 0; i < sizeof(message); i++) {
		CHECK(!lab->has_reply);
		send(lab->socket, (const char *)&message + i, 1, MSG_NOSIGNAL);
		lab_settle(lab);
	}
	CHECK(lab->has_reply);
	CHECK_EQUAL(lab->reply.header.id, 0x77);
	lab_close(lab);
}

static void test_second_host(void)
{
	struct lab *lab = lab_open_ready();
	int ends[2];
	char byte;

	CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	CHECK(!vfio_take_connection(lab->model, ends[1]));
	CHECK_EQUAL(recv(ends[0], &byte, 1, 0), 0);
	close(ends[0]);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), NVLINK_GLOBAL_ID_RESET);
	lab_close(lab);
}

/** Who never exchanges versions does not keep QEMU from its place. */
static void test_no_version(void)
{
	struct lab *lab = lab_open(NULL);
	int ends[2];

	CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	CHECK(vfio_take_connection(lab->model, ends[1]));
	lab_pass(lab, 11000000);
	CHECK(lab->model->vfio.connection == NULL);
	CHECK(!lab->model->has_to_quit);
	close(ends[0]);
	lab_connect(lab);
	lab_pass(lab, 60000000);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_ID), NVLINK_GLOBAL_ID_RESET);
	lab_close(lab);
}

/** Someone who asks and never reads the answers is cut off before they fill the memory. */
static void test_deaf_host(void)
{
	struct lab *lab = lab_open_ready();
	struct {
		struct vfio_header header;
		struct vfio_access access;
	} message = { { .command = VFIO_REGION_READ, .size = sizeof(message) },
		      { .region = VFIO_BAR2, .count = 4096 } };

	for (int i = 0; i < 20000 && lab->model->vfio.connection != NULL; i++) {
		send(lab->socket, &message, sizeof(message), MSG_NOSIGNAL);
		loop_once(&lab->model->loop, true);
	}
	CHECK(lab->model->vfio.connection == NULL);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "versions and limits are exchanged", test_version },
	{ "device, regions and interrupts are as QEMU wants them", test_info },
	{ "the files of memory maps are closed at once", test_maps },
	{ "posted writes get no reply, not even an error", test_no_reply },
	{ "accesses outside a region are refused", test_outside },
	{ "unknown and too short requests are refused, and the connection lives", test_unknown },
	{ "messages that are none end the connection", test_broken_framing },
	{ "nothing is answered before the version", test_version_first },
	{ "a connection without versions is ended", test_no_version },
	{ "messages may come in any pieces", test_pieces },
	{ "a second host is sent away", test_second_host },
	{ "a host that does not read its answers is cut off", test_deaf_host },
};

const struct suite protocol_suite = SUITE("vfio-user", tests);
