// SPDX-License-Identifier: Apache-2.0
/*
 * Controllers that the driver must not accept: another contract, and registers that cannot be true. It says why, gives
 * everything back, and takes the controller when it tells the truth again.
 */
#include <stdio.h>

#include "../ktap.h"
#include "binding.h"
#include "controller.h"
#include "flow.h"
#include "link.h"
#include "model.h"
#include "nvlink-contract.h"
#include "system-file.h"
#include "tests.h"

static char addresses[4][16];

/** A register that lies, and what the lie is. */
static const struct {
	unsigned int offset;
	uint32_t value;
	const char *what;
	const char *reason; /* what the log says then */
} lies[] = {
	{ NVLINK_REG_GLOBAL_ID, 0x12345678, "another identity", "ID is 0x12345678" },
	{ NVLINK_REG_GLOBAL_CAPS, 0x0f18ff00, "no links, 255 GPUs", "links: 0 " },
	{ NVLINK_REG_GLOBAL_CAPS, 0x071802ff, "255 links", "links: 255 " },
	{ NVLINK_REG_GLOBAL_CAPS, 0x07100204, "no DMA windows", "DMA windows: 0 " },
	{ NVLINK_REG_GLOBAL_CAPS, 0x07080204, "no channels", "channels: 0 " },
	{ NVLINK_REG_GLOBAL_STATUS, 0, "a reset that never ends", "error -110" },
	{ NVLINK_REG_LINK_CAPS(0), 0x00ff0104, "a link to GPU 255", "GPU at link 0" },
	{ NVLINK_REG_LINK_CAPS(0), 0x00000104 + 60, "64 lanes where the device tree has others", "lanes of link 0" },
	{ NVLINK_REG_LINK_CAPS(0), 0x00000f04, "a link to something unknown", "kind of peer of link 0" },
	{ NVLINK_REG_GPU_MEMORY_LO(0), 0, "a GPU without memory", "memory of GPU 0" },
	{ NVLINK_REG_GPU_LINKS(0), 0xffffffff, "a GPU behind links that are not there", "links of GPU 0" },
};

static bool refused(void)
{
	return driver_offer(addresses[0], "") && !controller_accepted(0);
}

static bool taken(void)
{
	return driver_offer(addresses[0], "") && controller_accepted(0);
}

static void contract(void)
{
	struct flow flow;
	long long since = log_position();
	char version[16] = "";

	ktap_check(model_do(0, "contract 2.0") && refused(), "contract 2.0 is refused");
	ktap_check(log_says(since, "contract"), "contract 2.0: the log says why");
	ktap_check(model_do(0, "contract 0.9") && refused(), "contract 0.9 is refused");
	/* The device tree names 1.0, and both have to agree. */
	since = log_position();
	ktap_check(model_do(0, "contract 1.7") && refused() && log_says(since, "contract"),
		   "registers that name another minor number than the device tree are refused");
	ktap_check(model_do(0, "contract 1.0") && taken() &&
			   read_text_at(version, sizeof(version), CLASS "/nvlink0/contract_version") &&
			   !strcmp(version, "1.0"),
		   "contract 1.0 is taken");
	ktap_check(flow_open(&flow, 0) && flow_works(&flow), "contract 1.0: data flows");
	flow_close(&flow);
}

static void lie(unsigned int offset, uint32_t value, const char *what, const char *reason)
{
	long long since = log_position();
	char name[96];
	bool good = model_do(0, "register %u %u", offset, value) && refused();

	snprintf(name, sizeof(name), "%s: refused, with a reason", what);
	ktap_check(good && log_says(since, reason), name);
	model_do(0, "register %u", offset);
}

int test_refusal(void)
{
	struct flow flow;

	if (!controllers_find(addresses, 4))
		return ktap_skip_all("no controller");
	ktap_plan(8 + sizeof(lies) / sizeof(lies[0]));
	provoke(true);
	contract();
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
		lie(lies[i].offset, lies[i].value, lies[i].what, lies[i].reason);
	ktap_check(taken(), "the truth again: taken");
	ktap_check(flow_open(&flow, 0) && flow_works(&flow), "the truth again: data flows");
	flow_close(&flow);
	provoke(false);
	return ktap_finish();
}
