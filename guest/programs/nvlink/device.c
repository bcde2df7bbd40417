// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "system-file.h"

int device_open(unsigned int number)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/nvlink%u", number);
	return open(path, O_RDWR | O_CLOEXEC);
}

bool device_info(int device, struct nvlink_ioc_info *info)
{
	*info = (struct nvlink_ioc_info){ 0 };
	return ioctl(device, NVLINK_IOC_INFO, info) == 0;
}

bool device_gpu(int device, uint32_t gpu, struct nvlink_ioc_gpu_info *info)
{
	*info = (struct nvlink_ioc_gpu_info){ .gpu = gpu };
	return ioctl(device, NVLINK_IOC_GPU_INFO, info) == 0;
}

bool buffer_allocate(struct buffer *buffer, int device, uint32_t where, uint64_t size)
{
	struct nvlink_ioc_alloc request = { .size = size, .where = where };
	void *memory;

	*buffer = (struct buffer){ .device = device, .where = where, .size = size };
	if (ioctl(device, NVLINK_IOC_ALLOC, &request) < 0)
		return false;
	buffer->handle = request.handle;
	if (where != NVLINK_WHERE_SYSTEM)
		return true;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, device, (off_t)request.mmap_offset);
	if (memory == MAP_FAILED) {
		buffer_free(buffer);
		return false;
	}
	buffer->memory = memory;
	return true;
}

bool buffer_import(struct buffer *buffer, int device, int file)
{
	struct nvlink_ioc_import request = { .fd = file };

	*buffer = (struct buffer){ .device = device };
	if (ioctl(device, NVLINK_IOC_IMPORT, &request) < 0)
		return false;
	buffer->handle = request.handle;
	buffer->where = request.where;
	buffer->size = request.size;
	return true;
}

int buffer_export(const struct buffer *buffer)
{
	struct nvlink_ioc_export request = { .handle = buffer->handle, .flags = O_RDWR | O_CLOEXEC };

	return ioctl(buffer->device, NVLINK_IOC_EXPORT, &request) < 0 ? -1 : request.fd;
}

bool buffer_free(struct buffer *buffer)
{
	struct nvlink_ioc_free request = { .handle = buffer->handle };

	if (buffer->memory)
		munmap(buffer->memory, buffer->size);
	buffer->memory = NULL;
	buffer->handle = 0;
	return ioctl(buffer->device, NVLINK_IOC_FREE, &request) == 0;
}

bool buffer_sync(const struct buffer *buffer, uint32_t flags)
{
	struct nvlink_ioc_sync request = { .handle = buffer->handle, .flags = flags };

	return ioctl(buffer->device, NVLINK_IOC_SYNC, &request) == 0;
}

bool copy(const struct buffer *to, uint64_t to_offset, const struct buffer *from, uint64_t from_offset,
	  uint64_t length)
{
	struct nvlink_submit submit = { .flags = NVLINK_SUBMIT_WAIT };

	return copy_as(to, to_offset, from, from_offset, length, &submit);
}

bool copy_as(const struct buffer *to, uint64_t to_offset, const struct buffer *from, uint64_t from_offset,
	     uint64_t length, struct nvlink_submit *submit)
{
	struct nvlink_ioc_copy request = {
		.source = from->handle,
		.destination = to->handle,
		.source_offset = from_offset,
		.destination_offset = to_offset,
		.length = length,
		.submit = *submit,
	};
	int result;

	request.submit.link = NVLINK_ANY_LINK;
	result = ioctl(to->device, NVLINK_IOC_COPY, &request);
	*submit = request.submit;
	return result == 0;
}

bool fill(const struct buffer *buffer, uint64_t offset, uint64_t length, uint64_t pattern)
{
	struct nvlink_ioc_fill request = {
		.handle = buffer->handle,
		.offset = offset,
		.length = length,
		.pattern = pattern,
		.submit = { .flags = NVLINK_SUBMIT_WAIT, .link = NVLINK_ANY_LINK },
	};

	return ioctl(buffer->device, NVLINK_IOC_FILL, &request) == 0;
}

int wait_for(int device, uint32_t kind, uint64_t id, uint64_t timeout_ns)
{
	struct nvlink_ioc_wait request = { .kind = kind, .id = id, .timeout_ns = timeout_ns };

	return ioctl(device, NVLINK_IOC_WAIT, &request) < 0 ? 1 : request.status;
}

int peer_path(int device, uint32_t from, uint32_t to)
{
	struct nvlink_ioc_peer request = { .source = from, .destination = to };

	return ioctl(device, NVLINK_IOC_PEER, &request) < 0 ? -1 : (int)request.path;
}

bool ring(int device, uint32_t gpu, uint32_t value)
{
	struct nvlink_ioc_ring request = { .gpu = gpu, .value = value };

	return ioctl(device, NVLINK_IOC_RING, &request) == 0;
}

bool reset_link(int device, uint32_t link)
{
	struct nvlink_ioc_link_reset request = { .link = link };

	return ioctl(device, NVLINK_IOC_LINK_RESET, &request) == 0;
}

bool next_event(int device, uint32_t type, struct nvlink_event *event, int timeout_ms)
{
	struct pollfd ready = { .fd = device, .events = POLLIN };
	long long end = now_ms() + timeout_ms;
	int left;

	while ((left = (int)(end - now_ms())) > 0) {
		if (poll(&ready, 1, left) <= 0)
			continue;
		if (!(ready.revents & POLLIN)) {
			/* The controller has just gone: the event that says so is on its way. */
			sleep_ms(5);
			continue;
		}
		if (read(device, event, sizeof(*event)) != sizeof(*event))
			return false;
		if (event->type == type)
			return true;
	}
	errno = ETIME;
	return false;
}
