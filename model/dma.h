/* SPDX-License-Identifier: Apache-2.0 */
/* Access to host memory: only by messages, so that all of it passes the guest's IOMMU. */
#ifndef DMA_H
#define DMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vfio_protocol.h"

#define DMA_SLOTS 1024

/**
 * What the answers that are due may take of QEMU's socket (212,992 bytes where nobody changed that), overhead
 * included. QEMU never recovers where they fill it, and register accesses end by time-out: two of the longest
 * answers fit, and a few short ones.
 */
#define DMA_DUE_MAX 150000u
#define DMA_ANSWER_BYTES 1024u

struct model;
struct vfio_message;

enum dma_result {
	DMA_DONE,
	DMA_REFUSED, /* by the IOMMU, or nothing is there */
	DMA_CLOSED, /* no window lets it through any more; it was not sent */
	DMA_GONE, /* QEMU went away */
};

/** Where the answer to an access goes; lives until it was called. `data` is what was read. */
struct dma_waiter {
	void (*done)(struct dma_waiter *waiter, enum dma_result result, const uint8_t *data);
};

struct dma_slot {
	struct dma_waiter *waiter; /* NULL: free */
	uint64_t address;
	const void *source; /* of a write */
	uint32_t length;
	uint16_t id; /* its own number */
	bool is_write;
	bool is_queued, is_sent;
};

struct dma {
	struct dma_slot slots[DMA_SLOTS];
	uint16_t queue[DMA_SLOTS]; /* slots that are to be sent, in order */
	unsigned int queue_begin, queue_count;
	uint16_t next_slot;
	unsigned int in_flight; /* slots that are taken */
	uint32_t due; /* bytes of answers */
	uint64_t read_bytes, written_bytes, refused;
};

/** Whether the controller may master the bus now. */
bool dma_is_allowed(const struct model *model);

/**
 * Asks for 1 to VFIO_DATA_MAX bytes at a bus address; the waiter hears of it later, never from within. What is
 * written has to live until then. False: it cannot be asked now (no QEMU, no bus mastering, too many asked).
 */
bool dma_read(struct model *model, struct dma_waiter *waiter, uint64_t address, uint32_t length);
bool dma_write(struct model *model, struct dma_waiter *waiter, uint64_t address, const void *data,
	       uint32_t length);

/** What an access that was not DMA_DONE ends with, NVLINK_ERROR_... */
uint32_t dma_error(enum dma_result result);

/** Sends what waits and the windows still let through, as far as its answers have room. Run in every turn of the loop. */
void dma_run(struct model *model);

/** What the waiter has asked for and was not sent yet is not sent; it hears of it at once. */
void dma_withdraw(struct model *model, struct dma_waiter *waiter);

/** A reply from QEMU; false: it is against the protocol. */
bool dma_handle_reply(struct model *model, const struct vfio_message *message);

/** QEMU is gone: everything that waits hears so. */
void dma_fail_all(struct model *model);

#endif
