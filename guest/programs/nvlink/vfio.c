// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "vfio.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/iommufd.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "controller.h"

static int open_function(const char *address)
{
	char path[300];
	DIR *folder;
	struct dirent *entry;
	int device = -1;

	snprintf(path, sizeof(path), PCI "/devices/%s/vfio-dev", address);
	folder = opendir(path);
	if (!folder)
		return -1;
	while (device < 0 && (entry = readdir(folder)))
		if (!strncmp(entry->d_name, "vfio", 4)) {
			snprintf(path, sizeof(path), "/dev/vfio/devices/%s", entry->d_name);
			device = open(path, O_RDWR | O_CLOEXEC);
		}
	closedir(folder);
	return device;
}

bool vfio_open(struct vfio *vfio, const char *address)
{
	struct vfio_device_bind_iommufd bind = { .argsz = sizeof(bind) };
	struct vfio_device_attach_iommufd_pt attach = { .argsz = sizeof(attach) };
	struct iommu_ioas_alloc space = { .size = sizeof(space) };

	vfio->iommufd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	vfio->device = open_function(address);
	if (vfio->iommufd < 0 || vfio->device < 0)
		return false;
	bind.iommufd = vfio->iommufd;
	if (ioctl(vfio->device, VFIO_DEVICE_BIND_IOMMUFD, &bind) < 0 ||
	    ioctl(vfio->iommufd, IOMMU_IOAS_ALLOC, &space) < 0)
		return false;
	vfio->space = space.out_ioas_id;
	attach.pt_id = space.out_ioas_id;
	return ioctl(vfio->device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach) == 0;
}

void vfio_close(struct vfio *vfio)
{
	close(vfio->device);
	close(vfio->iommufd);
}

bool vfio_map(const struct vfio *vfio, uint64_t address, void *memory, size_t size)
{
	struct iommu_ioas_map request = {
		.size = sizeof(request),
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_READABLE | IOMMU_IOAS_MAP_WRITEABLE,
		.ioas_id = vfio->space,
		.user_va = (uintptr_t)memory,
		.length = size,
		.iova = address,
	};

	return ioctl(vfio->iommufd, IOMMU_IOAS_MAP, &request) == 0;
}

bool vfio_unmap(const struct vfio *vfio, uint64_t address, size_t size)
{
	struct iommu_ioas_unmap request = {
		.size = sizeof(request),
		.ioas_id = vfio->space,
		.iova = address,
		.length = size,
	};

	return ioctl(vfio->iommufd, IOMMU_IOAS_UNMAP, &request) == 0;
}

volatile uint32_t *vfio_bar(const struct vfio *vfio, unsigned int bar)
{
	struct vfio_region_info region = { .argsz = sizeof(region), .index = VFIO_PCI_BAR0_REGION_INDEX + bar };
	void *memory;

	if (ioctl(vfio->device, VFIO_DEVICE_GET_REGION_INFO, &region) < 0)
		return NULL;
	memory = mmap(NULL, region.size, PROT_READ | PROT_WRITE, MAP_SHARED, vfio->device, (off_t)region.offset);
	return memory == MAP_FAILED ? NULL : memory;
}

bool vfio_master(const struct vfio *vfio, bool enable)
{
	struct vfio_region_info region = { .argsz = sizeof(region), .index = VFIO_PCI_CONFIG_REGION_INDEX };
	uint16_t command;
	off_t at;

	if (ioctl(vfio->device, VFIO_DEVICE_GET_REGION_INFO, &region) < 0)
		return false;
	at = (off_t)region.offset + PCI_COMMAND;
	if (pread(vfio->device, &command, sizeof(command), at) != sizeof(command))
		return false;
	command = (uint16_t)(enable ? command | PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY :
				      command & ~PCI_COMMAND_MASTER);
	return pwrite(vfio->device, &command, sizeof(command), at) == sizeof(command);
}

bool vfio_interrupt(const struct vfio *vfio, int eventfd)
{
	struct {
		struct vfio_irq_set header;
		int eventfd;
	} request = {
		.header = {
			.argsz = sizeof(request),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = VFIO_PCI_INTX_IRQ_INDEX,
			.count = 1,
		},
		.eventfd = eventfd,
	};

	return ioctl(vfio->device, VFIO_DEVICE_SET_IRQS, &request) == 0;
}

bool vfio_unmask(const struct vfio *vfio)
{
	struct vfio_irq_set request = {
		.argsz = sizeof(request),
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK,
		.index = VFIO_PCI_INTX_IRQ_INDEX,
		.count = 1,
	};

	return ioctl(vfio->device, VFIO_DEVICE_SET_IRQS, &request) == 0;
}
