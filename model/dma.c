// SPDX-License-Identifier: Apache-2.0
#include "dma.h"

#include <string.h>

#include "model.h"

bool dma_is_allowed(const struct model *model)
{
	return model->vfio.negotiated && !model->is_removed && pci_is_bus_master(&model->pci);
}

static struct dma_slot *free_slot(struct dma *dma)
{
	for (size_t i = 0; i < DMA_SLOTS; i++) {
		if (dma->slots[i].waiter == NULL)
			return &dma->slots[i];
	}
	return NULL;
}

static bool submit(struct model *model, struct dma_slot request, uint64_t address, const void *data)
{
	struct dma *dma = &model->vfio.dma;
	struct dma_slot *slot = free_slot(dma);
	struct vfio_header header = { .command = request.is_write ? VFIO_DMA_WRITE : VFIO_DMA_READ };
	struct vfio_dma fixed = { .address = address, .count = request.length };

	if (!dma_is_allowed(model) || slot == NULL)
		return false;
	header.id = request.id = dma->sequence++;
	*slot = request;
	dma->in_flight++;
	if (vfio_send(model, &header, &fixed, sizeof(fixed), data, request.is_write ? request.length : 0))
		return true;
	slot->waiter = NULL;
	dma->in_flight--;
	return false;
}

bool dma_read(struct model *model, struct dma_waiter *waiter, uint64_t address, uint32_t length)
{
	return submit(model, (struct dma_slot){ .waiter = waiter, .length = length }, address, NULL);
}

bool dma_write(struct model *model, struct dma_waiter *waiter, uint64_t address, const void *data, uint32_t length)
{
	return submit(model, (struct dma_slot){ .waiter = waiter, .length = length, .is_write = true }, address, data);
}

/** A successful reply has to be of the length that was asked for: less would leave old data looking new. */
static enum dma_result judge(const struct dma_slot *slot, const struct vfio_message *message)
{
	size_t size = message->header.size - sizeof(message->header);
	struct vfio_dma fixed;

	if ((message->header.flags & VFIO_ERROR) != 0 || size < sizeof(fixed))
		return DMA_REFUSED;
	memcpy(&fixed, message->body, sizeof(fixed));
	if (fixed.count != slot->length || size != sizeof(fixed) + (slot->is_write ? 0 : slot->length))
		return DMA_REFUSED;
	return DMA_DONE;
}

bool dma_handle_reply(struct model *model, const struct vfio_message *message)
{
	struct dma *dma = &model->vfio.dma;

	for (size_t i = 0; i < DMA_SLOTS; i++) {
		struct dma_slot slot = dma->slots[i];
		enum dma_result result;

		if (slot.waiter == NULL || slot.id != message->header.id)
			continue;
		if (message->header.command != (slot.is_write ? VFIO_DMA_WRITE : VFIO_DMA_READ))
			return false;
		dma->slots[i].waiter = NULL;
		dma->in_flight--;
		result = judge(&slot, message);
		if (result != DMA_DONE)
			dma->refused++;
		else if (slot.is_write)
			dma->written_bytes += slot.length;
		else
			dma->read_bytes += slot.length;
		slot.waiter->done(slot.waiter, result, message->body + sizeof(struct vfio_dma));
		return true;
	}
	return false;
}

void dma_fail_all(struct model *model)
{
	struct dma *dma = &model->vfio.dma;

	for (size_t i = 0; i < DMA_SLOTS; i++) {
		struct dma_waiter *waiter = dma->slots[i].waiter;

		if (waiter == NULL)
			continue;
		dma->slots[i].waiter = NULL;
		dma->in_flight--;
		waiter->done(waiter, DMA_GONE, NULL);
	}
}
