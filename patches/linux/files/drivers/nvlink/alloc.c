// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space does with buffers, apart from copying and sharing.
 */
#include <linux/capability.h>
#include <linux/dma-buf.h>

#include "buffer.h"
#include "call.h"
#include "file.h"
#include "fill.h"
#include "peer.h"

/* No buffer is larger than that, and no handle than NVLINK_HANDLES_MAX. */
#define MMAP_SHIFT 40

static u64 mmap_offset(const struct nvlink_buffer *buffer, u32 handle)
{
	if (!nvlink_buffer_is_system(buffer) || buffer->import)
		return 0;
	return (u64)handle << MMAP_SHIFT;
}

/* Nobody may see what the memory's last holder left. */
static int clear(struct nvlink_file *file, struct nvlink_buffer *buffer)
{
	const struct nvlink_ioc_fill all = {
		.length = buffer->size,
		.submit.link = NVLINK_ANY_LINK,
	};
	struct nvlink_job *job = nvlink_fill_job(file, buffer, &all);

	return IS_ERR(job) ? PTR_ERR(job) : nvlink_submit_and_wait(job, NULL);
}

static int place_remote(struct nvlink_file *file, struct nvlink_buffer *buffer)
{
	u64 memory;
	int ret;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	ret = nvlink_call_memory(file, buffer->where, &memory);
	if (ret)
		return ret;
	return buffer->size > memory ? -ENOMEM : 0;
}

static int place(struct nvlink_file *file, struct nvlink_buffer *buffer)
{
	int ret;

	if (nvlink_buffer_is_system(buffer))
		return nvlink_sysmem_alloc(buffer, file);
	if (!nvlink_peer_links(file->dma->nv, buffer->where))
		return -ENETDOWN;
	if (buffer->where & NVLINK_REMOTE_GPU)
		return place_remote(file, buffer);
	ret = nvlink_gpumem_alloc(buffer);
	return ret ?: clear(file, buffer);
}

int nvlink_ioctl_alloc(struct nvlink_file *file, void *arg)
{
	struct nvlink_ioc_alloc *args = arg;
	struct nvlink_buffer *buffer;
	int ret;

	if (args->flags || args->reserved || !args->size)
		return -EINVAL;
	if (args->size > BIT_ULL(MMAP_SHIFT))
		return -ENOMEM;
	if (args->where != NVLINK_WHERE_SYSTEM &&
	    !nvlink_peer_gpu(file->dma->nv, args->where))
		return -ENXIO;

	buffer = nvlink_buffer_make(file->dma, PAGE_ALIGN(args->size), args->where);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	ret = place(file, buffer);
	if (!ret)
		ret = nvlink_handle_add(file, buffer, true, &args->handle);
	if (!ret)
		args->mmap_offset = mmap_offset(buffer, args->handle);
	nvlink_buffer_put(buffer);
	return ret;
}

int nvlink_ioctl_free(struct nvlink_file *file, void *arg)
{
	struct nvlink_ioc_free *args = arg;

	return args->reserved ? -EINVAL : nvlink_handle_free(file, args->handle);
}

static u32 flags_of(struct nvlink_buffer *buffer)
{
	u32 flags = 0;

	if (buffer->import)
		flags |= NVLINK_BUFFER_IMPORTED;
	if (atomic_read(&buffer->exports))
		flags |= NVLINK_BUFFER_EXPORTED;
	if (nvlink_buffer_lost(buffer))
		flags |= NVLINK_BUFFER_LOST;
	return flags;
}

int nvlink_ioctl_query(struct nvlink_file *file, void *arg)
{
	struct nvlink_ioc_query *args = arg;
	struct nvlink_buffer *buffer;
	bool write;

	if (args->reserved)
		return -EINVAL;
	buffer = nvlink_handle_look(file, args->handle, &write);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	args->flags = flags_of(buffer);
	args->size = buffer->size;
	args->mmap_offset = mmap_offset(buffer, args->handle);
	args->where = buffer->where;
	args->generation = buffer->epoch;
	args->segments = buffer->table ? buffer->table->nents : 0;
	nvlink_buffer_put(buffer);
	return 0;
}

static int sync(struct nvlink_buffer *buffer, enum dma_data_direction direction,
		bool end)
{
	if (!nvlink_buffer_is_system(buffer))
		return -EINVAL;
	if (buffer->import)
		return end ? dma_buf_end_cpu_access(buffer->import, direction) :
			     dma_buf_begin_cpu_access(buffer->import, direction);
	if (!end)
		return nvlink_buffer_begin(buffer, direction);
	nvlink_buffer_end(buffer, direction);
	return 0;
}

int nvlink_ioctl_sync(struct nvlink_file *file, void *arg)
{
	static const enum dma_data_direction directions[] = {
		[NVLINK_SYNC_READ] = DMA_FROM_DEVICE,
		[NVLINK_SYNC_WRITE] = DMA_TO_DEVICE,
		[NVLINK_SYNC_READ | NVLINK_SYNC_WRITE] = DMA_BIDIRECTIONAL,
	};
	struct nvlink_ioc_sync *args = arg;
	u32 access = args->flags & (NVLINK_SYNC_READ | NVLINK_SYNC_WRITE);
	struct nvlink_buffer *buffer;
	int ret;

	if (!access || args->flags & ~(access | NVLINK_SYNC_END))
		return -EINVAL;
	buffer = nvlink_handle_get(file, args->handle, access & NVLINK_SYNC_WRITE);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	ret = sync(buffer, directions[access], args->flags & NVLINK_SYNC_END);
	nvlink_buffer_put(buffer);
	return ret;
}

/**
 * nvlink_file_mmap() - map a buffer by its handle
 * @file: open file
 * @vma: the area; its offset is what NVLINK_IOC_ALLOC gave
 *
 * Return: 0 or a negative errno.
 */
int nvlink_file_mmap(struct nvlink_file *file, struct vm_area_struct *vma)
{
	const unsigned int shift = MMAP_SHIFT - PAGE_SHIFT;
	struct nvlink_buffer *buffer;
	unsigned long offset = vma->vm_pgoff;
	int ret = -EACCES;
	bool write;

	if (offset >> shift > NVLINK_HANDLES_MAX)
		return -EINVAL;
	buffer = nvlink_handle_look(file, offset >> shift, &write);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	if (write || !(vma->vm_flags & VM_WRITE))
		ret = nvlink_buffer_mmap(buffer, vma, offset & (BIT(shift) - 1));
	if (!write)
		vm_flags_clear(vma, VM_MAYWRITE);
	nvlink_buffer_put(buffer);
	return ret;
}
