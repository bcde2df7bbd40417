// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "scan.h"

/* The device that does the DMA: the platform device itself, or the function that it is a child of. */
static void find_device(char *device, size_t room, const char *folder)
{
	static const char *const candidates[] = { "device", "device/..", "device/../.." };
	char group[WORD];

	for (size_t i = 0; i < sizeof(candidates) / sizeof(*candidates); i++) {
		if (!path_join(device, room, folder, candidates[i]))
			return;
		attribute_link(device, "iommu_group", group, sizeof(group));
		if (group[0])
			return;
	}
	path_join(device, room, folder, "device");
}

/* Copies the part of a path that begins at @from. */
static void copy_part(char word[WORD], const char *from)
{
	size_t length = strcspn(from, "/");

	if (length >= WORD)
		length = WORD - 1;
	memcpy(word, from, length);
	word[length] = '\0';
	printable(word);
}

/* Names of a device and of what it hangs off: its PCI root bus such as pci0000:00, or else the top of its branch. */
static void name_device(struct place *place, const char *device, const char *sysfs)
{
	char devices[PATH_MAX], base[PATH_MAX], real[PATH_MAX];
	const char *root;
	size_t length;

	if (!path_join(devices, sizeof(devices), sysfs, "devices") || !realpath(devices, base) || !realpath(device, real))
		return;
	length = strlen(base);
	if (strncmp(real, base, length) != 0 || real[length] != '/')
		return;
	root = strstr(real + length, "/pci");
	copy_part(place->device, strrchr(real, '/') + 1);
	copy_part(place->bridge, (root ? root : real + length) + 1);
}

void scan_place(struct place *place, const char *folder, const char *sysfs)
{
	char device[PATH_MAX], group[WORD], cpus[PATH_MAX], *end;

	*place = (struct place){ .numa = UNKNOWN, .iommu_group = UNKNOWN };
	find_device(device, sizeof(device), folder);
	name_device(place, device, sysfs);
	place->numa = attribute_number(device, "numa_node");
	attribute(device, "local_cpulist", place->cpus, sizeof(place->cpus));
	if (!place->cpus[0] && path_join(cpus, sizeof(cpus), sysfs, "devices/system/cpu"))
		attribute(cpus, "online", place->cpus, sizeof(place->cpus));
	attribute_link(device, "iommu_group", group, sizeof(group));
	if (group[0] >= '0' && group[0] <= '9')
		place->iommu_group = strtoul(group, &end, 10);
	if (path_join(cpus, sizeof(cpus), device, "iommu_group"))
		attribute(cpus, "type", place->iommu_type, sizeof(place->iommu_type));
	attribute_link(device, "iommu", place->iommu_device, sizeof(place->iommu_device));
}
