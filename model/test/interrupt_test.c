// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lab.h"

static int assign(struct lab *lab, uint32_t kind, uint32_t vector, int file)
{
	struct vfio_set_irqs set = { .argsz = sizeof(set),
				     .flags = VFIO_SET_EVENTFD | VFIO_SET_TRIGGER,
				     .index = kind,
				     .start = vector,
				     .count = 1 };

	if (!lab_request(lab, VFIO_SET_IRQS, 0, &set, sizeof(set), &file, file >= 0 ? 1 : 0))
		return -1;
	return (lab->reply.header.flags & VFIO_ERROR) != 0 ? (int)lab->reply.header.error : 0;
}

static int change(struct lab *lab, uint32_t flags, uint32_t kind, uint32_t start, uint32_t count)
{
	struct vfio_set_irqs set = {
		.argsz = sizeof(set), .flags = flags, .index = kind, .start = start, .count = count
	};

	return lab_request_error(lab, VFIO_SET_IRQS, &set, sizeof(set));
}

static uint64_t count_of(int file)
{
	uint64_t count = 0;

	return read(file, &count, sizeof(count)) == (ssize_t)sizeof(count) ? count : 0;
}

static struct lab *with_irq(uint32_t kind, int *file)
{
	struct lab *lab = lab_open(NULL);

	lab_connect(lab);
	lab_set_pci_command(lab, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	*file = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	CHECK_EQUAL(assign(lab, kind, 0, *file), 0);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_ENABLE, 0x3f);
	return lab;
}

static void test_msix(void)
{
	struct lab *lab = lab_open_ready();

	for (unsigned int cause = 0; cause < NVLINK_CAUSE_COUNT; cause++) {
		lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1u << cause);
		lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1u << cause);
		for (unsigned int i = 0; i < NVLINK_CAUSE_COUNT; i++)
			CHECK_EQUAL(lab_interrupts(lab, i), i == cause ? 2 : 0);
		CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_INT_STATUS), 1u << cause);
		lab_write(lab, NVLINK_REG_GLOBAL_INT_STATUS, 1u << cause);
		CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_INT_STATUS), 0);
	}
	lab_write(lab, NVLINK_REG_GLOBAL_INT_ENABLE, 1);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 2);
	CHECK_EQUAL(lab_interrupts(lab, 1), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_INT_STATUS), 2);
	lab_close(lab);
}

static void test_pending(void)
{
	struct lab *lab = lab_open_ready();

	CHECK_EQUAL(assign(lab, VFIO_MSIX, 2, -1), 0);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 4);
	CHECK_EQUAL(lab_read(lab, 0xf000), 4);
	CHECK_EQUAL(lab_interrupts(lab, 2), 0);
	CHECK_EQUAL(assign(lab, VFIO_MSIX, 2, lab->eventfd[2]), 0);
	CHECK_EQUAL(lab_interrupts(lab, 2), 1);
	CHECK_EQUAL(lab_read(lab, 0xf000), 0);
	lab_close(lab);
}

static void test_bus_master(void)
{
	struct lab *lab = lab_open_ready();

	lab_set_pci_command(lab, PCI_COMMAND_MEMORY);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1);
	CHECK_EQUAL(lab_interrupts(lab, 0), 0);
	lab_set_pci_command(lab, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	CHECK_EQUAL(lab_interrupts(lab, 0), 1);
	lab_close(lab);
}

static void test_msi(void)
{
	int file;
	struct lab *lab = with_irq(VFIO_MSI, &file);

	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 0x21);
	CHECK_EQUAL(count_of(file), 2);
	lab_set_pci_command(lab, PCI_COMMAND_MEMORY);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1);
	CHECK_EQUAL(count_of(file), 0);
	CHECK_TEXT(lab_command(lab, "status"), "\"interrupts\":\"msi\"");
	lab_close(lab);
	close(file);
}

