// SPDX-License-Identifier: GPL-2.0-only
/*
 * Importing dma-bufs. Those of this controller give the buffer that they were
 * made of; others are attached and mapped for as long as the handle lives.
 */
#include <linux/dma-buf.h>
#include <linux/file.h>

#include "buffer.h"
#include "file.h"

/**
 * nvlink_import_detach() - let go of a foreign dma-buf's mapping
 * @buffer: a buffer that no job uses; under nvlink_dma.lock
 */
void nvlink_import_detach(struct nvlink_buffer *buffer)
{
	if (buffer->mapped)
		dma_buf_unmap_attachment_unlocked(buffer->attachment,
						  buffer->table,
						  DMA_BIDIRECTIONAL);
	buffer->mapped = false;
	if (buffer->attachment)
		dma_buf_detach(buffer->import, buffer->attachment);
	buffer->attachment = NULL;
}

/* An exporter's table may be shorter than the size that it claims. */
static int check_size(struct nvlink_buffer *buffer)
{
	struct scatterlist *sg;
	u64 mapped = 0;
	int i;

	for_each_sgtable_dma_sg(buffer->table, sg, i)
		mapped += sg_dma_len(sg);
	return mapped < buffer->size ? -ERANGE : 0;
}

static int attach(struct nvlink_buffer *buffer, struct dma_buf *dmabuf)
{
	struct dma_buf_attachment *attachment;
	struct sg_table *table;
	int ret;

	get_dma_buf(dmabuf);
	buffer->import = dmabuf;
	buffer->resv = dmabuf->resv;

	attachment = dma_buf_attach(dmabuf, buffer->dma->nv->dma_dev);
	if (IS_ERR(attachment))
		return PTR_ERR(attachment);
	buffer->attachment = attachment;
	table = dma_buf_map_attachment_unlocked(attachment, DMA_BIDIRECTIONAL);
	if (IS_ERR(table))
		return PTR_ERR(table);
	mutex_lock(&buffer->lock);
	buffer->table = table;
	buffer->mapped = true;
	mutex_unlock(&buffer->lock);

	ret = check_size(buffer);
	return ret ?: nvlink_window_check(buffer->dma, table);
}

static struct nvlink_buffer *import_foreign(struct nvlink_dma *dma,
					    struct dma_buf *dmabuf)
{
	struct nvlink_buffer *buffer;
	int ret;

	if (!dmabuf->size)
		return ERR_PTR(-EINVAL);
	buffer = nvlink_buffer_make(dma, dmabuf->size, NVLINK_WHERE_SYSTEM);
	if (IS_ERR(buffer))
		return buffer;
	ret = attach(buffer, dmabuf);
	if (ret) {
		nvlink_buffer_put(buffer);
		return ERR_PTR(ret);
	}
	return buffer;
}

static struct nvlink_buffer *import(struct nvlink_dma *dma,
				    struct dma_buf *dmabuf)
{
	struct nvlink_buffer *buffer = nvlink_dmabuf_buffer(dmabuf);

	if (!buffer)
		return import_foreign(dma, dmabuf);
	if (buffer->dma == dma) {
		nvlink_buffer_get(buffer);
		return buffer;
	}
	if (!nvlink_buffer_is_system(buffer))
		return ERR_PTR(-EXDEV);
	return import_foreign(dma, dmabuf);
}

int nvlink_ioctl_import(struct nvlink_file *file, void *arg)
{
	struct nvlink_ioc_import *args = arg;
	struct nvlink_buffer *buffer;
	struct dma_buf *dmabuf;
	int ret;

	if (args->flags || args->reserved)
		return -EINVAL;
	dmabuf = dma_buf_get(args->fd);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);

	buffer = import(file->dma, dmabuf);
	if (IS_ERR(buffer)) {
		dma_buf_put(dmabuf);
		return PTR_ERR(buffer);
	}
	ret = nvlink_buffer_lost(buffer) ? -ESTALE : 0;
	if (!ret)
		ret = nvlink_handle_add(file, buffer,
					dmabuf->file->f_mode & FMODE_WRITE,
					&args->handle);
	args->where = buffer->where;
	args->size = buffer->size;
	nvlink_buffer_put(buffer);
	dma_buf_put(dmabuf);
	return ret;
}
