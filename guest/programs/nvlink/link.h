/* SPDX-License-Identifier: Apache-2.0 */
/* A link's attributes. */
#ifndef NVLAB_LINK_H
#define NVLAB_LINK_H

#include <stdbool.h>

/** A link has this state, or error, within the time. */
bool link_is(unsigned int controller, unsigned int link, const char *state, int timeout_ms);
bool link_error_is(unsigned int controller, unsigned int link, const char *error, int timeout_ms);
/** It carries data, as of now. */
bool link_is_up(unsigned int controller, unsigned int link);
long long link_number(unsigned int controller, unsigned int link, const char *attribute);
/** All links of controller N that lead to a GPU carry data within the time. */
bool links_wait(unsigned int controller, int timeout_ms);

#endif
