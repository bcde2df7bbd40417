// SPDX-License-Identifier: Apache-2.0
#include "irq.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model.h"

void irq_init(struct irq *irq)
{
	*irq = (struct irq){ .intx = -1, .msi = -1 };
	for (size_t i = 0; i < NVLINK_CAUSE_COUNT; i++)
		irq->msix[i] = -1;
}

static bool uses_msix(const struct irq *irq)
{
	for (size_t i = 0; i < NVLINK_CAUSE_COUNT; i++) {
		if (irq->msix[i] >= 0)
			return true;
	}
	return false;
}

const char *irq_mode(const struct irq *irq)
{
	if (uses_msix(irq))
		return "msix";
	if (irq->msi >= 0)
		return "msi";
	return irq->intx >= 0 ? "intx" : "none";
}

static int *eventfd_of(struct irq *irq, uint32_t kind, uint32_t vector)
{
	if (vector >= irq_vectors(kind))
		return NULL;
	switch (kind) {
	case VFIO_INTX:
		return &irq->intx;
	case VFIO_MSI:
		return &irq->msi;
	default:
		return &irq->msix[vector];
	}
}

uint32_t irq_vectors(uint32_t kind)
{
	switch (kind) {
	case VFIO_INTX:
	case VFIO_MSI:
		return 1;
	case VFIO_MSIX:
		return NVLINK_CAUSE_COUNT;
	default:
		return 0;
	}
}

static void do_not_block(int file)
{
	int flags = fcntl(file, F_GETFL);

	if (flags >= 0 && (flags & O_NONBLOCK) == 0)
		fcntl(file, F_SETFL, flags | O_NONBLOCK);
}

bool irq_is_eventfd(int file)
{
	static const char wanted[] = "anon_inode:[eventfd]";
	char path[32], kind[sizeof(wanted)];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return readlink(path, kind, sizeof(kind)) == (ssize_t)sizeof(wanted) - 1 &&
	       memcmp(kind, wanted, sizeof(wanted) - 1) == 0;
}

static void signal_eventfd(struct irq *irq, int eventfd)
{
	const uint64_t one = 1;

	/* The host shares the flag, and may have taken it away and filled the counter. */
	do_not_block(eventfd);
	/* Fails only where the host has not looked for 2^64 signals. */
	if (write(eventfd, &one, sizeof(one)) == (ssize_t)sizeof(one))
		irq->sent++;
}

void irq_fire(struct irq *irq, uint32_t kind, uint32_t vector)
{
	int *eventfd = eventfd_of(irq, kind, vector);

	if (eventfd != NULL && *eventfd >= 0)
		signal_eventfd(irq, *eventfd);
}

static void send_pending(struct model *model)
{
	struct irq *irq = &model->irq;

	for (uint32_t i = 0; i < NVLINK_CAUSE_COUNT; i++) {
		if ((irq->pending & 1u << i) == 0 || irq->msix[i] < 0 || !pci_is_bus_master(&model->pci))
			continue;
		irq->pending &= ~(1u << i);
		signal_eventfd(irq, irq->msix[i]);
	}
}

void irq_assign(struct model *model, uint32_t kind, uint32_t vector, int eventfd)
{
	int *place = eventfd_of(&model->irq, kind, vector);

	if (place == NULL) {
		if (eventfd >= 0)
			close(eventfd);
		return;
	}
	if (*place >= 0)
		close(*place);
	*place = eventfd;
	if (kind == VFIO_INTX)
		model->irq.intx_is_masked = false;
	if (!uses_msix(&model->irq))
		model->irq.pending = 0;
	irq_update(model);
}

void irq_release_all(struct irq *irq)
{
	for (uint32_t kind = VFIO_INTX; kind <= VFIO_MSIX; kind++) {
		for (uint32_t vector = 0; vector < irq_vectors(kind); vector++) {
			int *place = eventfd_of(irq, kind, vector);

			if (*place >= 0)
				close(*place);
			*place = -1;
		}
	}
	irq->pending = 0;
	irq->intx_is_masked = false;
}

void irq_send(struct model *model, unsigned int cause)
{
	struct irq *irq = &model->irq;

	if (model->is_removed)
		return;
	if (uses_msix(irq)) {
		irq->pending |= 1u << cause;
		send_pending(model);
	} else if (irq->msi >= 0) {
		if (pci_is_bus_master(&model->pci))
			signal_eventfd(irq, irq->msi);
	} else {
		irq_update(model);
	}
}

bool irq_intx_level(const struct model *model)
{
	return !model->is_removed && (model->global.int_status & model->global.int_enable) != 0;
}

void irq_update(struct model *model)
{
	struct irq *irq = &model->irq;

	if (model->is_removed)
		return;
	send_pending(model);
	if (uses_msix(irq) || irq->msi >= 0 || irq->intx < 0 || irq->intx_is_masked ||
	    pci_disables_intx(&model->pci) || !irq_intx_level(model))
		return;
	irq->intx_is_masked = true;
	signal_eventfd(irq, irq->intx);
}

void irq_mask_intx(struct model *model, bool is_masked)
{
	model->irq.intx_is_masked = is_masked;
	if (!is_masked)
		irq_update(model);
}
