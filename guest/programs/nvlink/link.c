// SPDX-License-Identifier: Apache-2.0
#include "link.h"

#include <string.h>

#include "controller.h"
#include "system-file.h"

bool link_is(unsigned int controller, unsigned int link, const char *state, int timeout_ms)
{
	return wait_for_text(state, timeout_ms, CLASS "/nvlink%u-link%u/state", controller, link);
}

bool link_error_is(unsigned int controller, unsigned int link, const char *error, int timeout_ms)
{
	return wait_for_text(error, timeout_ms, CLASS "/nvlink%u-link%u/error", controller, link);
}

bool link_is_up(unsigned int controller, unsigned int link)
{
	return link_number(controller, link, "speed_mbps") > 0;
}

long long link_number(unsigned int controller, unsigned int link, const char *attribute)
{
	return read_number(CLASS "/nvlink%u-link%u/%s", controller, link, attribute);
}

bool links_wait(unsigned int controller, int timeout_ms)
{
	long long links = read_number(CLASS "/nvlink%u/link_count", controller);
	long long end = now_ms() + timeout_ms;

	for (unsigned int link = 0; link < links; link++) {
		char peer[32] = "";

		read_text_at(peer, sizeof(peer), CLASS "/nvlink%u-link%u/peer", controller, link);
		if (!strncmp(peer, "gpu", 3) && !link_is(controller, link, "HS", (int)(end - now_ms())))
			return false;
	}
	return links > 0;
}
