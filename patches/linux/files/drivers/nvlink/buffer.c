// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers, whatever their memory is. A buffer lives as long as a handle, a
 * mapping, a dma-buf or a job refers to it, also when the driver is unbound; its
 * mapping for the controller ends then.
 */
#include <linux/dma-buf.h>
#include <linux/slab.h>

#include "buffer.h"

/**
 * nvlink_buffer_make() - make a buffer without memory
 * @dma: the data path
 * @size: bytes
 * @where: NVLINK_WHERE_SYSTEM or a GPU
 *
 * Return: the buffer, or an error pointer.
 */
struct nvlink_buffer *nvlink_buffer_make(struct nvlink_dma *dma, u64 size,
					 u32 where)
{
	struct nvlink_buffer *buffer;

	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL_ACCOUNT);
	if (!buffer)
		return ERR_PTR(-ENOMEM);
	kref_init(&buffer->ref);
	buffer->dma = nvlink_dma_get(dma);
	buffer->size = size;
	buffer->where = where;
	buffer->epoch = READ_ONCE(dma->nv->epoch);
	buffer->pid = task_tgid_nr(current);
	dma_resv_init(&buffer->own_resv);
	buffer->resv = &buffer->own_resv;
	mutex_init(&buffer->lock);
	INIT_LIST_HEAD(&buffer->attachments);

	mutex_lock(&dma->lock);
	list_add_tail(&buffer->node, &dma->buffers);
	mutex_unlock(&dma->lock);
	return buffer;
}

/**
 * nvlink_buffer_get() - take a reference
 * @buffer: a buffer that somebody has a reference to
 */
void nvlink_buffer_get(struct nvlink_buffer *buffer)
{
	kref_get(&buffer->ref);
}

/**
 * nvlink_buffer_detach() - end what the controller can reach of a buffer
 * @buffer: a buffer that no job uses; again and again, if need be
 */
void nvlink_buffer_detach(struct nvlink_buffer *buffer)
{
	if (buffer->import)
		nvlink_import_detach(buffer);
	else if (nvlink_buffer_is_system(buffer))
		nvlink_sysmem_unmap(buffer);
}

static void release(struct kref *ref)
{
	struct nvlink_buffer *buffer = container_of(ref, struct nvlink_buffer,
						    ref);
	struct nvlink_dma *dma = buffer->dma;

	/* Off the list and detached by one: nvlink_dma_exit() finds all or none. */
	mutex_lock(&dma->lock);
	list_del(&buffer->node);
	nvlink_buffer_detach(buffer);
	mutex_unlock(&dma->lock);

	if (buffer->import)
		dma_buf_put(buffer->import);
	else if (nvlink_buffer_is_system(buffer))
		nvlink_sysmem_free(buffer);
	else
		nvlink_gpumem_free(buffer);
	dma_resv_fini(&buffer->own_resv);
	mutex_destroy(&buffer->lock);
	kfree(buffer);
	nvlink_dma_put(dma);
}

/**
 * nvlink_buffer_put() - drop a reference
 * @buffer: the buffer; may sleep
 */
void nvlink_buffer_put(struct nvlink_buffer *buffer)
{
	kref_put(&buffer->ref, release);
}

/**
 * nvlink_buffer_lost() - whether a reset took the contents away
 * @buffer: the buffer
 *
 * Return: true for GPU memory of an older epoch.
 */
bool nvlink_buffer_lost(struct nvlink_buffer *buffer)
{
	return !nvlink_buffer_is_system(buffer) &&
	       buffer->epoch != READ_ONCE(buffer->dma->nv->epoch);
}

/**
 * nvlink_buffer_range() - check a range that user space names
 * @buffer: the buffer
 * @offset: first byte
 * @length: bytes
 *
 * Return: 0, -EINVAL for no bytes, -ERANGE for a range past the end.
 */
int nvlink_buffer_range(struct nvlink_buffer *buffer, u64 offset, u64 length)
{
	if (!length)
		return -EINVAL;
	if (offset > buffer->size || length > buffer->size - offset)
		return -ERANGE;
	return 0;
}
