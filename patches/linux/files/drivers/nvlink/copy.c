// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies. Where the two buffers lie decides what the engine does: memory of the
 * system is reached by the buffer's own pages, whatever they are, GPU memory by
 * its range. What cannot go straight goes through the channel's bounce buffer,
 * step by step, with the same result.
 */
#include <linux/minmax.h>

#include "buffer.h"
#include "file.h"
#include "peer.h"

/**
 * struct cursor - a place in a buffer
 * @buffer: the buffer
 * @sg: system memory: segment
 * @address: bus address, or offset in the GPU's memory
 * @left: bytes from there that are contiguous
 */
struct cursor {
	struct nvlink_buffer *buffer;
	struct scatterlist *sg;
	u64 address;
	u64 left;
};

static void seek(struct cursor *c, struct nvlink_buffer *buffer, u64 offset)
{
	c->buffer = buffer;
	c->sg = NULL;
	c->address = buffer->offset + offset;
	c->left = U64_MAX;
	if (!nvlink_buffer_is_system(buffer))
		return;

	c->sg = buffer->table->sgl;
	while (offset >= sg_dma_len(c->sg)) {
		offset -= sg_dma_len(c->sg);
		c->sg = sg_next(c->sg);
	}
	c->address = sg_dma_address(c->sg) + offset;
	c->left = sg_dma_len(c->sg) - offset;
}

static void advance(struct cursor *c, u64 bytes)
{
	c->address += bytes;
	c->left -= bytes;
	if (c->left || !c->sg)
		return;
	/* After the very last byte there is no segment any more. */
	do
		c->sg = sg_next(c->sg);
	while (c->sg && !sg_dma_len(c->sg));
	if (c->sg) {
		c->address = sg_dma_address(c->sg);
		c->left = sg_dma_len(c->sg);
	}
}

/**
 * struct copy - a copy that is being planned
 * @source: where it begins in the source
 * @destination: where it begins in the destination
 * @length: bytes
 * @most: bytes of one step at most
 * @link: link to use, or NVLINK_LINK_ANY
 */
struct copy {
	struct cursor source;
	struct cursor destination;
	u64 length;
	u64 most;
	u8 link;
};

/* Take the next step that is contiguous at both ends. */
static u64 step(struct copy *copy)
{
	u64 bytes = min(copy->length, copy->most);

	bytes = min3(bytes, copy->source.left, copy->destination.left);
	copy->length -= bytes;
	advance(&copy->source, bytes);
	advance(&copy->destination, bytes);
	return bytes;
}

static size_t count_steps(struct copy copy)
{
	size_t steps = 0;

	for (; copy.length; steps++)
		step(&copy);
	return steps;
}

static u8 opcode(bool from_system, bool to_system)
{
	if (from_system)
		return to_system ? NVLINK_OPCODE_HOST : NVLINK_OPCODE_READ;
	return to_system ? NVLINK_OPCODE_WRITE : NVLINK_OPCODE_PEER;
}

static void set_gpus(struct nvlink_descriptor *descriptor, u32 from, u32 to)
{
	if (from != NVLINK_WHERE_SYSTEM)
		descriptor->source_gpu = from;
	if (to != NVLINK_WHERE_SYSTEM)
		descriptor->destination_gpu = to;
}

static void add_step(struct nvlink_job *job, const struct copy *copy, u32 from,
		     u64 source, u32 to, u64 destination, u64 bytes)
{
	bool from_system = from == NVLINK_WHERE_SYSTEM;
	bool to_system = to == NVLINK_WHERE_SYSTEM;
	struct nvlink_descriptor *descriptor;

	descriptor = nvlink_job_add(job, opcode(from_system, to_system), bytes);
	descriptor->source = cpu_to_le64(source);
	descriptor->destination = cpu_to_le64(destination);
	set_gpus(descriptor, from, to);
	if (from_system != to_system)
		descriptor->link = copy->link;
}

static void add_steps(struct nvlink_job *job, struct copy copy)
{
	u32 from = copy.source.buffer->where;
	u32 to = copy.destination.buffer->where;
	u64 bounce = job->file->channel->bounce_addr;

	while (copy.length) {
		u64 source = copy.source.address;
		u64 destination = copy.destination.address;
		u64 bytes = step(&copy);

		if (job->path != NVLINK_PATH_STAGED) {
			add_step(job, &copy, from, source, to, destination, bytes);
			continue;
		}
		add_step(job, &copy, from, source, NVLINK_WHERE_SYSTEM, bounce,
			 bytes);
		add_step(job, &copy, NVLINK_WHERE_SYSTEM, bounce, to, destination,
			 bytes);
	}
}

