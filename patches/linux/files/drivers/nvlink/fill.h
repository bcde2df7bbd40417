/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Filling GPU memory.
 */
#ifndef NVLINK_FILL_H
#define NVLINK_FILL_H

#include "job.h"

struct nvlink_ioc_fill;

struct nvlink_job *nvlink_fill_job(struct nvlink_file *file,
				   struct nvlink_buffer *buffer,
				   const struct nvlink_ioc_fill *args);

#endif
