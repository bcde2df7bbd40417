/* SPDX-License-Identifier: Apache-2.0 */
/* Taking a function from its driver and giving it to one. */
#ifndef NVLAB_BINDING_H
#define NVLAB_BINDING_H

#include <stdbool.h>

#define NVLINK_DRIVER "nvlink-fusion-pci"

/** The driver's name; empty where it has none. */
void driver_of(const char *address, char *name, unsigned long size);
bool driver_unbind(const char *address);
/** Only that driver may have it from now on ("": any that fits), and it is offered to it. */
bool driver_offer(const char *address, const char *driver);
/** Whether our driver has accepted the controller: the class device stands for that. */
bool controller_accepted(unsigned int controller);

#endif