static struct nvlink_job *plan(struct nvlink_file *file, struct copy *copy,
			       u32 path)
{
	bool staged = path == NVLINK_PATH_STAGED;
	struct nvlink_job *job;
	size_t steps;

	copy->most = staged ? NVLINK_BOUNCE_BYTES : NVLINK_STEP_BYTES;
	steps = count_steps(*copy);
	job = nvlink_job_alloc(file, staged ? 2 * steps : steps);
	if (IS_ERR(job))
		return job;
	job->path = path;
	job->stepwise = staged;
	add_steps(job, *copy);
	nvlink_job_use(job, copy->source.buffer, false);
	nvlink_job_use(job, copy->destination.buffer, true);
	return job;
}

/* Bytes of the two buffers that are the same memory are at the same place. */
static bool same_memory(struct nvlink_buffer *a, struct nvlink_buffer *b)
{
	if (nvlink_buffer_is_system(a))
		return a == b || (a->import && a->import == b->import);
	return a->where == b->where;
}

static bool overlap(struct nvlink_buffer *source, struct nvlink_buffer *destination,
		    const struct nvlink_ioc_copy *args)
{
	u64 a = source->offset + args->source_offset;
	u64 b = destination->offset + args->destination_offset;

	return same_memory(source, destination) && a < b + args->length &&
	       b < a + args->length;
}

static int copy_path(struct nvlink *nv, u32 from, u32 to, u32 flags)
{
	bool from_system = from == NVLINK_WHERE_SYSTEM;
	bool to_system = to == NVLINK_WHERE_SYSTEM;
	u32 links;

	if (!from_system && !nvlink_peer_links(nv, from))
		return -ENETDOWN;
	if (!to_system && !nvlink_peer_links(nv, to))
		return -ENETDOWN;
	if (flags & NVLINK_SUBMIT_STAGED)
		return NVLINK_PATH_STAGED;
	if (from_system || to_system)
		return NVLINK_PATH_DIRECT;
	return nvlink_peer_path(nv, from, to, &links);
}

/* A link is a choice only where exactly one end is a GPU. */
static int check_link(struct nvlink *nv, u32 link, u32 from, u32 to)
{
	bool from_system = from == NVLINK_WHERE_SYSTEM;
	bool to_system = to == NVLINK_WHERE_SYSTEM;

	if (link == NVLINK_ANY_LINK)
		return 0;
	if (from_system == to_system)
		return -EINVAL;
	return nvlink_peer_link(nv, link, from_system ? to : from);
}

static int copy(struct nvlink_file *file, struct nvlink_ioc_copy *args,
		struct nvlink_buffer *source, struct nvlink_buffer *destination)
{
	struct nvlink *nv = file->dma->nv;
	struct nvlink_job *job;
	struct copy plan_of;
	int ret;

	ret = nvlink_buffer_range(source, args->source_offset, args->length);
	if (!ret)
		ret = nvlink_buffer_range(destination, args->destination_offset,
					  args->length);
	if (ret)
		return ret;
	if (overlap(source, destination, args))
		return -EINVAL;
	ret = check_link(nv, args->submit.link, source->where, destination->where);
	if (ret)
		return ret;
	ret = copy_path(nv, source->where, destination->where, args->submit.flags);
	if (ret < 0)
		return ret;

	plan_of.length = args->length;
	plan_of.link = args->submit.link;
	seek(&plan_of.source, source, args->source_offset);
	seek(&plan_of.destination, destination, args->destination_offset);
	job = plan(file, &plan_of, ret);
	return IS_ERR(job) ? PTR_ERR(job) : nvlink_submit(job, &args->submit);
}

int nvlink_ioctl_copy(struct nvlink_file *file, void *arg)
{
	struct nvlink_ioc_copy *args = arg;
	struct nvlink_buffer *source, *destination;
	int ret;

	if (args->reserved)
		return -EINVAL;
	ret = nvlink_submit_check(file->dma->nv, &args->submit,
				  NVLINK_SUBMIT_STAGED);
	if (ret)
		return ret;
	source = nvlink_handle_get(file, args->source, false);
	if (IS_ERR(source))
		return PTR_ERR(source);
	destination = nvlink_handle_get(file, args->destination, true);
	if (IS_ERR(destination)) {
		nvlink_buffer_put(source);
		return PTR_ERR(destination);
	}
	ret = copy(file, args, source, destination);
	nvlink_buffer_put(destination);
	nvlink_buffer_put(source);
	return ret;
}
