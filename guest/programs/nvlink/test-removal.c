// SPDX-License-Identifier: Apache-2.0
/* The controller goes away without a word, and comes back as after power-on. */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "flow.h"
#include "link.h"
#include "model.h"
#include "share.h"
#include "system-file.h"
#include "tests.h"

static struct flow flow, other;

/** Copies until it fails, and then tells why. */
static bool copies_until_it_fails(int socket)
{
	struct flow mine;
	int error = 0;

	if (!flow_open(&mine, 0) || !tell(socket))
		return false;
	while (copy(&mine.there, 0, &mine.here, 0, FLOW_SIZE))
		;
	error = errno;
	return write(socket, &error, sizeof(error)) == sizeof(error);
}

static bool every_call_fails(void)
{
	struct nvlink_ioc_gpu_info gpu;
	struct buffer buffer;
	bool right;

	right = !buffer_allocate(&buffer, flow.device, 0, 4096) && errno == ENODEV;
	right = right && !device_gpu(flow.device, 0, &gpu) && errno == ENODEV;
	right = right && !ring(flow.device, 0, 1) && errno == ENODEV;
	right = right && !reset_link(flow.device, 0) && errno == ENODEV;
	if (right)
		errno = 0;
	return right && flow_fails_with(&flow, ENODEV);
}

int test_removal(void)
{
	struct nvlink_event event;
	struct pollfd file;
	char addresses[4][16];
	int socket, error = 0;
	long long begin;
	pid_t process;

	if (controllers_find(addresses, 4) < 2)
		return ktap_skip_all("no two controllers");
	ktap_plan(12);
	if (!ktap_check(flow_open(&flow, 0) && flow_works(&flow) && flow_open(&other, 1) && flow_works(&other),
			"data flows at two controllers"))
		return 1;
	process = process_start(copies_until_it_fails, &socket);
	if (process < 0 || !await(socket))
		return 1;
	provoke(true);
	begin = now_ms();
	ktap_check(model_do(0, "remove"), "the controller is pulled out while data flows");
	ktap_check(read(socket, &error, sizeof(error)) == sizeof(error) && error == ENODEV && process_succeeded(process),
		   "who was copying is told that it is gone");
	printf("# told %s after %lld ms\n", strerror(error), now_ms() - begin);
	close(socket);
	ktap_check(wait_for_text("lost", 5000, CLASS "/nvlink0/state"), "sysfs says so");
	ktap_check(next_event(flow.device, NVLINK_EVENT_REMOVED, &event, 5000), "an event says so");
	file = (struct pollfd){ .fd = flow.device, .events = POLLIN };
	ktap_check(poll(&file, 1, 0) == 1 && file.revents & POLLHUP, "poll says so");
	ktap_check(every_call_fails(), "every call says so");
	ktap_check(flow_works(&other), "the other controller does not notice");
	ktap_check(model_do(0, "insert") && wait_for_text("alive", 20000, CLASS "/nvlink0/state"),
		   "put back: the driver finds it again by itself");
	flow_close(&flow);
	ktap_check(links_wait(0, 20000), "put back: its links come up");
	ktap_check(flow_open(&flow, 0) && flow_works(&flow), "put back: data flows");
	ktap_check(flow_works(&other), "the other controller still works");
	provoke(false);
	flow_close(&other);
	flow_close(&flow);
	return ktap_finish();
}
