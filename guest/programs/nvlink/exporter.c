// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "exporter.h"

#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

int heap_buffer(size_t size)
{
	struct dma_heap_allocation_data request = { .len = size, .fd_flags = O_RDWR | O_CLOEXEC };
	int heap = open("/dev/dma_heap/system", O_RDONLY | O_CLOEXEC);
	int result;

	if (heap < 0)
		return -1;
	result = ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &request);
	close(heap);
	return result < 0 ? -1 : (int)request.fd;
}

int memfd_buffer(size_t size, uint8_t **pages)
{
	int memory = memfd_create("pages", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	struct udmabuf_create request = { .memfd = (uint32_t)memory, .flags = UDMABUF_FLAGS_CLOEXEC, .size = size };
	int buffer = -1;

	if (memory >= 0 && device >= 0 && ftruncate(memory, (off_t)size) == 0 &&
	    fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK) == 0) {
		*pages = map_file(memory, size);
		buffer = ioctl(device, UDMABUF_CREATE, &request);
	}
	close(device);
	close(memory);
	return buffer;
}

uint8_t *map_file(int file, size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static bool sync_access(int buffer, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags | DMA_BUF_SYNC_RW };

	return ioctl(buffer, DMA_BUF_IOCTL_SYNC, &sync) == 0;
}

bool access_begin(int buffer)
{
	return sync_access(buffer, DMA_BUF_SYNC_START);
}

bool access_end(int buffer)
{
	return sync_access(buffer, DMA_BUF_SYNC_END);
}
