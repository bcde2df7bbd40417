// SPDX-License-Identifier: Apache-2.0
/*
 * Buffers that devices can share: one from the system heap, one made by udmabuf from the pages of a memfd.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ktap.h"

/** Bytes in each buffer: more than one order of the heap's page pool. */
#define SIZE (2u << 20)
#define WORDS (SIZE / sizeof(uint32_t))

static bool sync_access(int buffer, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags | DMA_BUF_SYNC_RW };

	return ioctl(buffer, DMA_BUF_IOCTL_SYNC, &sync) == 0;
}

static uint32_t *map(int file)
{
	void *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static bool is_zero(const uint32_t *words)
{
	for (size_t i = 0; i < WORDS; i++)
		if (words[i] != 0)
			return false;
	return true;
}

static void fill(uint32_t *words, uint32_t seed)
{
	for (size_t i = 0; i < WORDS; i++)
		words[i] = (uint32_t)i * 2654435761u ^ seed;
}

static bool holds(const uint32_t *words, uint32_t seed)
{
	for (size_t i = 0; i < WORDS; i++)
		if (words[i] != ((uint32_t)i * 2654435761u ^ seed))
			return false;
	return true;
}

static int allocate_from_heap(void)
{
	struct dma_heap_allocation_data request = { .len = SIZE, .fd_flags = O_RDWR | O_CLOEXEC };
	int heap = open("/dev/dma_heap/system", O_RDONLY | O_CLOEXEC);
	int result;

	if (heap < 0)
		return -1;
	result = ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &request);
	close(heap);
	return result < 0 ? -1 : (int)request.fd;
}

static void test_heap(void)
{
	int buffer = allocate_from_heap();
	uint32_t *words;

	ktap_check(buffer >= 0, "system heap: allocate");
	ktap_check(lseek(buffer, 0, SEEK_END) == SIZE, "system heap: size");
	words = map(buffer);
	if (!ktap_check(words != NULL, "system heap: map"))
		exit(1);
	ktap_check(sync_access(buffer, DMA_BUF_SYNC_START), "system heap: begin access");
	ktap_check(is_zero(words), "system heap: memory is cleared");
	fill(words, 1);
	ktap_check(sync_access(buffer, DMA_BUF_SYNC_END), "system heap: end access");
	ktap_check(holds(words, 1), "system heap: data stays");
	munmap(words, SIZE);
	close(buffer);
}

static int share_pages(int memory)
{
	struct udmabuf_create request = { .memfd = (uint32_t)memory, .flags = UDMABUF_FLAGS_CLOEXEC, .size = SIZE };
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	int buffer;

	if (device < 0)
		return -1;
	buffer = ioctl(device, UDMABUF_CREATE, &request);
	close(device);
	return buffer;
}

static void test_udmabuf(void)
{
	int memory = memfd_create("pages", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	uint32_t *pages, *words;
	int buffer;

	ktap_check(ftruncate(memory, SIZE) == 0, "udmabuf: size the memfd");
	errno = 0;
	ktap_check(share_pages(memory) < 0 && errno == EINVAL, "udmabuf: refuse pages that could be taken away");
	ktap_check(fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK) == 0, "udmabuf: seal the memfd");
	buffer = share_pages(memory);
	ktap_check(buffer >= 0, "udmabuf: create");
	pages = map(memory);
	words = map(buffer);
	if (!ktap_check(pages && words, "udmabuf: map"))
		exit(1);
	fill(pages, 2);
	ktap_check(sync_access(buffer, DMA_BUF_SYNC_START), "udmabuf: begin access");
	ktap_check(holds(words, 2), "udmabuf: buffer and memfd are the same pages");
	ktap_check(sync_access(buffer, DMA_BUF_SYNC_END), "udmabuf: end access");
	munmap(words, SIZE);
	munmap(pages, SIZE);
	close(buffer);
	close(memory);
}

int main(void)
{
	ktap_plan(15);
	test_heap();
	test_udmabuf();
	return ktap_finish();
}
