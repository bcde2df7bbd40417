/* SPDX-License-Identifier: Apache-2.0 */
/* Where a process's pages lie in physical memory, as only root may see. */
#ifndef NVLAB_PHYSICAL_H
#define NVLAB_PHYSICAL_H

#include <stdint.h>

/** Physical address of a byte of this process that is present in memory; 0 where it is not. */
uint64_t physical_address(const void *byte);

#endif
