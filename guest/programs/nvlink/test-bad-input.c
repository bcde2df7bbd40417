// SPDX-License-Identifier: Apache-2.0
/* Every call at and past every bound: a clear errno, nothing done, nothing lost. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "flow.h"
#include "link.h"
#include "place.h"
#include "system-file.h"
#include "tests.h"

#define SIZE FLOW_SIZE
#define NOBODYS 0x7fffffffu

static struct flow flow;
/** What the table below refers to by 1 and 2. */
static uint32_t here, there;

static void expect(unsigned long command, void *argument, int error, const char *name)
{
	int result;

	errno = 0;
	result = ioctl(flow.device, command, argument);
	if (error == 0 ? result == 0 : result < 0 && errno == error) {
		errno = 0;
		ktap_check(true, name);
		return;
	}
	printf("# expected errno %d (%s), result %d\n", error, strerror(error), result);
	ktap_check(false, name);
}

#define EXPECT(call, error, name, ...) \
	expect(NVLINK_IOC_##call, &(STRUCT_##call){ __VA_ARGS__ }, error, #call ": " name)
#define STRUCT_GPU_INFO struct nvlink_ioc_gpu_info
#define STRUCT_ALLOC struct nvlink_ioc_alloc
#define STRUCT_FREE struct nvlink_ioc_free
#define STRUCT_QUERY struct nvlink_ioc_query
#define STRUCT_EXPORT struct nvlink_ioc_export
#define STRUCT_IMPORT struct nvlink_ioc_import
#define STRUCT_COPY struct nvlink_ioc_copy
#define STRUCT_FILL struct nvlink_ioc_fill
#define STRUCT_WAIT struct nvlink_ioc_wait
#define STRUCT_CALL struct nvlink_ioc_call
#define STRUCT_PEER struct nvlink_ioc_peer
#define STRUCT_RING struct nvlink_ioc_ring
#define STRUCT_SYNC struct nvlink_ioc_sync
#define STRUCT_LINK_RESET struct nvlink_ioc_link_reset
#define WAITED .submit = { .flags = NVLINK_SUBMIT_WAIT, .link = NVLINK_ANY_LINK }

/** Bytes of system memory that the file may still take. */
static uint64_t left(void)
{
	struct nvlink_ioc_info info;

	return device_info(flow.device, &info) ? info.limit - info.used : 0;
}

static void allocation(void)
{
	EXPECT(GPU_INFO, ENXIO, "the GPU after the last", .gpu = 2);
	EXPECT(GPU_INFO, ENXIO, "no GPU at all", .gpu = ~0u);
	EXPECT(ALLOC, EINVAL, "no bytes", .where = NVLINK_WHERE_SYSTEM);
	EXPECT(ALLOC, EINVAL, "a flag", .size = SIZE, .where = NVLINK_WHERE_SYSTEM, .flags = 1);
	EXPECT(ALLOC, EINVAL, "reserved", .size = SIZE, .where = NVLINK_WHERE_SYSTEM, .reserved = 1);
	EXPECT(ALLOC, ENXIO, "a GPU that is not there", .size = SIZE, .where = 2);
	EXPECT(ALLOC, ENOMEM, "more than the GPU has", .size = (64u << 20) + 1, .where = 0);
	EXPECT(ALLOC, ENOMEM, "2^64 - 1 bytes of a GPU", .size = ~0ull, .where = 0);
	EXPECT(ALLOC, ENOMEM, "2^64 - 1 bytes of the system", .size = ~0ull, .where = NVLINK_WHERE_SYSTEM);
	EXPECT(ALLOC, EDQUOT, "one byte more than this file may have", .size = left() + 1, .where = NVLINK_WHERE_SYSTEM);
	EXPECT(FREE, ENOENT, "nobody's handle", .handle = NOBODYS);
	EXPECT(FREE, ENOENT, "handle 0", .handle = 0);
	EXPECT(FREE, EINVAL, "reserved", .handle = here, .reserved = 1);
	EXPECT(QUERY, ENOENT, "nobody's handle", .handle = NOBODYS);
	EXPECT(EXPORT, ENOENT, "nobody's handle", .handle = NOBODYS, .flags = O_CLOEXEC);
	EXPECT(EXPORT, EINVAL, "a flag that open() has not", .handle = here, .flags = 1u << 30);
	EXPECT(IMPORT, EBADF, "no file", .fd = -1);
	EXPECT(IMPORT, EINVAL, "the device's own file", .fd = flow.device);
	EXPECT(IMPORT, EINVAL, "a flag", .fd = 0, .flags = 1);
}

static void copying(void)
{
	EXPECT(COPY, EINVAL, "no bytes", .source = here, .destination = there, WAITED);
	EXPECT(COPY, 0, "the last byte", .source = here, .destination = there, .source_offset = SIZE - 1,
	       .destination_offset = SIZE - 1, .length = 1, WAITED);
	EXPECT(COPY, ERANGE, "one byte past the source", .source = here, .destination = there, .source_offset = 1,
	       .length = SIZE, WAITED);
	EXPECT(COPY, ERANGE, "one byte past the destination", .source = here, .destination = there,
	       .destination_offset = 1, .length = SIZE, WAITED);
	EXPECT(COPY, ERANGE, "offset and length that wrap around", .source = here, .destination = there,
	       .source_offset = ~0ull - 10, .length = 20, WAITED);
	EXPECT(COPY, ERANGE, "2^64 - 1 bytes", .source = here, .destination = there, .length = ~0ull, WAITED);
	EXPECT(COPY, ENOENT, "nobody's source", .source = NOBODYS, .destination = there, .length = 1, WAITED);
	EXPECT(COPY, ENOENT, "nobody's destination", .source = here, .destination = NOBODYS, .length = 1, WAITED);
	EXPECT(COPY, EINVAL, "onto itself", .source = there, .destination = there, .destination_offset = 10,
	       .length = 20, WAITED);
	EXPECT(COPY, EINVAL, "reserved", .source = here, .destination = there, .length = 1, .reserved = 1, WAITED);
	EXPECT(COPY, EINVAL, "a flag", .source = here, .destination = there, .length = 1,
	       .submit = { .flags = 1u << 31, .link = NVLINK_ANY_LINK });
	EXPECT(COPY, EINVAL, "a link that is not there", .source = here, .destination = there, .length = 1,
	       .submit = { .flags = NVLINK_SUBMIT_WAIT, .link = 200 });
	EXPECT(COPY, EINVAL, "an in-fence without its flag", .source = here, .destination = there, .length = 1,
	       .submit = { .link = NVLINK_ANY_LINK, .in_fence = 5 });
	EXPECT(FILL, EINVAL, "system memory", .handle = here, .length = 1, WAITED);
	EXPECT(FILL, EINVAL, "no bytes", .handle = there, WAITED);
	EXPECT(FILL, ERANGE, "one byte past the end", .handle = there, .offset = SIZE, .length = 1, WAITED);
	EXPECT(FILL, ENOENT, "nobody's handle", .handle = NOBODYS, .length = 1, WAITED);
	EXPECT(FILL, EINVAL, "reserved", .handle = there, .length = 1, .reserved = 1, WAITED);
}

static void the_rest(void)
{
	EXPECT(WAIT, EINVAL, "a kind that is not there", .kind = 4);
	EXPECT(WAIT, ENOENT, "a job that was never asked for", .kind = NVLINK_WAIT_JOB, .id = 1ull << 60);
	EXPECT(WAIT, ENOENT, "nobody's buffer", .kind = NVLINK_WAIT_BUFFER, .id = NOBODYS);
	EXPECT(WAIT, EINVAL, "all, but with a number", .kind = NVLINK_WAIT_ALL, .id = 1);
	EXPECT(WAIT, EINVAL, "reserved", .kind = NVLINK_WAIT_ALL, .reserved = 1);
	EXPECT(WAIT, EBADF, "a file that is no fence", .kind = NVLINK_WAIT_FENCE, .id = (uint64_t)flow.device);
	EXPECT(CALL, ENOENT, "nobody's handle", .command = NVLINK_BRIDGE_CHECKSUM,
	       .operand = { { .handle = NOBODYS, .length = 4 } });
	EXPECT(CALL, EINVAL, "system memory", .command = NVLINK_BRIDGE_CHECKSUM,
	       .operand = { { .handle = here, .length = 4 } });
	EXPECT(CALL, EINVAL, "operands that INFO does not take", .command = NVLINK_BRIDGE_INFO,
	       .operand = { { .handle = there, .length = 4 } });
	EXPECT(CALL, EINVAL, "reserved", .command = NVLINK_BRIDGE_INFO, .reserved = 1);
	EXPECT(PEER, ENXIO, "a GPU that is not there", .source = 0, .destination = 2);
	EXPECT(PEER, EINVAL, "a GPU and itself", .source = 1, .destination = 1);
	EXPECT(RING, ENXIO, "a GPU that is not there", .gpu = 2);
	EXPECT(SYNC, ENOENT, "nobody's handle", .handle = NOBODYS, .flags = NVLINK_SYNC_READ);
	EXPECT(SYNC, EINVAL, "no direction", .handle = here);
	EXPECT(SYNC, EINVAL, "a flag", .handle = here, .flags = NVLINK_SYNC_READ | 8);
	EXPECT(SYNC, EINVAL, "GPU memory", .handle = there, .flags = NVLINK_SYNC_READ);
	EXPECT(LINK_RESET, EINVAL, "the link after the last", .link = 4);
	EXPECT(LINK_RESET, EINVAL, "reserved", .link = 0, .reserved = 1);
}

static bool refuses(unsigned long command, void *argument, int error)
{
	bool right = ioctl(flow.device, command, argument) < 0 && errno == error;

	if (right)
		errno = 0;
	return right;
}

static void not_even_a_call(void)
{
	struct nvlink_ioc_info info;
	struct nvlink_event event;
	void *unreadable = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ktap_check(refuses(_IO(NVLINK_IOC_TYPE, 0x7f), NULL, ENOTTY), "a number that is no call");
	ktap_check(refuses(_IO('x', 0), NULL, ENOTTY), "a call of another driver");
	ktap_check(refuses(_IOC(_IOC_READ, NVLINK_IOC_TYPE, 0, 8), &info, ENOTTY), "a call with another size");
	ktap_check(refuses(NVLINK_IOC_ALLOC, NULL, EFAULT) && refuses(NVLINK_IOC_ALLOC, unreadable, EFAULT) &&
			   refuses(NVLINK_IOC_INFO, unreadable, EFAULT),
		   "an argument that cannot be read or written");
	ktap_check(mmap(NULL, 4096, PROT_READ, MAP_SHARED, flow.device, 0x7fffff000) == MAP_FAILED,
		   "mmap: an offset that is nobody's");
	errno = 0;
	ktap_check(fcntl(flow.device, F_SETFL, O_NONBLOCK) == 0 && read(flow.device, &event, 3) < 0 && errno == EINVAL,
		   "read: no room for an event");
	errno = 0;
	fcntl(flow.device, F_SETFL, 0);
}

/** Handles mean nothing to another opener, and a mapping outlives its handle. */
static void two_openers(void)
{
	struct buffer mine, foreign[3];
	int other = device_open(0);
	uint8_t *kept;
	bool good;

	ktap_check(other >= 0 && buffer_allocate(&mine, other, NVLINK_WHERE_SYSTEM, SIZE),
		   "two openers: both are let in");
	/* More than the other one has: the last handle is one that only the first one knows. */
	good = buffer_allocate(&foreign[0], flow.device, 0, SIZE) && buffer_allocate(&foreign[1], flow.device, 0, SIZE) &&
	       buffer_allocate(&foreign[2], flow.device, 0, SIZE) && copy(&foreign[2], 0, &flow.here, 0, 16);
	foreign[2].device = other;
	errno = 0;
	good = good && foreign[2].handle != mine.handle && !copy(&mine, 0, &foreign[2], 0, 16) && errno == ENOENT;
	foreign[2].device = flow.device;
	errno = 0;
	for (unsigned int i = 0; i < 3; i++)
		good = buffer_free(&foreign[i]) && good;
	ktap_check(good, "two openers: one's handles are not the other's");
	errno = 0;
	kept = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, other, 0);
	if (kept == MAP_FAILED) {
		kept = mine.memory;
		mine.memory = NULL;
	}
	kept[0] = 42;
	ktap_check(buffer_free(&mine) && kept[0] == 42 && close(other) == 0 && kept[SIZE - 1] == 0,
		   "two openers: a mapping outlives handle and file");
	munmap(kept, SIZE);
	errno = 0;
}

