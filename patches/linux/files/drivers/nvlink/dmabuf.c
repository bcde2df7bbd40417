// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exporting buffers as dma-bufs. All dma-bufs of a buffer share its reservation,
 * so whoever waits for one waits for all that happens to the memory.
 *
 * GPU memory has no pages: its dma-bufs only carry it to other open files.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/fdtable.h>
#include <linux/highmem.h>
#include <linux/iosys-map.h>
#include <linux/slab.h>

#include "buffer.h"
#include "file.h"

/**
 * struct attachment - attachment of another device
 * @node: in nvlink_buffer.attachments
 * @dev: that device
 * @table: the pages, mapped for it while @mapped
 * @mapped: whether they are
 */
struct attachment {
	struct list_head node;
	struct device *dev;
	struct sg_table table;
	bool mapped;
};

static int copy_table(const struct sg_table *from, struct sg_table *to)
{
	struct scatterlist *source, *target;
	int ret;
	int i;

	ret = sg_alloc_table(to, from->orig_nents, GFP_KERNEL_ACCOUNT);
	if (ret)
		return ret;
	target = to->sgl;
	for_each_sgtable_sg(from, source, i) {
		sg_set_page(target, sg_page(source), source->length, 0);
		target = sg_next(target);
	}
	return 0;
}

static int attach(struct dma_buf *dmabuf, struct dma_buf_attachment *to)
{
	struct nvlink_buffer *buffer = dmabuf->priv;
	struct attachment *a;
	int ret;

	if (!nvlink_buffer_is_system(buffer))
		return -EOPNOTSUPP;
	a = kzalloc(sizeof(*a), GFP_KERNEL_ACCOUNT);
	if (!a)
		return -ENOMEM;
	ret = copy_table(&buffer->pages, &a->table);
	if (ret) {
		kfree(a);
		return ret;
	}
	a->dev = to->dev;
	to->priv = a;

	mutex_lock(&buffer->lock);
	list_add(&a->node, &buffer->attachments);
	mutex_unlock(&buffer->lock);
	return 0;
}

static void detach(struct dma_buf *dmabuf, struct dma_buf_attachment *from)
{
	struct nvlink_buffer *buffer = dmabuf->priv;
	struct attachment *a = from->priv;

	mutex_lock(&buffer->lock);
	list_del(&a->node);
	mutex_unlock(&buffer->lock);
	sg_free_table(&a->table);
	kfree(a);
}

/*
 * The caches are right already: the pages are mapped for the controller as long
 * as they live, and access by the CPU is bracketed by nvlink_buffer_begin() and
 * nvlink_buffer_end(), which see to every attachment. A mapping that maintained
 * them once more would be one too many of the same memory.
 */
#define MAP_ATTRS DMA_ATTR_SKIP_CPU_SYNC

static struct sg_table *map(struct dma_buf_attachment *attachment,
			    enum dma_data_direction direction)
{
	struct nvlink_buffer *buffer = attachment->dmabuf->priv;
	struct attachment *a = attachment->priv;
	int ret;

	mutex_lock(&buffer->lock);
	ret = dma_map_sgtable(a->dev, &a->table, direction, MAP_ATTRS);
	a->mapped = !ret;
	mutex_unlock(&buffer->lock);
	return ret ? ERR_PTR(ret) : &a->table;
}

static void unmap(struct dma_buf_attachment *attachment, struct sg_table *table,
		  enum dma_data_direction direction)
{
	struct nvlink_buffer *buffer = attachment->dmabuf->priv;
	struct attachment *a = attachment->priv;

	mutex_lock(&buffer->lock);
	a->mapped = false;
	dma_unmap_sgtable(a->dev, table, direction, MAP_ATTRS);
	mutex_unlock(&buffer->lock);
}

/**
 * nvlink_buffer_begin() - begin access by the CPU
 * @buffer: own system memory
 * @direction: as with dma_buf_begin_cpu_access()
 *
 * Waits for the jobs that are in the way, then makes the caches agree.
 *
 * Return: 0, or -ERESTARTSYS.
 */
int nvlink_buffer_begin(struct nvlink_buffer *buffer,
			enum dma_data_direction direction)
{
	bool write = direction != DMA_FROM_DEVICE;
	struct attachment *a;
	long ret;

	ret = dma_resv_wait_timeout(buffer->resv, dma_resv_usage_rw(write), true,
				    MAX_SCHEDULE_TIMEOUT);
	if (ret < 0)
		return ret;

