/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts: a message for each cause by MSI-X, one for all by MSI, or the level of INTx. */
#ifndef IRQ_H
#define IRQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract.h"

struct model;

struct irq {
	int intx, msi, msix[NVLINK_CAUSE_COUNT]; /* eventfds; -1: not assigned */
	bool intx_is_masked;
	uint32_t pending; /* MSI-X vectors that could not be sent */
	uint64_t sent;
};

void irq_init(struct irq *irq);

/** Lets go of every eventfd. */
void irq_release_all(struct irq *irq);

/** "msix", "msi", "intx" or "none" */
const char *irq_mode(const struct irq *irq);

/** Whether a write to the file is a signal, and cannot wait for somebody to read. */
bool irq_is_eventfd(int file);

/** The host wants vector `vector` of a kind (enum vfio_irq_index) on this eventfd; -1: no more. Takes the file. */
void irq_assign(struct model *model, uint32_t kind, uint32_t vector, int eventfd);

/** The host fires the interrupt itself, to try it. */
void irq_fire(struct irq *irq, uint32_t kind, uint32_t vector);

/** Vectors of a kind; 0: there is no such kind. */
uint32_t irq_vectors(uint32_t kind);

/** An enabled cause occurs: sends its message where messages are used. */
void irq_send(struct model *model, unsigned int cause);

/** INTx may have changed its level, or bus mastering was switched. */
void irq_update(struct model *model);

/** INTx is masked or unmasked by the host. */
void irq_mask_intx(struct model *model, bool is_masked);

/** Whether INTx is asserted, whatever masks it (PCI_STATUS says so). */
bool irq_intx_level(const struct model *model);

#endif
