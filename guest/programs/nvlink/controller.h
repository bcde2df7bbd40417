/* SPDX-License-Identifier: Apache-2.0 */
/* A controller as sysfs, debugfs and its registers show it. */
#ifndef NVLAB_CONTROLLER_H
#define NVLAB_CONTROLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLASS "/sys/class/nvlink"
#define DEBUG "/sys/kernel/debug/nvlink"
#define PCI "/sys/bus/pci"
#define PLATFORM "/sys/bus/platform"

/** PCI addresses of the controllers of the machine, in order, whatever driver they have; the number of them. */
unsigned int controllers_find(char addresses[][16], unsigned int most);

/** A resource of a PCI function, mapped; NULL with errno. */
volatile uint32_t *resource_map(const char *address, unsigned int bar, size_t *size);
void resource_unmap(volatile uint32_t *resource, size_t size);

/** Say in the kernel's log that errors about NVLink are wanted from here on, or no more. */
void provoke(bool begin);

/** The kernel's log says this after position `since` (of log_position()). */
bool log_says(long long since, const char *text);
long long log_position(void);

#endif
