/* SPDX-License-Identifier: Apache-2.0 */
/* A PCI function in the hands of user space: vfio-pci's character device, and an address space of iommufd. */
#ifndef NVLAB_VFIO_H
#define NVLAB_VFIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vfio {
	int iommufd;
	int device;
	uint32_t space;
};

bool vfio_open(struct vfio *vfio, const char *address);
void vfio_close(struct vfio *vfio);

/** Let the function see memory of this process at `address`. */
bool vfio_map(const struct vfio *vfio, uint64_t address, void *memory, size_t size);
bool vfio_unmap(const struct vfio *vfio, uint64_t address, size_t size);

/** A BAR, mapped; NULL with errno. */
volatile uint32_t *vfio_bar(const struct vfio *vfio, unsigned int bar);
bool vfio_master(const struct vfio *vfio, bool enable);
/** Let the interrupt line signal this eventfd. */
bool vfio_interrupt(const struct vfio *vfio, int eventfd);
/** It is masked each time that it was signalled. */
bool vfio_unmask(const struct vfio *vfio);

#endif
