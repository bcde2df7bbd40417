/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of the vfio-user protocol 0.1, as QEMU's docs/interop/vfio-user.rst describes them; little endian. */
#ifndef VFIO_PROTOCOL_H
#define VFIO_PROTOCOL_H

#include <stdint.h>

enum vfio_command {
	VFIO_VERSION = 1,
	VFIO_DMA_MAP = 2,
	VFIO_DMA_UNMAP = 3,
	VFIO_GET_INFO = 4,
	VFIO_GET_REGION_INFO = 5,
	VFIO_GET_IRQ_INFO = 7,
	VFIO_SET_IRQS = 8,
	VFIO_REGION_READ = 9,
	VFIO_REGION_WRITE = 10,
	VFIO_DMA_READ = 11,
	VFIO_DMA_WRITE = 12,
	VFIO_RESET = 13,
};

#define VFIO_TYPE_MASK 0xfu
#define VFIO_TYPE_REQUEST 0u
#define VFIO_TYPE_REPLY 1u
#define VFIO_NO_REPLY 0x10u
#define VFIO_ERROR 0x20u

/** Data bytes in one message, both ways: QEMU cuts longer DMA replies somewhere above 200 KB. */
#define VFIO_DATA_MAX 65536u
#define VFIO_BODY_MAX (VFIO_DATA_MAX + 256u)
#define VFIO_FILES_MAX 8

struct vfio_header {
	uint16_t id;
	uint16_t command;
	uint32_t size; /* of header and body */
	uint32_t flags;
	uint32_t error; /* errno */
};

struct vfio_version {
	uint16_t major, minor;
};

struct vfio_dma_unmap {
	uint32_t argsz, flags;
	uint64_t address, size;
};

struct vfio_info {
	uint32_t argsz, flags, regions, irqs;
};

struct vfio_region {
	uint32_t argsz, flags, index, cap_offset;
	uint64_t size, offset;
};

struct vfio_irq {
	uint32_t argsz, flags, index, count;
};

struct vfio_set_irqs {
	uint32_t argsz, flags, index, start, count;
};

/** Of a read or write of a region; the data follows. */
struct vfio_access {
	uint64_t offset;
	uint32_t region, count;
};

/** Of a read or write of host memory; the data follows. */
struct vfio_dma {
	uint64_t address, count;
};

#define VFIO_INFO_RESET 1u
#define VFIO_INFO_PCI 2u
#define VFIO_REGION_READABLE 1u
#define VFIO_REGION_WRITABLE 2u
#define VFIO_IRQ_EVENTFD 1u
#define VFIO_IRQ_MASKABLE 2u
#define VFIO_IRQ_AUTOMASKED 4u

enum vfio_region_index { VFIO_BAR0 = 0, VFIO_BAR2 = 2, VFIO_CONFIG = 7, VFIO_REGIONS = 9 };
enum vfio_irq_index { VFIO_INTX = 0, VFIO_MSI = 1, VFIO_MSIX = 2, VFIO_IRQS = 5 };

#define VFIO_SET_NONE 0x01u
#define VFIO_SET_BOOL 0x02u
#define VFIO_SET_EVENTFD 0x04u
#define VFIO_SET_DATA_MASK 0x07u
#define VFIO_SET_MASK 0x08u
#define VFIO_SET_UNMASK 0x10u
#define VFIO_SET_TRIGGER 0x20u
#define VFIO_SET_ACTION_MASK 0x38u

#endif
