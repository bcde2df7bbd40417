// SPDX-License-Identifier: Apache-2.0
/* Transfers that stick, engines that hang and a controller that stops: jobs end with errors, the rest goes on. */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "engine.h"
#include "flow.h"
#include "link.h"
#include "model.h"
#include "pattern.h"
#include "system-file.h"
#include "tests.h"

static struct flow flow;

static long long generation(void)
{
	struct nvlink_ioc_info info;

	return device_info(flow.device, &info) ? (long long)info.generation : -1;
}

/** A shorter time without progress than the usual second, until the next reset. */
static bool hurry_the_watchdog(const char *address)
{
	size_t size;
	volatile uint32_t *registers = resource_map(address, 0, &size);

	if (!registers)
		return false;
	register_write(registers, NVLINK_REG_GLOBAL_WATCHDOG_MS, 200);
	resource_unmap(registers, size);
	return true;
}

static void sticks(void)
{
	long long before = generation(), begin = now_ms();

	ktap_check(model_do(0, "dma stuck 1") && flow_fails_with(&flow, ETIMEDOUT),
		   "stuck transfer: the watchdog ends it");
	printf("# after %lld ms\n", now_ms() - begin);
	ktap_check(flow_works(&flow) && generation() == before, "stuck transfer: the next job works, without a reset");
	ktap_check(model_do(0, "dma stuck 2") && flow_fails_with(&flow, ETIMEDOUT) && flow_fails_with(&flow, ETIMEDOUT) &&
			   flow_works(&flow) && generation() == before,
		   "two stuck transfers: each fails, then data flows");
}

/** The controller is reset, jobs fail, memory of GPUs is lost, and everything works with new memory. */
static void resets(const char *what, const char *command)
{
	struct nvlink_submit submit = { .flags = NVLINK_SUBMIT_OUT_FENCE };
	struct nvlink_event event;
	long long before = generation(), begin = now_ms();
	struct pollfd fence;
	int status = 0;
	char name[96];

#define NAME(text) (snprintf(name, sizeof(name), "%s: " text, what), name)
	if (!ktap_check(model_do(0, "%s", command), NAME("provoked")))
		exit(1);
	if (copy_as(&flow.there, 0, &flow.here, 0, FLOW_SIZE, &submit)) {
		fence = (struct pollfd){ .fd = submit.out_fence, .events = POLLIN };
		if (poll(&fence, 1, 20000) == 1)
			status = wait_for(flow.device, NVLINK_WAIT_FENCE, (uint64_t)submit.out_fence, 0);
		close(submit.out_fence);
	} else {
		status = -errno;
	}
	printf("# the job: %s after %lld ms\n", strerror(-status), now_ms() - begin);
	/* Where the reset is over by then, the buffer is lost, or the links are not yet up again. */
	ktap_check(status == -EIO || status == -ESTALE || status == -EAGAIN || status == -ENETDOWN,
		   NAME("the job that runs or is asked for fails, it does not hang"));
	ktap_check(next_event(flow.device, NVLINK_EVENT_RESET, &event, 20000) && generation() == before + 1,
		   NAME("one reset, and an event that says so"));
	ktap_check(links_wait(0, 20000), NAME("the links come up again"));
	ktap_check(flow_fails_with(&flow, ESTALE), NAME("memory of the GPU from before is lost, and said to be"));
	ktap_check(flow_renew(&flow) && flow_works(&flow), NAME("new memory works"));
	printf("# all well after %lld ms\n", now_ms() - begin);
#undef NAME
}

int test_stuck(void)
{
	char addresses[4][16];

	if (!controllers_find(addresses, 4))
		return ktap_skip_all("no controller");
	ktap_plan(1 + 3 + 6 * 3 + 1);
	if (!ktap_check(flow_open(&flow, 0) && flow_works(&flow) && hurry_the_watchdog(addresses[0]), "data flows"))
		return 1;
	provoke(true);
	sticks();
	resets("hanging transfer", "dma hang");
	resets("fatal error", "fatal");
	resets("reset behind the driver's back", "reset");
	ktap_check(read_number(CLASS "/nvlink0/resets") >= 2, "resets are counted");
	provoke(false);
	flow_close(&flow);
	return ktap_finish();
}
