/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of /dev/nvlinkN. What returns bool leaves the reason of a failure in errno. */
#ifndef NVLAB_DEVICE_H
#define NVLAB_DEVICE_H

#include <linux/nvlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FOREVER UINT64_MAX
#define SECONDS(n) ((uint64_t)(n) * 1000000000u)

/** A buffer of an open file; `memory` is its mapping where it is system memory that this file allocated. */
struct buffer {
	int device;
	uint32_t handle;
	uint32_t where;
	uint64_t size;
	uint8_t *memory;
};

/** Open /dev/nvlinkN; -1 with errno where it cannot. */
int device_open(unsigned int number);
bool device_info(int device, struct nvlink_ioc_info *info);
bool device_gpu(int device, uint32_t gpu, struct nvlink_ioc_gpu_info *info);

bool buffer_allocate(struct buffer *buffer, int device, uint32_t where, uint64_t size);
bool buffer_import(struct buffer *buffer, int device, int file);
/** A dma-buf; -1 with errno. */
int buffer_export(const struct buffer *buffer);
bool buffer_free(struct buffer *buffer);
bool buffer_sync(const struct buffer *buffer, uint32_t flags);

/** Copy and wait. */
bool copy(const struct buffer *to, uint64_t to_offset, const struct buffer *from, uint64_t from_offset,
	  uint64_t length);
/** Copy as `submit` asks; the link is any. */
bool copy_as(const struct buffer *to, uint64_t to_offset, const struct buffer *from, uint64_t from_offset,
	     uint64_t length, struct nvlink_submit *submit);
/** Fill GPU memory and wait. */
bool fill(const struct buffer *buffer, uint64_t offset, uint64_t length, uint64_t pattern);

/** Zero, the negative errno of the job, or 1 where the waiting itself failed (errno). */
int wait_for(int device, uint32_t kind, uint64_t id, uint64_t timeout_ns);

/** How two GPUs reach each other now, NVLINK_PATH_*, or -1. */
int peer_path(int device, uint32_t from, uint32_t to);
bool ring(int device, uint32_t gpu, uint32_t value);
bool reset_link(int device, uint32_t link);
/** The next event of this type within the time; others are passed over. */
bool next_event(int device, uint32_t type, struct nvlink_event *event, int timeout_ms);

#endif
