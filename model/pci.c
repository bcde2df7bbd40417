// SPDX-License-Identifier: Apache-2.0
#include "pci.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "model.h"

#define POWER_AT 0x40
#define MSI_AT 0x50
#define MSIX_AT 0x60
#define AF_AT 0x70

#define MSIX_TABLE_AT 0xe000u
#define MSIX_PENDING_AT 0xf000u

static void put16(uint8_t *bytes, unsigned int offset, uint16_t value)
{
	memcpy(bytes + offset, &value, sizeof(value));
}

static void put32(uint8_t *bytes, unsigned int offset, uint32_t value)
{
	memcpy(bytes + offset, &value, sizeof(value));
}

static uint16_t get16(const uint8_t *bytes, unsigned int offset)
{
	uint16_t value;

	memcpy(&value, bytes + offset, sizeof(value));
	return value;
}

static void put_capabilities(uint8_t *bytes)
{
	bytes[PCI_CAPABILITY_LIST] = POWER_AT;
	put16(bytes, POWER_AT, PCI_CAP_ID_PM | MSI_AT << 8);
	put16(bytes, POWER_AT + PCI_PM_PMC, 3);
	put16(bytes, POWER_AT + PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET);
	put16(bytes, MSI_AT, PCI_CAP_ID_MSI | MSIX_AT << 8);
	put16(bytes, MSI_AT + PCI_MSI_FLAGS, PCI_MSI_FLAGS_64BIT);
	put16(bytes, MSIX_AT, PCI_CAP_ID_MSIX | AF_AT << 8);
	put16(bytes, MSIX_AT + PCI_MSIX_FLAGS, NVLINK_CAUSE_COUNT - 1);
	put32(bytes, MSIX_AT + PCI_MSIX_TABLE, MSIX_TABLE_AT);
	put32(bytes, MSIX_AT + PCI_MSIX_PBA, MSIX_PENDING_AT);
	put16(bytes, AF_AT, PCI_CAP_ID_AF);
	bytes[AF_AT + PCI_AF_LENGTH] = PCI_CAP_AF_SIZEOF;
	bytes[AF_AT + PCI_AF_CAP] = PCI_AF_CAP_TP | PCI_AF_CAP_FLR;
}

void pci_reset(struct pci *pci)
{
	uint8_t *bytes = pci->bytes;

	memset(bytes, 0, PCI_CONFIG_BYTES);
	put16(bytes, PCI_VENDOR_ID, NVLINK_PCI_VENDOR);
	put16(bytes, PCI_DEVICE_ID, NVLINK_PCI_DEVICE);
	put16(bytes, PCI_STATUS, PCI_STATUS_CAP_LIST);
	put32(bytes, PCI_CLASS_REVISION, (uint32_t)NVLINK_PCI_CLASS << 8 | 1);
	put16(bytes, PCI_SUBSYSTEM_VENDOR_ID, NVLINK_PCI_VENDOR);
	put16(bytes, PCI_SUBSYSTEM_ID, NVLINK_PCI_DEVICE);
	bytes[PCI_INTERRUPT_PIN] = 1;
	put_capabilities(bytes);
}

/** Which bits of a byte the host may change. */
static uint8_t writable_bits(uint32_t offset)
{
	switch (offset) {
	case PCI_COMMAND:
		return PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	case PCI_COMMAND + 1:
		return PCI_COMMAND_INTX_DISABLE >> 8;
	case PCI_CACHE_LINE_SIZE:
	case PCI_INTERRUPT_LINE:
		return 0xff;
	case PCI_BASE_ADDRESS_0 + 2:
	case PCI_BASE_ADDRESS_0 + 3:
	case PCI_BASE_ADDRESS_2 + 2:
	case PCI_BASE_ADDRESS_2 + 3:
		return 0xff;
	case PCI_BASE_ADDRESS_2 + 1:
		return (uint8_t)~((NVLINK_PCI_BAR2_SIZE - 1) >> 8);
	case POWER_AT + PCI_PM_CTRL:
		return PCI_PM_CTRL_STATE_MASK;
	case MSI_AT + PCI_MSI_FLAGS:
		return PCI_MSI_FLAGS_ENABLE;
	case MSIX_AT + PCI_MSIX_FLAGS + 1:
		return (PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL) >> 8;
	default:
		return offset >= MSI_AT + PCI_MSI_ADDRESS_LO && offset < MSI_AT + PCI_MSI_DATA_64 + 2 ? 0xff
												      : 0;
	}
}

void pci_read(const struct model *model, uint32_t offset, uint32_t count, uint8_t *data)
{
	if (model->is_removed) {
		memset(data, 0xff, count);
		return;
	}
	memcpy(data, model->pci.bytes + offset, count);
	if (irq_intx_level(model) && offset <= PCI_STATUS && offset + count > PCI_STATUS)
		data[PCI_STATUS - offset] |= PCI_STATUS_INTERRUPT;
}

void pci_write(struct model *model, uint32_t offset, uint32_t count, const uint8_t *data)
{
	uint8_t *bytes = model->pci.bytes;
	uint32_t reset_at = AF_AT + PCI_AF_CTRL;

	if (model->is_removed)
		return;
	for (uint32_t i = 0; i < count; i++) {
		uint8_t mask = writable_bits(offset + i);

		bytes[offset + i] = (uint8_t)((bytes[offset + i] & ~mask) | (data[i] & mask));
	}
	if (offset <= reset_at && offset + count > reset_at && (data[reset_at - offset] & PCI_AF_CTRL_FLR) != 0)
		device_reset_function(model);
	irq_update(model);
}

bool pci_is_bus_master(const struct pci *pci)
{
	return (get16(pci->bytes, PCI_COMMAND) & PCI_COMMAND_MASTER) != 0 &&
	       (pci->bytes[POWER_AT + PCI_PM_CTRL] & PCI_PM_CTRL_STATE_MASK) == 0;
}

bool pci_disables_intx(const struct pci *pci)
{
	return (get16(pci->bytes, PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE) != 0;
}
