// SPDX-License-Identifier: Apache-2.0
/*
 * Two machines whose controllers share a link. Machine b only lends its GPU: it serves until machine a has written to the
 * end of it. Which machine this is stands on the kernel command line as nvlab.role=a or b.
 */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "device.h"
#include "link.h"
#include "model.h"
#include "pattern.h"
#include "system-file.h"
#include "tests.h"

/** The controller with a link to another machine, and that link. */
#define CONTROLLER 1
#define LINK 2
#define REMOTE (NVLINK_WHERE_REMOTE | 0)
#define SIZE (1u << 20)
/** What machine a leaves in the last word of what it copies, for b to see that all is done. */
#define DONE 0x5aa5c33c
/** What machine b has left in the word before it: its memory is cleared, and it looks. */
#define READY 0xc33c5aa5
#define READY_AT (SIZE - 8)

static char role(void)
{
	char words[2048];
	const char *word;

	if (!read_text("/proc/cmdline", words, sizeof(words)) || !(word = strstr(words, "nvlab.role=")))
		return '\0';
	return word[strlen("nvlab.role=")];
}

static bool remote_call(int device, struct nvlink_ioc_call *request)
{
	request->gpu = REMOTE;
	return ioctl(device, NVLINK_IOC_CALL, request) == 0;
}

static struct nvlink_operand whole(const struct buffer *buffer, uint64_t offset, uint64_t length)
{
	return (struct nvlink_operand){ .handle = buffer->handle, .offset = offset, .length = length };
}

/** Whoever is faster would write to memory that the other one is yet to clear, and be gone before it looks. */
static bool other_is_ready(const struct buffer *there, const struct buffer *back)
{
	long long end = now_ms() + 60000;
	const uint32_t *word = (const uint32_t *)(back->memory + READY_AT);

	while (copy(back, READY_AT, there, READY_AT, 4)) {
		if (*word == READY)
			return true;
		if (now_ms() > end)
			return false;
		sleep_ms(50);
	}
	return false;
}

static int machine_a(int device)
{
	struct nvlink_ioc_call info = { .command = NVLINK_BRIDGE_INFO };
	struct nvlink_ioc_call checksum = { .command = NVLINK_BRIDGE_CHECKSUM };
	struct nvlink_ioc_call add = { .command = NVLINK_BRIDGE_ADD };
	struct buffer here, back, there;
	uint32_t *words, sum = 0;
	bool good;

	ktap_plan(9);
	ktap_check(link_is(CONTROLLER, LINK, "HS", 30000), "the link to the other machine is trained");
	if (!ktap_check(buffer_allocate(&here, device, NVLINK_WHERE_SYSTEM, SIZE) &&
				buffer_allocate(&back, device, NVLINK_WHERE_SYSTEM, SIZE) &&
				buffer_allocate(&there, device, REMOTE, SIZE),
			"a view of the other machine's GPU"))
		return 1;
	if (!ktap_check(other_is_ready(&there, &back), "the other machine is ready"))
		return 1;
	pattern_write(here.memory, SIZE, 101);
	ktap_check(copy(&there, 0, &here, 0, SIZE), "copy to the other machine's GPU");
	ktap_check(copy(&back, 0, &there, 0, SIZE) && pattern_holds(back.memory, SIZE, 101), "and back");
	ktap_check(remote_call(device, &info) && info.result[0] >= SIZE, "INFO is forwarded");
	checksum.operand[0] = whole(&there, 0, SIZE);
	ktap_check(remote_call(device, &checksum) && checksum.result[0] == crc32_of(here.memory, SIZE),
		   "CHECKSUM is forwarded, the same as the CPU's");
	add.operand[0] = whole(&there, 8192, 4096);
	add.operand[1] = whole(&there, 0, 4096);
	add.operand[2] = whole(&there, 4096, 4096);
	words = (uint32_t *)here.memory;
	good = remote_call(device, &add) && copy(&back, 0, &there, 0, SIZE);
	for (unsigned int i = 0; i < 1024 && good; i++) {
		sum = words[i] + words[1024 + i];
		good = ((uint32_t *)back.memory)[2048 + i] == sum;
	}
	ktap_check(good, "ADD is forwarded, the same as the CPU's");
	words[SIZE / 4 - 1] = DONE;
	ktap_check(copy(&there, SIZE - 4, &here, SIZE - 4, 4), "say that all is done");
	return ktap_finish();
}

static int machine_b(int device)
{
	struct buffer here, view;
	long long end = now_ms() + 120000;
	uint32_t *words;
	bool told = false;

	ktap_plan(5);
	ktap_check(link_is(CONTROLLER, LINK, "HS", 30000), "the link to the other machine is trained");
	/* The first allocation of a machine that has done nothing else begins at the GPU's first byte. */
	if (!ktap_check(buffer_allocate(&here, device, NVLINK_WHERE_SYSTEM, SIZE) &&
				buffer_allocate(&view, device, 0, SIZE),
			"buffers"))
		return 1;
	words = (uint32_t *)here.memory;
	words[READY_AT / 4] = READY;
	if (!ktap_check(copy(&view, READY_AT, &here, READY_AT, 4), "say that we are ready"))
		return 1;
	while (!told && now_ms() < end && copy(&here, 0, &view, 0, SIZE)) {
		told = words[SIZE / 4 - 1] == DONE;
		sleep_ms(50);
	}
	ktap_check(told, "the other machine wrote to our GPU to its end");
	ktap_check(pattern_holds(here.memory, 8192, 101), "what it left there is what it sent");
	return ktap_finish();
}

int test_machines(void)
{
	int device;

	if (!role() || !exists(CLASS "/nvlink%u", CONTROLLER))
		return ktap_skip_all("this is not one of two machines");
	links_wait(CONTROLLER, 20000);
	device = device_open(CONTROLLER);
	if (device < 0) {
		perror("# open");
		return 1;
	}
	return role() == 'a' ? machine_a(device) : machine_b(device);
}
