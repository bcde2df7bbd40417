/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffers: memory that the engine copies from and to.
 */
#ifndef NVLINK_BUFFER_H
#define NVLINK_BUFFER_H

#include <linux/dma-direction.h>
#include <linux/dma-resv.h>
#include <linux/scatterlist.h>
#include <uapi/linux/nvlink.h>

#include "dma.h"

struct dma_buf;
struct dma_buf_attachment;
struct nvlink_file;
struct vm_area_struct;

/**
 * struct nvlink_buffer - memory that the engine copies from and to
 * @ref: handles, mappings, dma-bufs and jobs hold references
 * @dma: data path that it belongs to
 * @node: in nvlink_dma.buffers
 * @size: bytes
 * @where: NVLINK_WHERE_SYSTEM or a GPU
 * @offset: GPU memory: first byte
 * @placed: GPU memory: @offset is reserved for it
 * @epoch: GPU memory: epoch of its contents
 * @payer: open file that its system memory counts against, or NULL
 * @own_resv: reservation of what is not imported
 * @resv: reservation
 * @lock: see dma.h
 * @pages: system memory: its pages, as they were allocated
 * @table: system memory: the same pages, mapped for the controller while @mapped
 * @mapped: the controller can reach it
 * @import: dma-buf that the memory belongs to, or NULL
 * @attachment: attachment to that
 * @attachments: attachments of other devices to its dma-bufs
 * @vaddr: kernel mapping while @vmaps is not zero
 * @vmaps: users of it
 * @exports: dma-bufs of it
 * @handle: first handle of it, for debugfs
 * @pid: process that made it, for debugfs
 */
struct nvlink_buffer {
	struct kref ref;
	struct nvlink_dma *dma;
	struct list_head node;
	u64 size;
	u32 where;
	u64 offset;
	bool placed;
	unsigned int epoch;
	struct nvlink_file *payer;
	struct dma_resv own_resv;
	struct dma_resv *resv;
	struct mutex lock; /* see above */
	struct sg_table pages;
	struct sg_table *table;
	bool mapped;
	struct dma_buf *import;
	struct dma_buf_attachment *attachment;
	struct list_head attachments;
	void *vaddr;
	unsigned int vmaps;
	atomic_t exports;
	u32 handle;
	pid_t pid;
};

static inline bool nvlink_buffer_is_system(const struct nvlink_buffer *buffer)
{
	return buffer->where == NVLINK_WHERE_SYSTEM;
}

/* buffer.c */
struct nvlink_buffer *nvlink_buffer_make(struct nvlink_dma *dma, u64 size,
					 u32 where);
void nvlink_buffer_get(struct nvlink_buffer *buffer);
void nvlink_buffer_put(struct nvlink_buffer *buffer);
void nvlink_buffer_detach(struct nvlink_buffer *buffer);
bool nvlink_buffer_lost(struct nvlink_buffer *buffer);
int nvlink_buffer_range(struct nvlink_buffer *buffer, u64 offset, u64 length);

/* sysmem.c */
int nvlink_sysmem_alloc(struct nvlink_buffer *buffer, struct nvlink_file *payer);
void nvlink_sysmem_free(struct nvlink_buffer *buffer);
void nvlink_sysmem_unmap(struct nvlink_buffer *buffer);
u64 nvlink_sysmem_limit(void);

/* gpumem.c */
void nvlink_gpumem_init(struct nvlink_dma *dma);
void nvlink_gpumem_exit(struct nvlink_dma *dma);
u64 nvlink_gpumem_left(struct nvlink_dma *dma, unsigned int gpu);
int nvlink_gpumem_alloc(struct nvlink_buffer *buffer);
void nvlink_gpumem_free(struct nvlink_buffer *buffer);

/* import.c */
void nvlink_import_detach(struct nvlink_buffer *buffer);

/* dmabuf.c */
struct nvlink_buffer *nvlink_dmabuf_buffer(struct dma_buf *dmabuf);
int nvlink_buffer_begin(struct nvlink_buffer *buffer,
			enum dma_data_direction direction);
void nvlink_buffer_end(struct nvlink_buffer *buffer,
		       enum dma_data_direction direction);

/* mmap.c */
int nvlink_buffer_mmap(struct nvlink_buffer *buffer, struct vm_area_struct *vma,
		       unsigned long first);
int nvlink_buffer_vmap(struct nvlink_buffer *buffer, void **vaddr);
void nvlink_buffer_vunmap(struct nvlink_buffer *buffer);

#endif