	mutex_lock(&buffer->lock);
	if (buffer->vmaps)
		invalidate_kernel_vmap_range(buffer->vaddr, buffer->size);
	if (buffer->mapped)
		dma_sync_sgtable_for_cpu(buffer->dma->nv->dma_dev, buffer->table,
					 direction);
	list_for_each_entry(a, &buffer->attachments, node)
		if (a->mapped)
			dma_sync_sgtable_for_cpu(a->dev, &a->table, direction);
	mutex_unlock(&buffer->lock);
	return 0;
}

/**
 * nvlink_buffer_end() - end access by the CPU
 * @buffer: own system memory
 * @direction: as with dma_buf_end_cpu_access()
 */
void nvlink_buffer_end(struct nvlink_buffer *buffer,
		       enum dma_data_direction direction)
{
	struct attachment *a;

	mutex_lock(&buffer->lock);
	if (buffer->vmaps)
		flush_kernel_vmap_range(buffer->vaddr, buffer->size);
	if (buffer->mapped)
		dma_sync_sgtable_for_device(buffer->dma->nv->dma_dev,
					    buffer->table, direction);
	list_for_each_entry(a, &buffer->attachments, node)
		if (a->mapped)
			dma_sync_sgtable_for_device(a->dev, &a->table, direction);
	mutex_unlock(&buffer->lock);
}

static int begin_cpu_access(struct dma_buf *dmabuf,
			    enum dma_data_direction direction)
{
	struct nvlink_buffer *buffer = dmabuf->priv;

	if (!nvlink_buffer_is_system(buffer))
		return -EOPNOTSUPP;
	return nvlink_buffer_begin(buffer, direction);
}

static int end_cpu_access(struct dma_buf *dmabuf,
			  enum dma_data_direction direction)
{
	struct nvlink_buffer *buffer = dmabuf->priv;

	if (!nvlink_buffer_is_system(buffer))
		return -EOPNOTSUPP;
	nvlink_buffer_end(buffer, direction);
	return 0;
}

static int map_vma(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	return nvlink_buffer_mmap(dmabuf->priv, vma, vma->vm_pgoff);
}

static int map_kernel(struct dma_buf *dmabuf, struct iosys_map *map)
{
	void *vaddr;
	int ret = nvlink_buffer_vmap(dmabuf->priv, &vaddr);

	if (!ret)
		iosys_map_set_vaddr(map, vaddr);
	return ret;
}

static void unmap_kernel(struct dma_buf *dmabuf, struct iosys_map *map)
{
	nvlink_buffer_vunmap(dmabuf->priv);
	iosys_map_clear(map);
}

static void release(struct dma_buf *dmabuf)
{
	struct nvlink_buffer *buffer = dmabuf->priv;

	atomic_dec(&buffer->exports);
	nvlink_buffer_put(buffer);
}

static const struct dma_buf_ops nvlink_dmabuf_ops = {
	.attach = attach,
	.detach = detach,
	.map_dma_buf = map,
	.unmap_dma_buf = unmap,
	.begin_cpu_access = begin_cpu_access,
	.end_cpu_access = end_cpu_access,
	.mmap = map_vma,
	.vmap = map_kernel,
	.vunmap = unmap_kernel,
	.release = release,
};

/**
 * nvlink_dmabuf_buffer() - the buffer that a dma-buf was made of
 * @dmabuf: any dma-buf; it keeps the buffer alive
 *
 * Return: the buffer, or NULL where another driver made the dma-buf.
 */
struct nvlink_buffer *nvlink_dmabuf_buffer(struct dma_buf *dmabuf)
{
	return dmabuf->ops == &nvlink_dmabuf_ops ? dmabuf->priv : NULL;
}

static int export(struct nvlink_buffer *buffer, struct nvlink_ioc_export *args)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct dma_buf *dmabuf;

	if (buffer->import)
		return -EINVAL;
	info.ops = &nvlink_dmabuf_ops;
	info.size = buffer->size;
	info.flags = args->flags & O_ACCMODE;
	info.resv = buffer->resv;
	info.priv = buffer;
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	nvlink_buffer_get(buffer);
	atomic_inc(&buffer->exports);

	args->fd = dma_buf_fd(dmabuf, args->flags);
	if (args->fd >= 0)
		return 0;
	dma_buf_put(dmabuf);
	return args->fd;
}

int nvlink_ioctl_export(struct nvlink_file *file, void *arg)
{
	struct nvlink_ioc_export *args = arg;
	struct nvlink_buffer *buffer;
	u32 access = args->flags & O_ACCMODE;
	int ret;

	if (args->flags & ~(O_CLOEXEC | O_ACCMODE) || access == O_ACCMODE ||
	    args->reserved)
		return -EINVAL;
	buffer = nvlink_handle_get(file, args->handle, access != O_RDONLY);
	if (IS_ERR(buffer))
		return PTR_ERR(buffer);
	ret = export(buffer, args);
	nvlink_buffer_put(buffer);
	return ret;
}
