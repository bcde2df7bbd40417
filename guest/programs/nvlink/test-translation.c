// SPDX-License-Identifier: Apache-2.0
/*
 * The controller's addresses go through the IOMMU. The driver never gives it a wrong one, so a spare channel is
 * driven by its registers from here: the driver is probed with registers that tell of one channel less, and the
 * last one is ours. Its rings are in a buffer of the driver, whose bus address debugfs names, so that only the
 * addresses under test are of our choosing. All of them are inside the open DMA window but for one: what refuses
 * them is the IOMMU and not the controller.
 */
#include <stdlib.h>
#include <unistd.h>

#include "../ktap.h"
#include "binding.h"
#include "controller.h"
#include "engine.h"
#include "exporter.h"
#include "link.h"
#include "model.h"
#include "pattern.h"
#include "physical.h"
#include "place.h"
#include "system-file.h"
#include "tests.h"

#define SIZE (64u << 10)
static struct {
	int device;
	char address[4][16];
	volatile uint32_t *registers;
	size_t registers_size;
	struct engine engine;
	unsigned int channel;
	struct buffer rings, here, there;
	uint8_t *pages;
	int shared;
	uint64_t rings_at, here_at, there_at;
} its;

static uint32_t capabilities(void)
{
	return register_read(its.registers, NVLINK_REG_GLOBAL_CAPS);
}

static unsigned int channels(void)
{
	return (capabilities() & NVLINK_GLOBAL_CAPS_CHANNELS_MASK) >> NVLINK_GLOBAL_CAPS_CHANNELS_SHIFT;
}

/** The driver may have all channels but the last, or all of them again. */
static bool spare_a_channel(bool spare)
{
	its.channel = channels() - 1;
	return (spare ? model_do(0, "register %u %u", NVLINK_REG_GLOBAL_CAPS,
				 capabilities() - (1u << NVLINK_GLOBAL_CAPS_CHANNELS_SHIFT)) :
			model_do(0, "register %u", NVLINK_REG_GLOBAL_CAPS)) &&
	       driver_offer(its.address[0], "") && links_wait(0, 20000);
}

static bool translating(void)
{
	char type[32] = "";

	read_text_at(type, sizeof(type), PCI "/devices/%s/iommu_group/type", its.address[0]);
	printf("# the domain is of type %s\n", type);
	return !strcmp(type, "DMA") || !strcmp(type, "DMA-FQ");
}

static bool prepare(void)
{
	/* The kernel tells where the pages of a memfd are, and not where those of a driver's mapping are. */
	its.shared = memfd_buffer(SIZE, &its.pages);
	return buffer_allocate(&its.rings, its.device, NVLINK_WHERE_SYSTEM, ENGINE_MEMORY) && its.shared >= 0 &&
	       buffer_import(&its.here, its.device, its.shared) &&
	       buffer_allocate(&its.there, its.device, 0, SIZE) &&
	       /* Now they are mapped. */
	       copy(&its.there, 0, &its.here, 0, SIZE) && copy(&its.there, 0, &its.rings, 0, ENGINE_MEMORY) &&
	       place_of(0, &its.rings, &its.rings_at) &&
	       place_of(0, &its.here, &its.here_at) && place_of(0, &its.there, &its.there_at);
}

static bool refused(int error, uint64_t address)
{
	if (error != NVLINK_ERROR_HOST_REFUSED)
		printf("# the engine says %d\n", error);
	return error == NVLINK_ERROR_HOST_REFUSED && engine_error_address(&its.engine) == address;
}

static bool nothing_arrived(uint32_t checksum)
{
	return model_checksum(0, 0, its.there_at, SIZE) == (long long)checksum;
}

static bool right_address_works(void)
{
	pattern_write(its.pages, SIZE, 21);
	return engine_read(&its.engine, its.here_at, its.there_at, SIZE) == NVLINK_ERROR_NONE &&
	       model_checksum(0, 0, its.there_at, SIZE) == (long long)crc32_of(its.pages, SIZE);
}

/** Written by the engine to the bus address, found by the process in its own page: they are one memory. */
static bool same_pages(void)
{
	memset(its.pages, 0, SIZE);
	return engine_write(&its.engine, its.here_at, its.there_at, SIZE) == NVLINK_ERROR_NONE &&
	       pattern_holds(its.pages, SIZE, 21);
}

static bool physical_refused(uint64_t physical, uint32_t checksum)
{
	return physical && refused(engine_read(&its.engine, physical, its.there_at, 4096), physical) &&
	       nothing_arrived(checksum);
}

