// SPDX-License-Identifier: Apache-2.0
/*
 * Interrupts are messages (MSI-X) that pass the IOMMU, one vector a cause. The register INT_TEST makes a cause occur
 * without its reason, which the driver has to take calmly.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "device.h"
#include "engine.h"
#include "link.h"
#include "pattern.h"
#include "system-file.h"
#include "tests.h"

#define CPUS 2

static char addresses[4][16];
static volatile uint32_t *registers;
static int device;
/** Linux's number of the interrupt of each cause. */
static int interrupt[NVLINK_CAUSE_COUNT];
static const char *const causes[] = NVLINK_CAUSE_NAMES;

static int compare(const void *left, const void *right)
{
	return *(const int *)left - *(const int *)right;
}

/** The vectors in their order, which is that of the causes. */
static int find_interrupts(void)
{
	char path[128], mode[16] = "";
	struct dirent *entry;
	DIR *folder;
	int count = 0;

	snprintf(path, sizeof(path), PCI "/devices/%s/msi_irqs", addresses[0]);
	folder = opendir(path);
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.' && count < NVLINK_CAUSE_COUNT) {
			read_text_at(mode, sizeof(mode), PCI "/devices/%s/msi_irqs/%s", addresses[0], entry->d_name);
			if (!strcmp(mode, "msix"))
				interrupt[count++] = atoi(entry->d_name);
		}
	if (folder)
		closedir(folder);
	qsort(interrupt, (size_t)count, sizeof(interrupt[0]), compare);
	return count;
}

/** Times that it arrived at each CPU. */
static bool counts_of(int number, long counts[CPUS])
{
	static char text[32768];
	char *line, *save, *end;

	if (!read_text("/proc/interrupts", text, sizeof(text)))
		return false;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (strtol(line, &end, 10) == number && *end == ':') {
			end++;
			for (int cpu = 0; cpu < CPUS; cpu++)
				counts[cpu] = strtol(end, &end, 10);
			return true;
		}
	return false;
}

static long total_of(int number)
{
	long counts[CPUS] = { 0 };

	return counts_of(number, counts) ? counts[0] + counts[1] : -1;
}

/** It has arrived so often, at whatever CPU, within a second. */
static bool reaches(int number, long total)
{
	long long end = now_ms() + 1000;

	while (total_of(number) < total && now_ms() < end)
		sleep_ms(1);
	return total_of(number) == total;
}

/** It arrives as often as it is made to, and no other vector does. */
static bool arrives(unsigned int cause)
{
	enum { TIMES = 20 };
	long before[NVLINK_CAUSE_COUNT];
	bool alone = true;

	for (unsigned int i = 0; i < NVLINK_CAUSE_COUNT; i++)
		before[i] = total_of(interrupt[i]);
	for (int time = 1; time <= TIMES; time++) {
		register_write(registers, NVLINK_REG_GLOBAL_INT_TEST, 1u << cause);
		reaches(interrupt[cause], before[cause] + time);
	}
	for (unsigned int i = 0; i < NVLINK_CAUSE_COUNT; i++)
		if (i != cause && total_of(interrupt[i]) != before[i])
			alone = false;
	printf("# %s: %ld of %d\n", causes[cause], total_of(interrupt[cause]) - before[cause], TIMES);
	return alone && total_of(interrupt[cause]) == before[cause] + TIMES;
}

static bool moves_to(int cpu)
{
	long before[CPUS] = { 0 }, after[CPUS] = { 0 }, total;
	int number = interrupt[NVLINK_CAUSE_DOORBELL];
	char list[16];

	snprintf(list, sizeof(list), "%d", cpu);
	if (!write_text(list, "/proc/irq/%d/smp_affinity_list", number))
		return false;
	/* The first one after the change may still go to the old CPU. */
	total = total_of(number);
	register_write(registers, NVLINK_REG_GLOBAL_INT_TEST, 1u << NVLINK_CAUSE_DOORBELL);
	reaches(number, ++total);
	counts_of(number, before);
	for (int i = 0; i < 5; i++) {
		register_write(registers, NVLINK_REG_GLOBAL_INT_TEST, 1u << NVLINK_CAUSE_DOORBELL);
		reaches(number, ++total);
	}
	counts_of(number, after);
	return after[cpu] == before[cpu] + 5 && after[1 - cpu] == before[1 - cpu];
}

static bool doorbell(void)
{
	struct nvlink_event event;
	long before = total_of(interrupt[NVLINK_CAUSE_DOORBELL]);

	return ring(device, 1, 0xcafe) && next_event(device, NVLINK_EVENT_DOORBELL, &event, 5000) && event.index == 1 &&
	       event.value == 0xcafe && total_of(interrupt[NVLINK_CAUSE_DOORBELL]) > before;
}

static bool job_interrupts(void)
{
	long before = total_of(interrupt[NVLINK_CAUSE_DMA]);
	struct buffer here, there;
	bool good = buffer_allocate(&here, device, NVLINK_WHERE_SYSTEM, 4096) && buffer_allocate(&there, device, 0, 4096);

	for (int i = 0; i < 10; i++)
		good = good && copy(&there, 0, &here, 0, 4096);
	buffer_free(&there);
	buffer_free(&here);
	return good && total_of(interrupt[NVLINK_CAUSE_DMA]) >= before + 10;
}

int test_interrupts(void)
{
	long long generation;
	char name[64];
	size_t size;

	if (!controllers_find(addresses, 4))
		return ktap_skip_all("no controller");
	links_wait(0, 10000);
	device = device_open(0);
	registers = resource_map(addresses[0], 0, &size);
	if (device < 0 || !registers) {
		perror("# open");
		return 1;
	}
	generation = register_read(registers, NVLINK_REG_GLOBAL_GENERATION);
	ktap_plan(6 + NVLINK_CAUSE_FATAL);
	ktap_check(find_interrupts() == NVLINK_CAUSE_COUNT, "MSI-X is on, a vector for each cause");
	/* FATAL too often makes a reset, which is a test of its own. */
	for (unsigned int cause = 0; cause < NVLINK_CAUSE_FATAL; cause++) {
		snprintf(name, sizeof(name), "%s: each one arrives, on its own vector", causes[cause]);
		ktap_check(arrives(cause), name);
	}
	ktap_check(doorbell(), "a GPU rings back with the value that it was handed");
	ktap_check(job_interrupts(), "each job that is waited for interrupts");
	ktap_check(moves_to(1), "CPU 1 gets them where affinity says so");
	ktap_check(moves_to(0), "and CPU 0 again");
	ktap_check(register_read(registers, NVLINK_REG_GLOBAL_GENERATION) == generation,
		   "causes without a reason made no reset");
	resource_unmap(registers, size);
	close(device);
	return ktap_finish();
}
