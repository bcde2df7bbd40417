// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "caller.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define ARGUMENT_WORDS 48

static const unsigned long calls[] = {
	NVLINK_IOC_INFO,   NVLINK_IOC_GPU_INFO, NVLINK_IOC_ALLOC, NVLINK_IOC_ALLOC, NVLINK_IOC_FREE, NVLINK_IOC_QUERY,
	NVLINK_IOC_EXPORT, NVLINK_IOC_IMPORT,	NVLINK_IOC_COPY,  NVLINK_IOC_COPY,  NVLINK_IOC_COPY, NVLINK_IOC_FILL,
	NVLINK_IOC_WAIT,   NVLINK_IOC_CALL,	NVLINK_IOC_PEER,  NVLINK_IOC_RING,  NVLINK_IOC_SYNC,
};

void caller_begin(struct caller *caller, uint64_t seed, int device)
{
	*caller = (struct caller){ .dice = { .state = seed }, .device = device };
	for (unsigned int i = 0; i < CALLER_POOL; i++)
		caller->files[i] = -1;
}

static uint64_t roll(struct caller *caller, uint64_t below)
{
	return random_below(&caller->dice, below);
}

/** A number of the kinds that code stumbles over, or of those that it wants. */
static uint32_t number(struct caller *caller)
{
	switch (roll(caller, 10)) {
	case 0:
		return (uint32_t)random_next(&caller->dice);
	case 1:
		return 1u << roll(caller, 32);
	case 2:
		return ~0u - (uint32_t)roll(caller, 4);
	case 3:
		return caller->handles[roll(caller, CALLER_POOL)];
	case 4:
		return (uint32_t)caller->files[roll(caller, CALLER_POOL)];
	case 5:
		return (uint32_t)roll(caller, 65536);
	default:
		return (uint32_t)roll(caller, 8) / 4;
	}
}

static uint32_t handle(struct caller *caller)
{
	return roll(caller, 20) ? caller->handles[roll(caller, CALLER_POOL)] : number(caller);
}

/** Make calls succeed now and then: handles where handles belong, and no reserved field set. */
static void make_plausible(struct caller *caller, unsigned long call, void *argument)
{
	struct nvlink_ioc_copy *copy = argument;
	struct nvlink_ioc_fill *fill = argument;
	struct nvlink_ioc_alloc *alloc = argument;
	struct nvlink_ioc_wait *wait = argument;
	struct nvlink_ioc_export *export = argument;
	struct nvlink_ioc_import *import = argument;

	switch (call) {
	case NVLINK_IOC_ALLOC:
		*alloc = (struct nvlink_ioc_alloc){ .size = 1 + roll(caller, 65536),
						    .where = (uint32_t)roll(caller, 4) - 1 };
		break;
	case NVLINK_IOC_COPY:
		*copy = (struct nvlink_ioc_copy){ .source = handle(caller),
						  .destination = handle(caller),
						  .source_offset = roll(caller, 4096),
						  .destination_offset = roll(caller, 4096),
						  .length = 1 + roll(caller, 65536) };
		copy->submit.flags = (uint32_t)roll(caller, 16) & ~NVLINK_SUBMIT_IN_FENCE;
		copy->submit.link = roll(caller, 4) ? NVLINK_ANY_LINK : (uint32_t)roll(caller, 5);
		break;
	case NVLINK_IOC_FILL:
		*fill = (struct nvlink_ioc_fill){ .handle = handle(caller),
						  .length = 1 + roll(caller, 65536),
						  .pattern = random_next(&caller->dice) };
		fill->submit.flags = (uint32_t)roll(caller, 8) & ~NVLINK_SUBMIT_IN_FENCE;
		fill->submit.link = NVLINK_ANY_LINK;
		break;
	case NVLINK_IOC_WAIT:
		*wait = (struct nvlink_ioc_wait){ .kind = (uint32_t)roll(caller, 5), .id = number(caller) };
		break;
	case NVLINK_IOC_EXPORT:
		*export = (struct nvlink_ioc_export){ .handle = handle(caller), .flags = O_RDWR | O_CLOEXEC };
		break;
	case NVLINK_IOC_IMPORT:
		*import = (struct nvlink_ioc_import){ .fd = caller->files[roll(caller, CALLER_POOL)] };
		break;
	}
}

