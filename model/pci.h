/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration space of the PCI function. */
#ifndef PCI_H
#define PCI_H

#include <stdbool.h>
#include <stdint.h>

#define PCI_CONFIG_BYTES 256

struct model;

struct pci {
	uint8_t bytes[PCI_CONFIG_BYTES];
};

/** As after power-on. */
void pci_reset(struct pci *pci);

/** `count` bytes at `offset`, both already checked to be inside. */
void pci_read(const struct model *model, uint32_t offset, uint32_t count, uint8_t *data);
void pci_write(struct model *model, uint32_t offset, uint32_t count, const uint8_t *data);

bool pci_is_bus_master(const struct pci *pci);
bool pci_disables_intx(const struct pci *pci);

#endif
