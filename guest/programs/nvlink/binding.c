// SPDX-License-Identifier: Apache-2.0
#include "binding.h"

#include <stdio.h>

#include "controller.h"
#include "system-file.h"

void driver_of(const char *address, char *name, unsigned long size)
{
	if (!read_link_name(name, size, PCI "/devices/%s/driver", address))
		name[0] = '\0';
}

bool driver_unbind(const char *address)
{
	return !exists(PCI "/devices/%s/driver", address) ||
	       write_text(address, PCI "/devices/%s/driver/unbind", address);
}

bool driver_offer(const char *address, const char *driver)
{
	char line[64];

	/* An empty line takes an earlier override away. */
	snprintf(line, sizeof(line), "%s\n", driver);
	return driver_unbind(address) && write_text(line, PCI "/devices/%s/driver_override", address) &&
	       write_text(address, PCI "/drivers_probe");
}

bool controller_accepted(unsigned int controller)
{
	return exists(CLASS "/nvlink%u", controller);
}