static bool many_handles(void)
{
	int other = device_open(0);
	struct nvlink_ioc_alloc request = { .size = 1, .where = NVLINK_WHERE_SYSTEM };
	unsigned int count = 0;

	while (count < 200000 && ioctl(other, NVLINK_IOC_ALLOC, &request) == 0) {
		request.mmap_offset = 0;
		request.handle = 0;
		count++;
	}
	printf("# %u buffers\n", count);
	close(other);
	if (errno != EDQUOT && errno != ENOMEM)
		return false;
	errno = 0;
	return count > 0;
}

int test_bad_input(void)
{
	char addresses[4][16];
	int places;

	if (!controllers_find(addresses, 4))
		return ktap_skip_all("no controller");
	ktap_plan(1 + 19 + 18 + 19 + 6 + 3 + 3);
	if (!ktap_check(flow_open(&flow, 0) && flow_works(&flow), "data flows"))
		return 1;
	here = flow.here.handle;
	there = flow.there.handle;
	places = places_taken(0);
	allocation();
	copying();
	the_rest();
	not_even_a_call();
	two_openers();
	ktap_check(many_handles(), "buffers without end: refused at the limit, given back at the close");
	ktap_check(places_taken(0) == places, "nothing is left over");
	ktap_check(flow_works(&flow), "data flows");
	flow_close(&flow);
	return ktap_finish();
}
