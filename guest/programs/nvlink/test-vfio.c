// SPDX-License-Identifier: Apache-2.0
/*
 * The controller in the hands of a process: taken from its driver, given to vfio-pci, driven through iommufd by its
 * registers, and given back. Here every bus address is of our own choosing, so the IOMMU is put to the test again.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../ktap.h"
#include "binding.h"
#include "controller.h"
#include "engine.h"
#include "flow.h"
#include "link.h"
#include "model.h"
#include "pattern.h"
#include "physical.h"
#include "system-file.h"
#include "tests.h"
#include "vfio.h"

#define SIZE (1u << 20)
/** Where the controller sees our memory: far from where RAM is. */
#define AT UINT64_C(0x10000000)
#define RINGS_AT UINT64_C(0x20000000)

static char addresses[4][16];
static struct vfio vfio;
static volatile uint32_t *registers;
static struct engine engine;
static uint8_t *memory, *rings;

static bool bound_to(const char *driver)
{
	char name[64];

	driver_of(addresses[0], name, sizeof(name));
	return !strcmp(name, driver);
}

static bool becomes(unsigned int offset, uint32_t mask, uint32_t value, int timeout_ms)
{
	long long end = now_ms() + timeout_ms;

	while ((register_read(registers, offset) & mask) != value) {
		if (now_ms() > end)
			return false;
		sleep_ms(2);
	}
	return true;
}

/** What a driver does at probe, in short. */
static bool bring_up(void)
{
	register_write(registers, NVLINK_REG_GLOBAL_CONTROL, NVLINK_GLOBAL_CONTROL_RESET_MASK);
	if (!becomes(NVLINK_REG_GLOBAL_STATUS, ~0u, NVLINK_GLOBAL_STATUS_READY_MASK, NVLINK_TIME_RESET_MS))
		return false;
	register_write(registers, NVLINK_REG_GLOBAL_CONTROL, NVLINK_GLOBAL_CONTROL_ENABLE_MASK);
	register_write(registers, NVLINK_REG_WINDOW_SIZE_HI(0), 1);
	register_write(registers, NVLINK_REG_WINDOW_CONTROL(0),
		       NVLINK_WINDOW_CONTROL_READ_MASK | NVLINK_WINDOW_CONTROL_WRITE_MASK);
	register_write(registers, NVLINK_REG_LINK_CONTROL(0), NVLINK_COMMAND_TRAIN);
	return becomes(NVLINK_REG_LINK_STATE(0), ~0u, NVLINK_STATE_HS, NVLINK_TIME_HS_MS);
}

static uint8_t *pages(size_t size)
{
	void *new = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return new == MAP_FAILED ? NULL : new;
}

static bool map_all(void)
{
	rings = pages(ENGINE_MEMORY);
	memory = pages(SIZE);
	return rings && memory && vfio_map(&vfio, RINGS_AT, rings, ENGINE_MEMORY) && vfio_map(&vfio, AT, memory, SIZE);
}

static bool dma_both_ways(void)
{
	uint32_t checksum;

	pattern_write(memory, SIZE, 91);
	checksum = crc32_of(memory, SIZE);
	if (engine_read(&engine, AT, 0, SIZE) || model_checksum(0, 0, 0, SIZE) != (long long)checksum)
		return false;
	memset(memory, 0, SIZE);
	return engine_write(&engine, AT, 0, SIZE) == 0 && pattern_holds(memory, SIZE, 91);
}

static bool refused(uint64_t address)
{
	return engine_read(&engine, address, 0, 64) == NVLINK_ERROR_HOST_REFUSED &&
	       engine_error_address(&engine) == address &&
	       engine_write(&engine, address, 0, 64) == NVLINK_ERROR_HOST_REFUSED;
}

static bool fault_logged(long long since, uint64_t address)
{
	char text[64];

	snprintf(text, sizeof(text), "iotval: %llx", (unsigned long long)address);
	for (int tries = 0; tries < 50; tries++, sleep_ms(20))
		if (log_says(since, text))
			return true;
	return false;
}

/** Rings at a physical address cannot be read: the channel stops, and starts again with right ones. */
static bool rings_refused(void)
{
	uint64_t physical = physical_address(rings);
	bool halted;

	engine_stop(&engine);
	engine_start(&engine, registers, 0, rings, physical);
	register_write(registers, NVLINK_REG_CHANNEL_TAIL(0), 1);
	halted = physical && becomes(NVLINK_REG_CHANNEL_STATUS(0), NVLINK_CHANNEL_STATUS_HALTED_MASK,
				     NVLINK_CHANNEL_STATUS_HALTED_MASK, 2000);
	engine_stop(&engine);
	engine_start(&engine, registers, 0, rings, RINGS_AT);
	return halted && dma_both_ways();
}

