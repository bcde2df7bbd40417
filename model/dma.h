/* SPDX-License-Identifier: Apache-2.0 */
/* Access to host memory: only by messages, so that all of it passes the guest's IOMMU. */
#ifndef DMA_H
#define DMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DMA_SLOTS 160

struct model;
struct vfio_message;

enum dma_result {
	DMA_DONE,
	DMA_REFUSED, /* by the IOMMU, or nothing is there */
	DMA_GONE, /* QEMU went away */
};

/** Where the answer to an access goes; lives until it was called. `data` is what was read. */
struct dma_waiter {
	void (*done)(struct dma_waiter *waiter, enum dma_result result, const uint8_t *data);
};

struct dma_slot {
	struct dma_waiter *waiter; /* NULL: free */
	uint16_t id;
	uint32_t length;
	bool is_write;
};

struct dma {
	struct dma_slot slots[DMA_SLOTS];
	uint16_t sequence;
	unsigned int in_flight;
	uint64_t read_bytes, written_bytes, refused;
};

/** Whether the controller may master the bus now. */
bool dma_is_allowed(const struct model *model);

/**
 * Asks for 1 to VFIO_DATA_MAX bytes at a bus address; the waiter hears of it later, never from within.
 * False: it cannot be asked now (no QEMU, too many in flight).
 */
bool dma_read(struct model *model, struct dma_waiter *waiter, uint64_t address, uint32_t length);
bool dma_write(struct model *model, struct dma_waiter *waiter, uint64_t address, const void *data, uint32_t length);

/** A reply from QEMU; false: it is against the protocol. */
bool dma_handle_reply(struct model *model, const struct vfio_message *message);

/** QEMU is gone: everything that waits hears so. */
void dma_fail_all(struct model *model);

#endif
