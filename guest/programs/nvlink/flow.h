/* SPDX-License-Identifier: Apache-2.0 */
/* Data that goes to GPU 0 of a controller and back: whether everything works, in one question. */
#ifndef NVLAB_FLOW_H
#define NVLAB_FLOW_H

#include "device.h"

#define FLOW_SIZE (256u << 10)

struct flow {
	int device;
	struct buffer here, there;
	uint32_t seed;
};

/** Wait for the links, open the device, take buffers. */
bool flow_open(struct flow *flow, unsigned int controller);
/** New contents go to the GPU and come back. */
bool flow_works(struct flow *flow);
/** A copy fails with this errno. */
bool flow_fails_with(struct flow *flow, int error);
/** Give the buffers up and take new ones. */
bool flow_renew(struct flow *flow);
void flow_close(struct flow *flow);

#endif
