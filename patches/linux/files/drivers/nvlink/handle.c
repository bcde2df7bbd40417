// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handles: names of buffers within one open file.
 */
#include <linux/fdtable.h>

#include "buffer.h"
#include "file.h"

/* Set where the holder of a handle may not write to its buffer. */
#define READ_ONLY XA_MARK_1

/**
 * nvlink_handle_add() - give a buffer a name
 * @file: open file
 * @buffer: the buffer; the handle takes a reference of its own
 * @write: it may be written by that name
 * @handle: set to the name
 *
 * Return: 0, -EDQUOT where there are too many, or -ENOMEM.
 */
int nvlink_handle_add(struct nvlink_file *file, struct nvlink_buffer *buffer,
		      bool write, u32 *handle)
{
	int ret;

	nvlink_buffer_get(buffer);
	xa_lock(&file->handles);
	ret = __xa_alloc(&file->handles, handle, buffer,
			 XA_LIMIT(1, NVLINK_HANDLES_MAX), GFP_KERNEL_ACCOUNT);
	/* Nobody can use the name before its mark is set. */
	if (!ret && !write)
		__xa_set_mark(&file->handles, *handle, READ_ONLY);
	if (!ret && !buffer->handle)
		buffer->handle = *handle;
	xa_unlock(&file->handles);
	if (!ret)
		return 0;
	nvlink_buffer_put(buffer);
	return ret == -EBUSY ? -EDQUOT : ret;
}

/**
 * nvlink_handle_look() - find a buffer by its name, whatever became of it
 * @file: open file
 * @handle: the name
 * @write: set to whether it may be written by that name
 *
 * Return: the buffer with a reference for the caller, or -ENOENT.
 */
struct nvlink_buffer *nvlink_handle_look(struct nvlink_file *file, u32 handle,
					 bool *write)
{
	struct nvlink_buffer *buffer;

	xa_lock(&file->handles);
	buffer = xa_load(&file->handles, handle);
	*write = buffer && !xa_get_mark(&file->handles, handle, READ_ONLY);
	if (buffer)
		nvlink_buffer_get(buffer);
	xa_unlock(&file->handles);
	return buffer ?: ERR_PTR(-ENOENT);
}

/**
 * nvlink_handle_get() - find a buffer by its name
 * @file: open file
 * @handle: the name
 * @write: it is to be written
 *
 * Return: the buffer with a reference for the caller, or an error pointer:
 * -ENOENT, -EACCES where it may not be written, -ESTALE where its contents are
 * lost.
 */
struct nvlink_buffer *nvlink_handle_get(struct nvlink_file *file, u32 handle,
					bool write)
{
	struct nvlink_buffer *buffer;
	bool may_write;
	int ret = 0;

	buffer = nvlink_handle_look(file, handle, &may_write);
	if (IS_ERR(buffer))
		return buffer;
	if (write && !may_write)
		ret = -EACCES;
	else if (nvlink_buffer_lost(buffer))
		ret = -ESTALE;
	if (!ret)
		return buffer;
	nvlink_buffer_put(buffer);
	return ERR_PTR(ret);
}

/**
 * nvlink_handle_free() - forget a name
 * @file: open file
 * @handle: the name
 *
 * Return: 0, or -ENOENT.
 */
int nvlink_handle_free(struct nvlink_file *file, u32 handle)
{
	struct nvlink_buffer *buffer = xa_erase(&file->handles, handle);

	if (!buffer)
		return -ENOENT;
	nvlink_buffer_put(buffer);
	return 0;
}

/**
 * nvlink_handles_free() - forget all names
 * @file: open file that is being closed
 */
void nvlink_handles_free(struct nvlink_file *file)
{
	struct nvlink_buffer *buffer;
	unsigned long handle;

	xa_for_each(&file->handles, handle, buffer)
		nvlink_handle_free(file, handle);
	xa_destroy(&file->handles);
}