static void keep_file(struct caller *caller, int file)
{
	unsigned int slot = (unsigned int)roll(caller, CALLER_POOL);

	/* Only what was made here is closed. */
	if (file <= caller->device)
		return;
	if (caller->files[slot] > caller->device)
		close(caller->files[slot]);
	for (unsigned int i = 0; i < CALLER_POOL; i++)
		if (caller->files[i] == caller->files[slot] && i != slot)
			caller->files[i] = -1;
	caller->files[slot] = file;
}

static void keep_handle(struct caller *caller, uint32_t handle)
{
	unsigned int slot = (unsigned int)roll(caller, CALLER_POOL);
	struct nvlink_ioc_free old = { .handle = caller->handles[slot] };

	if (old.handle)
		ioctl(caller->device, NVLINK_IOC_FREE, &old);
	caller->handles[slot] = handle;
}

static void keep(struct caller *caller, unsigned long call, const void *argument)
{
	switch (call) {
	case NVLINK_IOC_ALLOC:
		keep_handle(caller, ((const struct nvlink_ioc_alloc *)argument)->handle);
		break;
	case NVLINK_IOC_IMPORT:
		keep_handle(caller, ((const struct nvlink_ioc_import *)argument)->handle);
		break;
	case NVLINK_IOC_EXPORT:
		keep_file(caller, ((const struct nvlink_ioc_export *)argument)->fd);
		break;
	case NVLINK_IOC_COPY:
		keep_file(caller, ((const struct nvlink_ioc_copy *)argument)->submit.out_fence);
		break;
	case NVLINK_IOC_FILL:
		keep_file(caller, ((const struct nvlink_ioc_fill *)argument)->submit.out_fence);
		break;
	}
}

void caller_do_else(struct caller *caller)
{
	struct nvlink_ioc_query query = { .handle = handle(caller) };
	struct nvlink_event events[3];
	struct pollfd file = { .fd = caller->device, .events = POLLIN };
	void *memory;

	switch (roll(caller, 3)) {
	case 0:
		if (poll(&file, 1, 0) == 1 && file.revents & POLLIN)
			(void)!read(caller->device, events, roll(caller, sizeof(events)));
		break;
	case 1:
		if (ioctl(caller->device, NVLINK_IOC_QUERY, &query) == 0 && query.mmap_offset) {
			memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, caller->device,
				      (off_t)query.mmap_offset);
			if (memory != MAP_FAILED) {
				*(volatile uint32_t *)memory = number(caller);
				munmap(memory, 4096);
			}
		}
		break;
	default:
		memory = mmap(NULL, (1 + roll(caller, 16)) * 4096, PROT_READ, MAP_SHARED, caller->device,
			      (off_t)(random_next(&caller->dice) >> 20 & ~4095ull));
		if (memory != MAP_FAILED)
			munmap(memory, 4096);
	}
}

void caller_call(struct caller *caller)
{
	static uint32_t argument[ARGUMENT_WORDS];
	unsigned long call = calls[roll(caller, sizeof(calls) / sizeof(calls[0]))];
	struct nvlink_ioc_wait *wait = (void *)argument;

	for (unsigned int i = 0; i < ARGUMENT_WORDS; i++)
		argument[i] = number(caller);
	if (roll(caller, 4))
		make_plausible(caller, call, argument);
	if (roll(caller, 8) == 0)
		argument[roll(caller, _IOC_SIZE(call) / 4)] = number(caller);
	/* It has to come back. */
	if (call == NVLINK_IOC_WAIT)
		wait->timeout_ns = roll(caller, 2000000);
	if (call == NVLINK_IOC_FREE)
		for (unsigned int i = 0; i < CALLER_POOL; i++)
			if (caller->handles[i] == argument[0])
				caller->handles[i] = 0;
	if (roll(caller, 200) == 0)
		call = _IOC((unsigned int)roll(caller, 4), NVLINK_IOC_TYPE, (unsigned int)roll(caller, 32),
			    (unsigned int)roll(caller, 512));
	caller->done++;
	if (ioctl(caller->device, call, argument) == 0) {
		caller->succeeded++;
		keep(caller, call, argument);
	}
}
