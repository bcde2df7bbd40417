// SPDX-License-Identifier: Apache-2.0
/*
 * The program that plays the second controller ends, and never comes back: as hardware that was pulled out for good.
 * Nothing may hang, and the first controller goes on. Only where it is named: the machine has lost a controller afterwards.
 */
#include "../ktap.h"
#include "binding.h"
#include "controller.h"
#include "flow.h"
#include "model.h"
#include "system-file.h"
#include "tests.h"

int test_dead_model(void)
{
	char addresses[4][16];
	struct flow flow, dying;

	if (controllers_find(addresses, 4) < 2)
		return ktap_skip_all("no two controllers");
	ktap_plan(6);
	if (!ktap_check(flow_open(&flow, 0) && flow_works(&flow) && flow_open(&dying, 1) && flow_works(&dying),
			"data flows at two controllers"))
		return 1;
	provoke(true);
	/* Nobody is left to answer. */
	model_do(1, "quit");
	ktap_check(wait_for_text("lost", 30000, CLASS "/nvlink1/state"), "the driver notices that one is dead");
	ktap_check(flow_fails_with(&dying, ENODEV), "calls say so");
	ktap_check(flow_works(&flow), "the other controller works");
	flow_close(&dying);
	ktap_check(driver_unbind(addresses[1]) && !controller_accepted(1), "the driver lets go of it");
	ktap_check(flow_works(&flow), "the other controller still works");
	provoke(false);
	flow_close(&flow);
	return ktap_finish();
}
