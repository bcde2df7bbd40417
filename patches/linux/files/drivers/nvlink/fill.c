// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filling GPU memory.
 */
#include "buffer.h"
#include "file.h"
#include "fill.h"
#include "peer.h"

/**
 * nvlink_fill_job() - plan to fill a range of GPU memory
 * @file: open file that the job belongs to
 * @buffer: the memory
 * @args: range, pattern and link
 *
 * Return: the job, or an error pointer.
 */
struct nvlink_job *nvlink_fill_job(struct nvlink_file *file,
				   struct nvlink_buffer *buffer,
				   const struct nvlink_ioc_fill *args)
{
	u64 at = buffer->offset + args->offset;
	u64 left = args->length;
	struct nvlink_job *job;

	job = nvlink_job_alloc(file, DIV_ROUND_UP_ULL(left, NVLINK_STEP_BYTES));
	if (IS_ERR(job))
		return job;
	while (left) {
		u64 bytes = min_t(u64, left, NVLINK_STEP_BYTES);
		struct nvlink_descriptor *descriptor;

		descriptor = nvlink_job_add(job, NVLINK_OPCODE_FILL, bytes);
		descriptor->destination_gpu = buffer->where;
		descriptor->destination = cpu_to_le64(at);
		descriptor->pattern = cpu_to_le64(args->pattern);
		descriptor->link = args->submit.link;
		at += bytes;
		left -= bytes;
	}
	nvlink_job_use(job, buffer, true);
	return job;
}

static int fill(struct nvlink_file *file, struct nvlink_buffer *buffer,
		struct nvlink_ioc_fill *args)
{
	struct nvlink *nv = file->dma->nv;
	struct nvlink_job *job;
	int ret;

	if (nvlink_buffer_is_system(buffer))
		return -EINVAL;
	ret = nvlink_buffer_range(buffer, args->offset, args->length);
	if (!ret && args->submit.link != NVLINK_ANY_LINK)
		ret = nvlink_peer_link(nv, args->submit.link, buffer->where);
	if (ret)
		return ret;
	if (!nvlink_peer_links(nv, buffer->where))
		return -ENETDOWN;
	job = nvlink_fill_job(file, buffer, args);
	return IS_ERR(job) ? PTR_ERR(job) : nvlink_submit(job, &args->submit);
}

int nvlink_ioctl_fill(struct nvlink_file *file, void *arg)
{
	struct nvlink_ioc_fill *args = arg;
	struct nvlink_buffer *buffer;
	int ret;

	if (args->reserved)
		return -EINVAL;
	ret = nvlink_submit_check(file->dma->nv, &args->submit, 0);
	if (ret)
		return ret;
	buffer = nvlink_handle_get(file, args->handle, true);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	ret = fill(file, buffer, args);
	nvlink_buffer_put(buffer);
	return ret;
}
