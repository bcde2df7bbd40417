// SPDX-License-Identifier: Apache-2.0
/* The modules go while processes copy with all their might, and come back. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../ktap.h"
#include "binding.h"
#include "controller.h"
#include "exporter.h"
#include "flow.h"
#include "link.h"
#include "pattern.h"
#include "share.h"
#include "system-file.h"
#include "tests.h"

#define GLUE "nvlink_fusion_pci"
#define CORE "nvlink_fusion"
#define BUSY_PROCESSES 3

static bool copies_until_it_is_gone(int socket)
{
	struct flow flow;

	if (!flow_open(&flow, 0) || !tell(socket))
		return false;
	while (flow_works(&flow))
		;
	return errno == ENODEV;
}

static bool unload(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK) == 0;
}

/** What was closed just now is given back by and by. */
static bool unload_in_time(const char *module)
{
	long long end = now_ms() + 5000;

	while (!unload(module)) {
		if (errno != EWOULDBLOCK || now_ms() > end)
			return false;
		sleep_ms(20);
	}
	errno = 0;
	return true;
}

static bool loaded(const char *module)
{
	return exists("/sys/module/%s/refcnt", module);
}

/** The kernel's list of address ranges has the function's. */
static bool claimed(const char *address)
{
	static char text[32768];

	return read_text("/proc/iomem", text, sizeof(text)) && strstr(text, address);
}

static bool unplug(const char *address)
{
	return write_text("1", PCI "/devices/%s/remove", address) && !exists("/dev/nvlink0") && !claimed(address);
}

static bool plug_in(const char *address)
{
	return write_text("1", PCI "/rescan") && claimed(address) && controller_accepted(0) && links_wait(0, 20000);
}

int test_unload(void)
{
	pid_t processes[BUSY_PROCESSES];
	int sockets[BUSY_PROCESSES], kept;
	char addresses[4][16];
	struct flow flow;
	uint8_t *memory;
	bool good = true;

	if (!controllers_find(addresses, 4) || !loaded(CORE))
		return ktap_skip_all("no controller, or the driver is no module");
	ktap_plan(15);
	ktap_check(flow_open(&flow, 0) && flow_works(&flow), "data flows");
	for (unsigned int i = 0; i < BUSY_PROCESSES; i++) {
		processes[i] = process_start(copies_until_it_is_gone, &sockets[i]);
		good = good && processes[i] > 0 && await(sockets[i]);
	}
	ktap_check(good, "processes copy");
	kept = buffer_export(&flow.here);
	memory = map_file(kept, FLOW_SIZE);
	ktap_check(!unload(CORE) && errno == EWOULDBLOCK, "the core is in use and stays");
	provoke(true);
	ktap_check(unload(GLUE), "the glue goes, and takes the controllers from the core");
	ktap_check(!exists("/dev/nvlink0") && !controller_accepted(0), "device and class device are gone");
	ktap_check(claimed(addresses[0]), "the function keeps its range of addresses");
	for (unsigned int i = 0; i < BUSY_PROCESSES; i++)
		good = process_succeeded(processes[i]) && good;
	ktap_check(good, "each process was told ENODEV, none hangs");
	pattern_write(memory, FLOW_SIZE, 95);
	ktap_check(access_begin(kept) && access_end(kept) && pattern_holds(memory, FLOW_SIZE, 95) && !unload(CORE),
		   "a dma-buf lives on, and holds the core");
	munmap(memory, FLOW_SIZE);
	close(kept);
	flow_close(&flow);
	ktap_check(unload_in_time(CORE) && !loaded(CORE), "the core goes when nobody uses it");
	ktap_check(system("modprobe " GLUE) == 0 && system("modprobe " CORE) == 0 &&
			    controller_accepted(0) && controller_accepted(1),
		   "both come back");
	ktap_check(links_wait(0, 20000) && links_wait(1, 20000), "the links come up");
	ktap_check(flow_open(&flow, 0) && flow_works(&flow), "data flows");
	ktap_check(unplug(addresses[0]) && !flow_works(&flow) && errno == ENODEV,
		   "the function is unplugged under a program, which is told ENODEV");
	errno = 0;
	flow_close(&flow);
	ktap_check(plug_in(addresses[0]), "it is found again, and its links come up");
	ktap_check(flow_open(&flow, 0) && flow_works(&flow), "data flows again");
	provoke(false);
	flow_close(&flow);
	return ktap_finish();
}
