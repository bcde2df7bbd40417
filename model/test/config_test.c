// SPDX-License-Identifier: Apache-2.0
#include <linux/pci_regs.h>
#include <string.h>

#include "lab.h"

static uint32_t config(struct lab *lab, uint32_t offset, uint32_t count)
{
	uint32_t value = 0;

	lab_read_region(lab, VFIO_CONFIG, offset, &value, count);
	return value;
}

static void test_header(void)
{
	struct lab *lab = lab_open_ready();

	CHECK_EQUAL(config(lab, PCI_VENDOR_ID, 4), NVLINK_PCI_DEVICE << 16 | NVLINK_PCI_VENDOR);
	CHECK_EQUAL(config(lab, PCI_CLASS_REVISION, 4) >> 8, NVLINK_PCI_CLASS);
	CHECK_EQUAL(config(lab, PCI_HEADER_TYPE, 1), 0);
	CHECK_EQUAL(config(lab, PCI_INTERRUPT_PIN, 1), 1);
	lab_close(lab);
}

static void test_capabilities(void)
{
	struct lab *lab = lab_open_ready();
	uint32_t at = config(lab, PCI_CAPABILITY_LIST, 1);
	bool has[32] = { false };
	unsigned int count = 0;

	CHECK((config(lab, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST) != 0);
	while (at != 0 && count++ < 16) {
		uint32_t id = config(lab, at, 1);

		CHECK(id < 32 && !has[id]);
		has[id & 31] = true;
		if (id == PCI_CAP_ID_MSIX) {
			CHECK_EQUAL(config(lab, at + PCI_MSIX_FLAGS, 2), NVLINK_CAUSE_COUNT - 1);
			CHECK_EQUAL(config(lab, at + PCI_MSIX_TABLE, 4), 0xe000);
			CHECK_EQUAL(config(lab, at + PCI_MSIX_PBA, 4), 0xf000);
		}
		at = config(lab, at + 1, 1);
	}
	CHECK(has[PCI_CAP_ID_PM] && has[PCI_CAP_ID_MSI] && has[PCI_CAP_ID_MSIX] && has[PCI_CAP_ID_AF]);
	CHECK_EQUAL(count, 4);
	lab_close(lab);
}

static void test_bars(void)
{
	struct lab *lab = lab_open_ready();
	uint32_t ones = UINT32_MAX;

	lab_write_region(lab, VFIO_CONFIG, PCI_BASE_ADDRESS_0, &ones, 4);
	lab_write_region(lab, VFIO_CONFIG, PCI_BASE_ADDRESS_1, &ones, 4);
	lab_write_region(lab, VFIO_CONFIG, PCI_BASE_ADDRESS_2, &ones, 4);
	CHECK_EQUAL(config(lab, PCI_BASE_ADDRESS_0, 4), ~(NVLINK_PCI_BAR0_SIZE - 1u));
	CHECK_EQUAL(config(lab, PCI_BASE_ADDRESS_1, 4), 0);
	CHECK_EQUAL(config(lab, PCI_BASE_ADDRESS_2, 4), ~(NVLINK_PCI_BAR2_SIZE - 1u));
	lab_close(lab);
}

static void test_read_only(void)
{
	struct lab *lab = lab_open_ready();
	uint8_t ones[PCI_CONFIG_BYTES], before[PCI_CONFIG_BYTES], after[PCI_CONFIG_BYTES];
	static const struct {
		uint32_t first, count;
	} read_only[] = {
		{ 0x00, 4 }, { 0x06, 6 }, { 0x0d, 3 }, { 0x14, 4 },    { 0x1c, 0x20 },
		{ 0x3d, 3 }, { 0x40, 4 }, { 0x48, 8 }, { 0x80, 0x80 },
	};

	memset(ones, 0xff, sizeof(ones));
	lab_read_region(lab, VFIO_CONFIG, 0, before, sizeof(before));
	lab_write_region(lab, VFIO_CONFIG, 0, ones, sizeof(ones));
	lab_pass(lab, 10000);
	lab_write_region(lab, VFIO_CONFIG, 0, ones, 0x70);
	lab_read_region(lab, VFIO_CONFIG, 0, after, sizeof(after));
	for (size_t i = 0; i < sizeof(read_only) / sizeof(read_only[0]); i++)
		CHECK(memcmp(before + read_only[i].first, after + read_only[i].first, read_only[i].count) == 0);
	lab_close(lab);
}

static void test_power_state(void)
{
	struct lab *lab = lab_open_ready();
	uint32_t at = config(lab, PCI_CAPABILITY_LIST, 1);
	uint16_t hot = 3, on = 0;

	lab_write(lab, NVLINK_REG_GLOBAL_SCRATCH, 5);
	lab_write_region(lab, VFIO_CONFIG, at + PCI_PM_CTRL, &hot, 2);
	CHECK_EQUAL(config(lab, at + PCI_PM_CTRL, 2), 3 | PCI_PM_CTRL_NO_SOFT_RESET);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1);
	CHECK_EQUAL(lab_interrupts(lab, 0), 0);
	lab_write_region(lab, VFIO_CONFIG, at + PCI_PM_CTRL, &on, 2);
	CHECK_EQUAL(lab_interrupts(lab, 0), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_SCRATCH), 5);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "the header names the function of the contract", test_header },
	{ "power management, MSI, MSI-X and function level reset are there", test_capabilities },
	{ "BARs have the contract's sizes", test_bars },
	{ "what is read-only stays as it is", test_read_only },
	{ "in D3hot no message is sent, and nothing is forgotten", test_power_state },
};

const struct suite config_suite = SUITE("configuration space", tests);