/** By the line: nothing maps the pages that messages are written to for an address space of iommufd. */
static bool interrupts_arrive(void)
{
	static const char *const causes[] = NVLINK_CAUSE_NAMES;
	unsigned int arrived = 0;
	uint64_t count;
	struct pollfd event = { .fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), .events = POLLIN };

	register_write(registers, NVLINK_REG_GLOBAL_INT_STATUS, ~0u);
	register_write(registers, NVLINK_REG_GLOBAL_INT_ENABLE, (1u << NVLINK_CAUSE_COUNT) - 1);
	if (!vfio_interrupt(&vfio, event.fd))
		return false;
	for (unsigned int cause = 0; cause < NVLINK_CAUSE_COUNT; cause++) {
		register_write(registers, NVLINK_REG_GLOBAL_INT_TEST, 1u << cause);
		if (poll(&event, 1, 2000) == 1 && register_read(registers, NVLINK_REG_GLOBAL_INT_STATUS) == 1u << cause)
			arrived++;
		else
			printf("# %s did not arrive\n", causes[cause]);
		register_write(registers, NVLINK_REG_GLOBAL_INT_STATUS, 1u << cause);
		(void)!read(event.fd, &count, sizeof(count));
		vfio_unmask(&vfio);
	}
	close(event.fd);
	errno = 0;
	return arrived == NVLINK_CAUSE_COUNT;
}

static void use(void)
{
	long long since = log_position();
	uint64_t physical;

	ktap_check(vfio_open(&vfio, addresses[0]), "open it with an address space of iommufd");
	registers = vfio_bar(&vfio, 0);
	if (!ktap_check(registers && vfio_master(&vfio, true) &&
				register_read(registers, NVLINK_REG_GLOBAL_ID) == NVLINK_GLOBAL_ID_RESET,
			"map its registers"))
		exit(1);
	ktap_check(bring_up(), "reset it, open a window, train a link");
	if (!ktap_check(map_all(), "map memory at addresses of our own"))
		exit(1);
	physical = physical_address(memory);
	engine_start(&engine, registers, 0, rings, RINGS_AT);
	ktap_check(dma_both_ways(), "DMA both ways, the GPU's host agrees");
	ktap_check(physical && refused(physical), "the physical address is refused");
	ktap_check(fault_logged(since, physical), "the IOMMU reported it");
	ktap_check(refused(AT + SIZE), "the address behind the mapping is refused");
	ktap_check(rings_refused(), "rings at a physical address stop the channel");
	ktap_check(interrupts_arrive(), "each cause interrupts");
	ktap_check(vfio_unmap(&vfio, AT, SIZE) && refused(AT), "the address is refused after the mapping is gone");
	engine_stop(&engine);
	munmap((void *)(uintptr_t)registers, NVLINK_PCI_BAR0_SIZE);
	vfio_close(&vfio);
}

int test_vfio(void)
{
	struct flow flow;

	if (!controllers_find(addresses, 4) || !exists("/dev/iommu"))
		return ktap_skip_all("no controller, or no iommufd");
	ktap_plan(18);
	ktap_check(flow_open(&flow, 0) && flow_works(&flow) && bound_to(NVLINK_DRIVER), "our driver has it, data flows");
	flow_close(&flow);
	/* RISC-V has no interrupt remapping that would say that a function's messages cannot be forged. */
	write_text("Y", "/sys/module/iommufd/parameters/allow_unsafe_interrupts");
	provoke(true);
	ktap_check(driver_unbind(addresses[0]) && !controller_accepted(0), "our driver lets go");
	ktap_check(driver_offer(addresses[0], "vfio-pci") && bound_to("vfio-pci"), "vfio-pci takes it");
	use();
	ktap_check(driver_unbind(addresses[0]) && bound_to(""), "vfio-pci lets go");
	ktap_check(driver_offer(addresses[0], "") && bound_to(NVLINK_DRIVER) && controller_accepted(0),
		   "our driver takes it back");
	ktap_check(flow_open(&flow, 0), "its links come up");
	ktap_check(flow_works(&flow), "data flows");
	provoke(false);
	flow_close(&flow);
	return ktap_finish();
}
