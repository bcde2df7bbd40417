// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "controller.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nvlink-contract.h"
#include "system-file.h"

unsigned int controllers_find(char addresses[][16], unsigned int most)
{
	struct dirent **entries;
	int count = scandir(PCI "/devices", &entries, NULL, alphasort);
	unsigned int found = 0;

	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (found < most && read_number(PCI "/devices/%s/vendor", name) == NVLINK_PCI_VENDOR &&
		    read_number(PCI "/devices/%s/device", name) == NVLINK_PCI_DEVICE)
			snprintf(addresses[found++], 16, "%.15s", name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return found;
}

volatile uint32_t *resource_map(const char *address, unsigned int bar, size_t *size)
{
	char path[128];
	struct stat status;
	void *memory;
	int file;

	snprintf(path, sizeof(path), PCI "/devices/%s/resource%u", address, bar);
	file = open(path, O_RDWR | O_SYNC | O_CLOEXEC);
	if (file < 0)
		return NULL;
	if (fstat(file, &status) < 0) {
		close(file);
		return NULL;
	}
	*size = (size_t)status.st_size;
	memory = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	return memory == MAP_FAILED ? NULL : memory;
}

void resource_unmap(volatile uint32_t *resource, size_t size)
{
	munmap((void *)(uintptr_t)resource, size);
}

void provoke(bool begin)
{
	write_text(begin ? "nvlab: provoking errors\n" : "nvlab: provoking no more\n", "/dev/kmsg");
}

/** A place in the log that stays when it wraps: the sequence number of the next record. */
long long log_position(void)
{
	int file = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[8192], *comma;
	long long position = 0;
	ssize_t length;

	if (file < 0)
		return 0;
	for (;;) {
		length = read(file, record, sizeof(record) - 1);
		if (length < 0 && errno == EPIPE)
			continue;
		if (length <= 0)
			break;
		record[length] = '\0';
		comma = strchr(record, ',');
		position = comma ? strtoll(comma + 1, NULL, 10) + 1 : position;
	}
	close(file);
	errno = 0;
	return position;
}

bool log_says(long long since, const char *text)
{
	int file = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[8192];
	bool found = false;

	if (file < 0)
		return false;
	while (!found) {
		ssize_t length = read(file, record, sizeof(record) - 1);
		char *comma;

		if (length < 0 && errno == EPIPE)
			continue;
		if (length <= 0)
			break;
		record[length] = '\0';
		comma = strchr(record, ',');
		found = comma && strtoll(comma + 1, NULL, 10) >= since && strstr(record, text);
	}
	close(file);
	errno = 0;
	return found;
}