static bool physical_write_refused(uint64_t physical)
{
	return physical && refused(engine_write(&its.engine, physical, its.there_at, 4096), physical) &&
	       pattern_holds(its.pages, SIZE, 21);
}

/** The IOMMU may keep a translation until its queue of unmapped addresses is flushed, some milliseconds. */
static bool refused_after_use(void)
{
	uint64_t at = its.here_at;
	int error = NVLINK_ERROR_NONE;

	if (close(its.shared) < 0 || !buffer_free(&its.here))
		return false;
	for (int tries = 0; tries < 50 && error == NVLINK_ERROR_NONE; tries++) {
		sleep_ms(20);
		error = engine_read(&its.engine, at, its.there_at, 4096);
	}
	return refused(error, at);
}

static bool fault_logged(long long since, uint64_t address)
{
	char text[64];

	snprintf(text, sizeof(text), "iotval: %llx", (unsigned long long)(address & ~3ull));
	for (int tries = 0; tries < 50; tries++) {
		if (log_says(since, text))
			return true;
		sleep_ms(20);
	}
	printf("# the log does not say %s\n", text);
	return false;
}

static bool unharmed(void)
{
	struct buffer here;
	bool works = buffer_allocate(&here, its.device, NVLINK_WHERE_SYSTEM, SIZE);

	pattern_write(here.memory, SIZE, 22);
	works = works && copy(&its.there, 0, &here, 0, SIZE);
	memset(here.memory, 0, SIZE);
	works = works && copy(&here, 0, &its.there, 0, SIZE) && pattern_holds(here.memory, SIZE, 22);
	buffer_free(&here);
	return works;
}

int test_translation(void)
{
	long long since, generation;
	uint64_t physical, unmapped = 0x1000;
	uint32_t checksum;

	if (!controllers_find(its.address, 4))
		return ktap_skip_all("no controller");
	its.registers = resource_map(its.address[0], 0, &its.registers_size);
	if (!its.registers) {
		perror("# registers");
		return 1;
	}
	ktap_plan(17);
	ktap_check(translating(), "the function's domain translates");
	provoke(true);
	ktap_check(spare_a_channel(true), "the driver leaves a channel to us");
	its.device = device_open(0);
	if (!ktap_check(its.device >= 0 && prepare(), "buffers, with their places"))
		return 1;
	pattern_write(its.pages, SIZE, 21);
	physical = physical_address(its.pages);
	printf("# bus address %llx, physical address %llx\n", (unsigned long long)its.here_at,
	       (unsigned long long)physical);
	ktap_check(physical && its.here_at != physical, "a buffer's bus address is not its physical address");
	generation = register_read(its.registers, NVLINK_REG_GLOBAL_GENERATION);
	since = log_position();
	engine_start(&its.engine, its.registers, its.channel, its.rings.memory, its.rings_at);
	ktap_check(right_address_works(), "the bus address of a buffer works");
	ktap_check(same_pages(), "what the engine writes there is in the process's own page");
	checksum = (uint32_t)model_checksum(0, 0, its.there_at, SIZE);
	ktap_check(physical_refused(physical, checksum), "its physical address is refused, nothing is read");
	ktap_check(physical_write_refused(physical), "its physical address is refused, nothing is written");
	ktap_check(refused(engine_read(&its.engine, unmapped, its.there_at, 64), unmapped),
		   "an address that was never mapped is refused");
	ktap_check(engine_read(&its.engine, UINT64_C(1) << 40, its.there_at, 64) == NVLINK_ERROR_WINDOW,
		   "an address outside the DMA window does not even reach the IOMMU");
	ktap_check(nothing_arrived(checksum), "nothing of that reached the GPU");
	ktap_check(refused_after_use(), "an address is refused after its buffer is gone");
	ktap_check(fault_logged(since, physical), "the IOMMU reported a fault at the physical address");
	ktap_check(fault_logged(since, unmapped), "the IOMMU reported a fault at the unmapped address");
	engine_stop(&its.engine);
	ktap_check(register_read(its.registers, NVLINK_REG_GLOBAL_GENERATION) == generation,
		   "none of it made the driver reset the controller");
	ktap_check(unharmed(), "the driver's own channels go on");
	buffer_free(&its.there);
	buffer_free(&its.rings);
	close(its.device);
	ktap_check(spare_a_channel(false), "the driver takes the channel back");
	resource_unmap(its.registers, its.registers_size);
	provoke(false);
	return ktap_finish();
}
