// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "lab-function.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nvlink-contract.h"

enum { CONTROLLERS_MAX = 32 };

/* Reads the first line of an attribute; empty where there is none. */
static void attribute(const char *folder, const char *name, char *text, size_t room)
{
	char path[PATH_MAX + 32];
	ssize_t bytes = 0;
	int file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file >= 0) {
		bytes = read(file, text, room - 1);
		close(file);
	}
	text[bytes > 0 ? bytes : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

static bool set(const char *folder, const char *name, const char *value)
{
	char path[PATH_MAX + 32];
	bool written;
	int file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = open(path, O_WRONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	written = write(file, value, strlen(value)) == (ssize_t)strlen(value);
	close(file);
	return written;
}

static bool holds(const char *folder, const char *name, unsigned long value)
{
	char text[32];

	attribute(folder, name, text, sizeof(text));
	return text[0] != '\0' && strtoul(text, NULL, 0) == value;
}

static int by_name(const void *left, const void *right)
{
	return strcmp(left, right);
}

/* PCI addresses of all controllers in order. A name longer than a PCI address is none. */
static size_t find_controllers(const char *devices, char (*found)[16])
{
	DIR *folder = opendir(devices);
	struct dirent *entry;
	size_t count = 0;

	while (folder && count < CONTROLLERS_MAX && (entry = readdir(folder))) {
		char path[PATH_MAX + sizeof(*found)];

		if (entry->d_name[0] == '.' || strlen(entry->d_name) >= sizeof(*found))
			continue;
		snprintf(path, sizeof(path), "%s/%.15s", devices, entry->d_name);
		if (holds(path, "vendor", NVLINK_PCI_VENDOR) && holds(path, "device", NVLINK_PCI_DEVICE))
			snprintf(found[count++], sizeof(*found), "%.15s", entry->d_name);
	}
	if (folder)
		closedir(folder);
	qsort(found, count, sizeof(*found), by_name);
	return count;
}

int lab_function(const char *sysfs, const char *controller, char *path, size_t room)
{
	char devices[PATH_MAX], found[CONTROLLERS_MAX][16];
	size_t count;
	bool numbered = strncmp(controller, "nvlink", 6) == 0;
	char *end = NULL;
	unsigned long number = numbered ? strtoul(controller + 6, &end, 10) : 0;

	if (numbered && (end == controller + 6 || *end != '\0'))
		return -ENODEV;
	if ((size_t)snprintf(devices, sizeof(devices), "%s/bus/pci/devices", sysfs) >= room)
		return -ENAMETOOLONG;
	count = find_controllers(devices, found);
	for (size_t i = 0; i < count; i++) {
		if (numbered ? i != number : strcmp(found[i], controller) != 0)
			continue;
		if ((size_t)snprintf(path, room, "%s/%s", devices, found[i]) >= room)
			return -ENAMETOOLONG;
		return 0;
	}
	return -ENODEV;
}

bool lab_wake(const char *path)
{
	char policy[8];

	if (holds(path, "enable", 0))
		set(path, "enable", "1");
	attribute(path, "power/control", policy, sizeof(policy));
	return strcmp(policy, "auto") == 0 && set(path, "power/control", "on");
}

void lab_let_sleep(const char *path)
{
	set(path, "power/control", "auto");
}