static void test_intx(void)
{
	int file;
	struct lab *lab = with_irq(VFIO_INTX, &file);
	uint16_t status;

	lab_set_pci_command(lab, PCI_COMMAND_MEMORY); /* needs no bus mastering */
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1);
	CHECK_EQUAL(count_of(file), 1);
	lab_read_region(lab, VFIO_CONFIG, PCI_STATUS, &status, sizeof(status));
	CHECK((status & PCI_STATUS_INTERRUPT) != 0);
	/* Masked by itself until the host unmasks it. */
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 2);
	CHECK_EQUAL(count_of(file), 0);
	CHECK_EQUAL(change(lab, VFIO_SET_NONE | VFIO_SET_UNMASK, VFIO_INTX, 0, 1), 0);
	CHECK_EQUAL(count_of(file), 1);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_STATUS, 3);
	CHECK_EQUAL(change(lab, VFIO_SET_NONE | VFIO_SET_UNMASK, VFIO_INTX, 0, 1), 0);
	CHECK_EQUAL(count_of(file), 0);
	lab_read_region(lab, VFIO_CONFIG, PCI_STATUS, &status, sizeof(status));
	CHECK((status & PCI_STATUS_INTERRUPT) == 0);
	CHECK_EQUAL(change(lab, VFIO_SET_NONE | VFIO_SET_MASK, VFIO_INTX, 0, 1), 0);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1);
	CHECK_EQUAL(count_of(file), 0);
	lab_close(lab);
	close(file);
}

static void test_intx_disable(void)
{
	int file;
	struct lab *lab = with_irq(VFIO_INTX, &file);

	lab_set_pci_command(lab, PCI_COMMAND_MEMORY | PCI_COMMAND_INTX_DISABLE);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1);
	CHECK_EQUAL(count_of(file), 0);
	lab_set_pci_command(lab, PCI_COMMAND_MEMORY);
	CHECK_EQUAL(count_of(file), 1);
	lab_close(lab);
	close(file);
}

/** A cause that occurred while it was not enabled raises the level when it is. */
static void test_intx_level(void)
{
	int file;
	struct lab *lab = with_irq(VFIO_INTX, &file);

	lab_write(lab, NVLINK_REG_GLOBAL_INT_ENABLE, 0);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 8);
	CHECK_EQUAL(count_of(file), 0);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_ENABLE, 8);
	CHECK_EQUAL(count_of(file), 1);
	lab_close(lab);
	close(file);
}

static void test_change_of_mode(void)
{
	int file;
	struct lab *lab = with_irq(VFIO_INTX, &file);

	lab_use_msix(lab);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1);
	CHECK_EQUAL(count_of(file), 0);
	CHECK_EQUAL(lab_interrupts(lab, 0), 1);
	CHECK_EQUAL(change(lab, VFIO_SET_NONE | VFIO_SET_TRIGGER, VFIO_MSIX, 0, 0), 0);
	CHECK_TEXT(lab_command(lab, "status"), "\"interrupts\":\"intx\"");
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1);
	CHECK_EQUAL(count_of(file), 1);
	lab_close(lab);
	close(file);
}

static void test_host_triggers(void)
{
	struct lab *lab = lab_open_ready();
	struct {
		struct vfio_set_irqs set;
		uint8_t wanted[3];
	} __attribute__((packed)) body = { .wanted = { 1, 0, 1 } };

	CHECK_EQUAL(change(lab, VFIO_SET_NONE | VFIO_SET_TRIGGER, VFIO_MSIX, 1, 2), 0);
	CHECK_EQUAL(lab_interrupts(lab, 0), 0);
	CHECK_EQUAL(lab_interrupts(lab, 1), 1);
	CHECK_EQUAL(lab_interrupts(lab, 2), 1);
	body.set = (struct vfio_set_irqs){ .argsz = sizeof(body),
					   .flags = VFIO_SET_BOOL | VFIO_SET_TRIGGER,
					   .index = VFIO_MSIX,
					   .start = 3,
					   .count = 3 };
	CHECK_EQUAL(lab_request_error(lab, VFIO_SET_IRQS, &body, sizeof(body)), 0);
	CHECK_EQUAL(lab_interrupts(lab, 3), 1);
	CHECK_EQUAL(lab_interrupts(lab, 4), 0);
	CHECK_EQUAL(lab_interrupts(lab, 5), 1);
	CHECK_EQUAL(lab_request_error(lab, VFIO_SET_IRQS, &body, sizeof(body) - 1), EINVAL);
	lab_close(lab);
}

