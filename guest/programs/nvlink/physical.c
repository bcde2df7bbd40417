// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "physical.h"

#include <fcntl.h>
#include <unistd.h>

/* Documentation/admin-guide/mm/pagemap.rst */
#define PRESENT (UINT64_C(1) << 63)
#define FRAME ((UINT64_C(1) << 55) - 1)

uint64_t physical_address(const void *byte)
{
	uint64_t size = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t address = (uint64_t)(uintptr_t)byte;
	uint64_t entry = 0;
	int file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (file < 0)
		return 0;
	if (pread(file, &entry, sizeof(entry), (off_t)(address / size * sizeof(entry))) != sizeof(entry))
		entry = 0;
	close(file);
	return entry & PRESENT ? (entry & FRAME) * size + address % size : 0;
}
