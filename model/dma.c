// SPDX-License-Identifier: Apache-2.0
#include "dma.h"

#include <string.h>

#include "model.h"

bool dma_is_allowed(const struct model *model)
{
	return model->vfio.negotiated && !model->is_removed && pci_is_bus_master(&model->pci);
}

uint32_t dma_error(enum dma_result result)
{
	return result == DMA_CLOSED ? NVLINK_ERROR_WINDOW : NVLINK_ERROR_HOST_REFUSED;
}

static uint32_t answer_bytes(const struct dma_slot *slot)
{
	return DMA_ANSWER_BYTES + (slot->is_write ? 0 : slot->length);
}

/** Frees the slot and tells who waited. */
static void end(struct dma *dma, struct dma_slot *slot, enum dma_result result, const uint8_t *data)
{
	struct dma_waiter *waiter = slot->waiter;

	slot->waiter = NULL;
	dma->in_flight--;
	if (slot->is_sent)
		dma->due -= answer_bytes(slot);
	waiter->done(waiter, result, data);
}

static bool send_slot(struct model *model, struct dma_slot *slot)
{
	struct vfio_header header = { .id = slot->id,
				      .command = slot->is_write ? VFIO_DMA_WRITE : VFIO_DMA_READ };
	struct vfio_dma fixed = { .address = slot->address, .count = slot->length };

	return vfio_send(model, &header, &fixed, sizeof(fixed), slot->source,
			 slot->is_write ? slot->length : 0);
}

void dma_run(struct model *model)
{
	struct dma *dma = &model->vfio.dma;

	while (dma->queue_count > 0) {
		struct dma_slot *slot = &dma->slots[dma->queue[dma->queue_begin]];

		/* One that was withdrawn has no waiter any more. */
		if (slot->waiter != NULL && dma->due > 0 && dma->due + answer_bytes(slot) > DMA_DUE_MAX)
			return;
		dma->queue_begin = (dma->queue_begin + 1) % DMA_SLOTS;
		dma->queue_count--;
		slot->is_queued = false;
		if (slot->waiter == NULL)
			continue;
		/* Windows may have been closed since it was asked for. */
		if (window_span(model, slot->address, slot->length, slot->is_write) < slot->length) {
			end(dma, slot, DMA_CLOSED, NULL);
			continue;
		}
		if (!dma_is_allowed(model) || !send_slot(model, slot)) {
			end(dma, slot, DMA_REFUSED, NULL);
			continue;
		}
		slot->is_sent = true;
		dma->due += answer_bytes(slot);
	}
}

static struct dma_slot *take_slot(struct dma *dma)
{
	for (unsigned int i = 0; i < DMA_SLOTS && dma->queue_count < DMA_SLOTS; i++) {
		uint16_t index = dma->next_slot;

		dma->next_slot = (uint16_t)((index + 1) % DMA_SLOTS);
		if (dma->slots[index].waiter == NULL && !dma->slots[index].is_queued)
			return &dma->slots[index];
	}
	return NULL;
}

static bool submit(struct model *model, struct dma_slot request)
{
	struct dma *dma = &model->vfio.dma;
	struct dma_slot *slot = dma_is_allowed(model) ? take_slot(dma) : NULL;

	if (slot == NULL)
		return false;
	request.id = (uint16_t)(slot - dma->slots);
	request.is_queued = true;
	*slot = request;
	dma->in_flight++;
	dma->queue[(dma->queue_begin + dma->queue_count++) % DMA_SLOTS] = request.id;
	return true;
}

bool dma_read(struct model *model, struct dma_waiter *waiter, uint64_t address, uint32_t length)
{
	return submit(model, (struct dma_slot){ .waiter = waiter, .address = address, .length = length });
}

bool dma_write(struct model *model, struct dma_waiter *waiter, uint64_t address, const void *data,
	       uint32_t length)
{
	return submit(model, (struct dma_slot){ .waiter = waiter,
						.address = address,
						.length = length,
						.source = data,
						.is_write = true });
}

void dma_withdraw(struct model *model, struct dma_waiter *waiter)
{
	struct dma *dma = &model->vfio.dma;

	for (size_t i = 0; i < DMA_SLOTS; i++) {
		if (dma->slots[i].waiter == waiter && !dma->slots[i].is_sent)
			end(dma, &dma->slots[i], DMA_GONE, NULL);
	}
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
	struct dma_slot *slot = &dma->slots[message->header.id % DMA_SLOTS];
	enum dma_result result;

	if (message->header.id >= DMA_SLOTS || slot->waiter == NULL || !slot->is_sent ||
	    message->header.command != (slot->is_write ? VFIO_DMA_WRITE : VFIO_DMA_READ))
		return false;
	result = judge(slot, message);
	if (result != DMA_DONE)
		dma->refused++;
	else if (slot->is_write)
		dma->written_bytes += slot->length;
	else
		dma->read_bytes += slot->length;
	end(dma, slot, result, message->body + sizeof(struct vfio_dma));
	return true;
}

void dma_fail_all(struct model *model)
{
	struct dma *dma = &model->vfio.dma;

	dma->queue_count = 0;
	for (size_t i = 0; i < DMA_SLOTS; i++) {
		dma->slots[i].is_queued = false;
		if (dma->slots[i].waiter != NULL)
			end(dma, &dma->slots[i], DMA_GONE, NULL);
	}
}