static void test_wrong_requests(void)
{
	struct lab *lab = lab_open_ready();
	const uint32_t trigger = VFIO_SET_EVENTFD | VFIO_SET_TRIGGER;

	CHECK_EQUAL(change(lab, trigger, 3, 0, 1), EINVAL);
	CHECK_EQUAL(change(lab, trigger, 4, 0, 1), EINVAL);
	CHECK_EQUAL(change(lab, trigger, UINT32_MAX, 0, 1), EINVAL);
	CHECK_EQUAL(change(lab, trigger, VFIO_MSIX, 6, 1), EINVAL);
	CHECK_EQUAL(change(lab, trigger, VFIO_MSIX, 0, 7), EINVAL);
	CHECK_EQUAL(change(lab, trigger, VFIO_MSIX, 1, UINT32_MAX), EINVAL);
	CHECK_EQUAL(change(lab, VFIO_SET_EVENTFD | VFIO_SET_BOOL | VFIO_SET_TRIGGER, VFIO_MSIX, 0, 1), EINVAL);
	CHECK_EQUAL(change(lab, VFIO_SET_EVENTFD, VFIO_MSIX, 0, 1), EINVAL);
	CHECK_EQUAL(change(lab, VFIO_SET_NONE | VFIO_SET_MASK, VFIO_MSIX, 0, 1), EINVAL);
	CHECK_EQUAL(change(lab, VFIO_SET_EVENTFD | VFIO_SET_UNMASK, VFIO_INTX, 0, 1), EINVAL);
	/* Nothing of it has changed anything. */
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1);
	CHECK_EQUAL(lab_interrupts(lab, 0), 1);
	lab_close(lab);
}

static void test_other_files(void)
{
	struct lab *lab = lab_open_ready();
	int ends[2];

	CHECK_EQUAL(pipe(ends), 0);
	CHECK_EQUAL(assign(lab, VFIO_MSIX, 0, ends[1]), EINVAL);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1);
	CHECK_EQUAL(lab_interrupts(lab, 0), 1);
	close(ends[0]);
	close(ends[1]);
	lab_close(lab);
}

/** The host shares the file's flags: it makes it block and fills it. */
static void test_full_eventfd(void)
{
	struct lab *lab = lab_open_ready();
	const uint64_t most = UINT64_MAX - 1;

	CHECK_EQUAL(fcntl(lab->eventfd[0], F_SETFL, 0), 0);
	CHECK_EQUAL(write(lab->eventfd[0], &most, sizeof(most)), sizeof(most));
	/* Ends the program where the model waits for ever. */
	alarm(30);
	lab_write(lab, NVLINK_REG_GLOBAL_INT_TEST, 1);
	alarm(0);
	CHECK_EQUAL(lab_interrupts(lab, 0), most);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "MSI-X: each cause has its vector, each occurrence its message", test_msix },
	{ "MSI-X: what cannot be sent is pending until it can", test_pending },
	{ "messages need bus mastering", test_bus_master },
	{ "MSI: one vector for all causes", test_msi },
	{ "INTx: masks itself, and comes again when unmasked while a cause is set", test_intx },
	{ "INTx: PCI_COMMAND disables it", test_intx_disable },
	{ "INTx: enabling a cause that is set raises it", test_intx_level },
	{ "MSI-X takes over from INTx and hands back", test_change_of_mode },
	{ "the host fires vectors by itself", test_host_triggers },
	{ "a file that is no eventfd is refused", test_other_files },
	{ "an eventfd that is full does not stop the model", test_full_eventfd },
	{ "impossible vectors and actions are refused", test_wrong_requests },
};

const struct suite interrupt_suite = SUITE("interrupts", tests);
