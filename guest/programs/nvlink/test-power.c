// SPDX-License-Identifier: Apache-2.0
/* Runtime power management: links sleep while nobody needs them, and wake when somebody does. */
#include "../ktap.h"
#include "controller.h"
#include "flow.h"
#include "link.h"
#include "model.h"
#include "system-file.h"
#include "tests.h"

#define POWER CLASS "/nvlink0/device/power/"

int test_power(void)
{
	char addresses[4][16], control[16] = "";
	struct flow flow;

	if (!controllers_find(addresses, 4) || !exists(POWER "control"))
		return ktap_skip_all("no controller, or a kernel without power management");
	ktap_plan(7);
	if (!ktap_check(flow_open(&flow, 0) && flow_works(&flow), "data flows"))
		return 1;
	ktap_check(read_text(POWER "control", control, sizeof(control)) && !strcmp(control, "on"),
		   "links stay awake unless somebody asks for less");
	ktap_check(write_text("200", POWER "autosuspend_delay_ms") && write_text("auto", POWER "control") &&
			   wait_for_text("suspended", 5000, POWER "runtime_status"),
		   "asked to, it suspends when nobody needs it");
	ktap_check(link_is(0, 0, "SLEEP", 1000) && link_is(0, 3, "SLEEP", 1000), "its links sleep");
	ktap_check(flow_works(&flow) && link_is(0, 0, "HS", 1000), "a copy wakes them, contents are right");
	ktap_check(wait_for_text("suspended", 5000, POWER "runtime_status") && link_is(0, 0, "SLEEP", 1000),
		   "it suspends again");
	ktap_check(write_text("on", POWER "control") && write_text("2000", POWER "autosuspend_delay_ms") &&
			   link_is(0, 0, "HS", 2000) && flow_works(&flow),
		   "told to stay awake, it does");
	flow_close(&flow);
	return ktap_finish();
}
