/* SPDX-License-Identifier: Apache-2.0 */
/* dma-bufs of other exporters than our driver, and the CPU's access to any of them. */
#ifndef NVLAB_EXPORTER_H
#define NVLAB_EXPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A dma-buf of the system heap; -1 with errno. */
int heap_buffer(size_t size);
/** A dma-buf by udmabuf of the pages of a new memfd, which are mapped at `pages`; -1 with errno. */
int memfd_buffer(size_t size, uint8_t **pages);

uint8_t *map_file(int file, size_t size);
/** DMA_BUF_IOCTL_SYNC: begin, or end. */
bool access_begin(int buffer);
bool access_end(int buffer);

#endif
