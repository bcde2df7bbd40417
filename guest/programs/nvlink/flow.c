// SPDX-License-Identifier: Apache-2.0
#include "flow.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "link.h"
#include "pattern.h"

static bool take_buffers(struct flow *flow)
{
	return buffer_allocate(&flow->here, flow->device, NVLINK_WHERE_SYSTEM, FLOW_SIZE) &&
	       buffer_allocate(&flow->there, flow->device, 0, FLOW_SIZE);
}

bool flow_open(struct flow *flow, unsigned int controller)
{
	*flow = (struct flow){ 0 };
	links_wait(controller, 20000);
	flow->device = device_open(controller);
	return flow->device >= 0 && take_buffers(flow);
}

bool flow_works(struct flow *flow)
{
	pattern_write(flow->here.memory, FLOW_SIZE, ++flow->seed);
	if (!copy(&flow->there, 0, &flow->here, 0, FLOW_SIZE))
		return false;
	memset(flow->here.memory, 0, FLOW_SIZE);
	return copy(&flow->here, 0, &flow->there, 0, FLOW_SIZE) &&
	       pattern_holds(flow->here.memory, FLOW_SIZE, flow->seed);
}

bool flow_fails_with(struct flow *flow, int error)
{
	errno = 0;
	if (copy(&flow->there, 0, &flow->here, 0, FLOW_SIZE))
		return false;
	if (errno != error) {
		printf("# the copy fails with %s\n", strerror(errno));
		return false;
	}
	errno = 0;
	return true;
}

bool flow_renew(struct flow *flow)
{
	buffer_free(&flow->there);
	buffer_free(&flow->here);
	return take_buffers(flow);
}

void flow_close(struct flow *flow)
{
	buffer_free(&flow->there);
	buffer_free(&flow->here);
	close(flow->device);
}
