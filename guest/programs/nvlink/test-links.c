// SPDX-License-Identifier: Apache-2.0
/* What happens to links, made to happen by the controller's model, and how the driver brings them back. */
#include <stdlib.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "flow.h"
#include "link.h"
#include "model.h"
#include "nvlink-contract.h"
#include "pattern.h"
#include "system-file.h"
#include "tests.h"

static struct flow flow;

static bool event_of(unsigned int link, unsigned int state)
{
	struct nvlink_event event;
	long long end = now_ms() + 10000;

	while (now_ms() < end && next_event(flow.device, NVLINK_EVENT_LINK, &event, 10000))
		if (event.index == link && event.value == state)
			return true;
	return false;
}

static void partner_lost(void)
{
	ktap_check(model_do(0, "link 0 down") && event_of(0, NVLINK_STATE_FAULT), "partner lost: an event says FAULT");
	ktap_check(flow_works(&flow), "partner lost: the other link carries the data");
	ktap_check(link_is(0, 0, "DETECT", 5000), "partner lost: the driver trains, and looks for a partner");
	ktap_check(model_do(0, "link 1 down") && link_is(0, 1, "DETECT", 10000) && flow_fails_with(&flow, ENETDOWN),
		   "both lost: a copy says so, and does not hang");
	ktap_check(model_do(0, "link 0 up") && model_do(0, "link 1 up") && links_wait(0, 20000),
		   "partner back: both links come up by themselves");
	ktap_check(flow_works(&flow), "partner back: data flows, contents of GPU memory included");
}

static void training_fails(void)
{
	long long attempts = link_number(0, 0, "attempts");
	long long resets = link_number(0, 0, "resets");

	ktap_check(model_do(0, "link 0 fail 2") && reset_link(flow.device, 0) && link_is(0, 0, "HS", 20000),
		   "training fails twice: then it succeeds");
	ktap_check(link_number(0, 0, "attempts") >= attempts + 3 && link_number(0, 0, "resets") > resets,
		   "training fails twice: attempts are counted");
	ktap_check(model_do(0, "link 0 fail always") && !reset_link(flow.device, 0), "training never succeeds: the call fails");
	ktap_check(link_is(0, 0, "FAIL", 60000) && link_error_is(0, 0, "TRAINING", 20000),
		   "training never succeeds: state and error say so");
	ktap_check(flow_works(&flow), "training never succeeds: the other link carries the data");
	ktap_check(model_do(0, "link 0 fail never") && write_text("1", CLASS "/nvlink0-link0/reset") &&
			   link_is(0, 0, "HS", 20000),
		   "training works again: a reset by sysfs brings it up");
}

static bool counted(const char *kind, unsigned int errors)
{
	char attribute[32];
	long long before;

	snprintf(attribute, sizeof(attribute), "%s_errors", kind);
	before = link_number(0, 0, attribute);
	return before >= 0 && model_do(0, "link 0 errors %s %u", kind, errors) &&
	       link_number(0, 0, attribute) >= before + errors;
}

static void errors_on_the_wire(void)
{
	static const char *const kinds[] = { "replay", "crc_flit", "crc_data", "ecc" };
	long long recoveries;
	char name[64];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(name, sizeof(name), "errors: %s is counted", kinds[i]);
		ktap_check(counted(kinds[i], 5), name);
	}
	ktap_check(link_is(0, 0, "HS", 5000) && flow_works(&flow), "errors: a few do no harm");
	recoveries = link_number(0, 0, "recovery_errors");
	for (int i = 0; i < 20; i++)
		model_do(0, "link 0 errors crc_flit 100");
	ktap_check(link_is(0, 0, "HS", 20000) && link_number(0, 0, "recovery_errors") > recoveries && flow_works(&flow),
		   "errors: a storm makes the link recover, and is survived");
	printf("# recoveries in the storm: %lld\n", link_number(0, 0, "recovery_errors") - recoveries);
}

static void reset_by(void)
{
	long long resets = link_number(0, 1, "resets");

	ktap_check(reset_link(flow.device, 1) && link_is(0, 1, "HS", 0) && link_number(0, 1, "resets") == resets + 1,
		   "reset by a program: up again when the call returns");
	ktap_check(model_do(0, "link 1 reset") && event_of(1, NVLINK_STATE_HS) && link_is(0, 1, "HS", 20000),
		   "reset by the controller's firmware: seen, and up again");
	ktap_check(flow_works(&flow), "after the resets: data flows");
}

/** A copy within the limit never is; one without it may take as long on a busy machine. */
static bool one_is_fast(struct nvlink_submit *submit)
{
	for (int tries = 0; tries < 50; tries++) {
		if (!copy_as(&flow.there, 0, &flow.here, 0, FLOW_SIZE, submit))
			return false;
		if (submit->nanoseconds < 20000000)
			return true;
	}
	printf("# %llu ns\n", (unsigned long long)submit->nanoseconds);
	return false;
}

static void limited(void)
{
	struct nvlink_submit submit = { .flags = NVLINK_SUBMIT_WAIT };
	bool good = model_do(0, "link 0 limit 4") && model_do(0, "link 1 limit 4");

	good = good && copy_as(&flow.there, 0, &flow.here, 0, FLOW_SIZE, &submit);
	printf("# %u bytes in %llu ns\n", FLOW_SIZE, (unsigned long long)submit.nanoseconds);
	ktap_check(good && submit.nanoseconds > 30000000, "limit: the engine keeps to it");
	ktap_check(write_text("0", CLASS "/nvlink0-link0/limit_mbps") &&
			   write_text("0", CLASS "/nvlink0-link1/limit_mbps") && one_is_fast(&submit),
		   "limit: sysfs lifts it");
}

static void bytes_counted(void)
{
	long long sent = link_number(0, 0, "tx_bytes") + link_number(0, 1, "tx_bytes");
	long long received = link_number(0, 0, "rx_bytes") + link_number(0, 1, "rx_bytes");

	ktap_check(copy(&flow.there, 0, &flow.here, 0, FLOW_SIZE) &&
			   link_number(0, 0, "tx_bytes") + link_number(0, 1, "tx_bytes") == sent + FLOW_SIZE,
		   "counters: bytes sent are those of the copy");
	ktap_check(copy(&flow.here, 0, &flow.there, 0, FLOW_SIZE) &&
			   link_number(0, 0, "rx_bytes") + link_number(0, 1, "rx_bytes") == received + FLOW_SIZE,
		   "counters: bytes received are those of the copy");
}

int test_links(void)
{
	char addresses[4][16];

	if (!controllers_find(addresses, 4))
		return ktap_skip_all("no controller");
	ktap_plan(26);
	if (!ktap_check(flow_open(&flow, 0) && flow_works(&flow), "data flows"))
		return 1;
	provoke(true);
	bytes_counted();
	partner_lost();
	training_fails();
	errors_on_the_wire();
	reset_by();
	limited();
	provoke(false);
	flow_close(&flow);
	return ktap_finish();
}
