// SPDX-License-Identifier: Apache-2.0
/* Bridge mode: commands that a GPU's host carries out on the GPU's memory. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "device.h"
#include "link.h"
#include "pattern.h"
#include "system-file.h"
#include "tests.h"

#define SIZE (256u << 10)

static struct {
	int device;
	struct buffer here, there, other_gpu;
} its;

static struct nvlink_operand range(const struct buffer *buffer, uint64_t offset, uint64_t length)
{
	return (struct nvlink_operand){ .handle = buffer->handle, .offset = offset, .length = length };
}

static bool call(struct nvlink_ioc_call *request)
{
	return ioctl(its.device, NVLINK_IOC_CALL, request) == 0;
}

static bool fails(struct nvlink_ioc_call request, int error)
{
	bool right = !call(&request) && errno == error;

	if (right)
		errno = 0;
	return right;
}

static bool says_who_it_is(void)
{
	struct nvlink_ioc_call request = { .command = NVLINK_BRIDGE_INFO };

	return call(&request) &&
	       request.result[0] == (uint64_t)read_number(CLASS "/nvlink0-gpu0/memory_bytes") &&
	       request.result[1] == (uint64_t)read_number(CLASS "/nvlink0-gpu0/identity");
}

static bool checksums(void)
{
	struct nvlink_ioc_call request = {
		.command = NVLINK_BRIDGE_CHECKSUM,
		.operand = { range(&its.there, 3, SIZE - 7) },
	};

	pattern_write(its.here.memory, SIZE, 61);
	return copy(&its.there, 0, &its.here, 0, SIZE) && call(&request) &&
	       request.result[0] == crc32_of(its.here.memory + 3, SIZE - 7);
}

/** Words at 0 plus words at a third, to two thirds; the CPU does the same. */
static bool adds(void)
{
	const uint64_t part = SIZE / 4;
	struct nvlink_ioc_call request = {
		.command = NVLINK_BRIDGE_ADD,
		.operand = { range(&its.there, 2 * part, part), range(&its.there, 0, part),
			     range(&its.there, part, part) },
	};
	uint32_t *words = (uint32_t *)its.here.memory;

	pattern_write(its.here.memory, SIZE, 62);
	if (!copy(&its.there, 0, &its.here, 0, SIZE) || !call(&request) || !copy(&its.here, 0, &its.there, 0, SIZE))
		return false;
	for (size_t i = 0; i < part / 4; i++)
		if (words[2 * part / 4 + i] != words[i] + words[part / 4 + i])
			return false;
	return words[3 * part / 4] == ((uint32_t)pattern_at(3 * part, 62) | (uint32_t)pattern_at(3 * part + 1, 62) << 8 |
				       (uint32_t)pattern_at(3 * part + 2, 62) << 16 |
				       (uint32_t)pattern_at(3 * part + 3, 62) << 24);
}

int test_calls(void)
{
	char addresses[4][16];
	struct nvlink_ioc_info info;

	if (!controllers_find(addresses, 4))
		return ktap_skip_all("no controller");
	links_wait(0, 10000);
	its.device = device_open(0);
	ktap_plan(9);
	if (!ktap_check(device_info(its.device, &info) && info.flags & NVLINK_INFO_CALL &&
				buffer_allocate(&its.here, its.device, NVLINK_WHERE_SYSTEM, SIZE) &&
				buffer_allocate(&its.there, its.device, 0, SIZE) &&
				buffer_allocate(&its.other_gpu, its.device, 1, SIZE),
			"the controller forwards calls"))
		return 1;
	ktap_check(says_who_it_is(), "INFO: memory and identity as sysfs has them");
	ktap_check(checksums(), "CHECKSUM: the same as the CPU's");
	ktap_check(adds(), "ADD: the same as the CPU's, and nothing beside");
	ktap_check(fails((struct nvlink_ioc_call){ .command = 77 }, EOPNOTSUPP), "a command that nobody knows");
	ktap_check(fails((struct nvlink_ioc_call){ .command = NVLINK_BRIDGE_ADD,
						   .operand = { range(&its.there, 2, 64), range(&its.there, 0, 64),
								range(&its.there, 128, 64) } },
			 EINVAL),
		   "ADD: ranges that overlap");
	ktap_check(fails((struct nvlink_ioc_call){ .command = NVLINK_BRIDGE_CHECKSUM,
						   .operand = { range(&its.there, SIZE - 4, 8) } },
			 ERANGE),
		   "CHECKSUM: past the end");
	ktap_check(fails((struct nvlink_ioc_call){ .command = NVLINK_BRIDGE_CHECKSUM,
						   .operand = { range(&its.other_gpu, 0, 8) } },
			 EINVAL),
		   "CHECKSUM: memory of another GPU");
	ktap_check(fails((struct nvlink_ioc_call){ .command = NVLINK_BRIDGE_INFO, .gpu = 9 }, ENXIO),
		   "a GPU that is not there");
	buffer_free(&its.other_gpu);
	buffer_free(&its.there);
	buffer_free(&its.here);
	close(its.device);
	return ktap_finish();
}
