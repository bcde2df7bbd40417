/* SPDX-License-Identifier: Apache-2.0 */
/* What only debugfs says: where buffers are, which the calls of the device never tell, and what the channels do. */
#ifndef NVLAB_PLACE_H
#define NVLAB_PLACE_H

#include "device.h"

/** First bus address of system memory, or offset in the GPU's memory. */
bool place_of(unsigned int controller, const struct buffer *buffer, uint64_t *address);
/** Number of the first page of system memory, as the driver has it; 0 where it does not say. */
uint64_t first_page_of(unsigned int controller, const struct buffer *buffer);
/** Buffers that exist, whoever's they are; -1 where debugfs does not say. */
int places_taken(unsigned int controller);

/** A number of `stats`; -1 where there is none of this name. */
long long statistic(unsigned int controller, const char *name);
/** No channel has a job. */
bool channels_idle(unsigned int controller);

#endif
