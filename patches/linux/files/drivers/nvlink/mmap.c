// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of system memory for user space and for the kernel.
 */
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "buffer.h"
#include "file.h"

static void vma_open(struct vm_area_struct *vma)
{
	nvlink_buffer_get(vma->vm_private_data);
}

static void vma_close(struct vm_area_struct *vma)
{
	nvlink_buffer_put(vma->vm_private_data);
}

static const struct vm_operations_struct vm_ops = {
	.open = vma_open,
	.close = vma_close,
};

/* Map the part of @sg that begins @skip bytes in; tell what is still to map. */
static int map_piece(struct vm_area_struct *vma, unsigned long *address,
		     struct scatterlist *sg, u64 skip)
{
	unsigned long size = min_t(u64, sg->length - skip, vma->vm_end - *address);
	int ret;

	ret = remap_pfn_range(vma, *address,
			      page_to_pfn(sg_page(sg)) + (skip >> PAGE_SHIFT),
			      size, vma->vm_page_prot);
	*address += size;
	return ret;
}

/**
 * nvlink_buffer_mmap() - map system memory for user space
 * @buffer: the buffer
 * @vma: the area
 * @first: number of the buffer's page that it begins with
 *
 * The area keeps the buffer.
 *
 * Return: 0, -EINVAL for a private area or another sort of memory, -ERANGE for
 * an area past the end.
 */
int nvlink_buffer_mmap(struct nvlink_buffer *buffer, struct vm_area_struct *vma,
		       unsigned long first)
{
	u64 skip = (u64)first << PAGE_SHIFT;
	u64 size = vma->vm_end - vma->vm_start;
	unsigned long address = vma->vm_start;
	struct scatterlist *sg;
	int ret;
	int i;

	if (!nvlink_buffer_is_system(buffer) || buffer->import ||
	    !(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (skip > buffer->size || size > buffer->size - skip)
		return -ERANGE;

	for_each_sgtable_sg(&buffer->pages, sg, i) {
		if (address == vma->vm_end)
			break;
		if (skip >= sg->length) {
			skip -= sg->length;
			continue;
		}
		ret = map_piece(vma, &address, sg, skip);
		if (ret)
			return ret;
		skip = 0;
	}
	nvlink_buffer_get(buffer);
	vma->vm_private_data = buffer;
	vma->vm_ops = &vm_ops;
	return 0;
}

static void *map_all(struct nvlink_buffer *buffer)
{
	unsigned int count = buffer->size >> PAGE_SHIFT;
	struct sg_page_iter iter;
	struct page **pages;
	unsigned int n = 0;
	void *vaddr;

	pages = kvmalloc_array(count, sizeof(*pages), GFP_KERNEL_ACCOUNT);
	if (!pages)
		return NULL;
	for_each_sgtable_page(&buffer->pages, &iter, 0)
		pages[n++] = sg_page_iter_page(&iter);
	vaddr = vmap(pages, count, VM_MAP, PAGE_KERNEL);
	kvfree(pages);
	return vaddr;
}

/**
 * nvlink_buffer_vmap() - map system memory for the kernel
 * @buffer: the buffer
 * @vaddr: set to the address
 *
 * Return: 0, -ENOMEM, or -EINVAL for GPU memory.
 */
int nvlink_buffer_vmap(struct nvlink_buffer *buffer, void **vaddr)
{
	int ret = 0;

	if (!nvlink_buffer_is_system(buffer))
		return -EINVAL;
	mutex_lock(&buffer->lock);
	if (!buffer->vmaps)
		buffer->vaddr = map_all(buffer);
	if (buffer->vaddr)
		buffer->vmaps++;
	else
		ret = -ENOMEM;
	*vaddr = buffer->vaddr;
	mutex_unlock(&buffer->lock);
	return ret;
}

/**
 * nvlink_buffer_vunmap() - one user less of the kernel's mapping
 * @buffer: the buffer
 */
void nvlink_buffer_vunmap(struct nvlink_buffer *buffer)
{
	mutex_lock(&buffer->lock);
	if (!--buffer->vmaps) {
		vunmap(buffer->vaddr);
		buffer->vaddr = NULL;
	}
	mutex_unlock(&buffer->lock);
}
