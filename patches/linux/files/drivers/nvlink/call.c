// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bridge: commands that a GPU's host carries out, this machine's or that
 * behind a host link. All addresses in a request come from handles.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "buffer.h"
#include "call.h"
#include "file.h"
#include "peer.h"

#define ANSWER_OFFSET 2048
#define OPERANDS 3

/**
 * struct command - what a command takes
 * @operands: operands
 * @writes: the first one is written
 * @multiple: all have one length, a multiple of that; or zero
 */
struct command {
	unsigned int operands;
	bool writes;
	unsigned int multiple;
};

static const struct command commands[] = {
	[NVLINK_BRIDGE_INFO] = { 0 },
	[NVLINK_BRIDGE_CHECKSUM] = { .operands = 1 },
	[NVLINK_BRIDGE_ADD] = { .operands = 3, .writes = true, .multiple = 4 },
};

static_assert(NVLINK_BRIDGE_INFO == NVLINK_CALL_INFO);
static_assert(NVLINK_BRIDGE_CHECKSUM == NVLINK_CALL_CHECKSUM);
static_assert(NVLINK_BRIDGE_ADD == NVLINK_CALL_ADD);

static struct nvlink_exchange *make_exchange(struct nvlink_dma *dma)
{
	struct nvlink_exchange *exchange = kzalloc(sizeof(*exchange), GFP_KERNEL);
	void *memory;

	if (!exchange)
		return NULL;
	memory = dma_alloc_coherent(dma->nv->dma_dev, PAGE_SIZE,
				    &exchange->request_addr, GFP_KERNEL);
	if (!memory) {
		kfree(exchange);
		return NULL;
	}
	kref_init(&exchange->ref);
	exchange->dma = dma;
	exchange->request = memory;
	exchange->answer = memory + ANSWER_OFFSET;
	exchange->answer_addr = exchange->request_addr + ANSWER_OFFSET;
	return exchange;
}

static void release(struct kref *ref)
{
	struct nvlink_exchange *exchange = container_of(ref, struct nvlink_exchange,
							ref);

	dma_free_coherent(exchange->dma->nv->dma_dev, PAGE_SIZE,
			  exchange->request, exchange->request_addr);
	kfree(exchange);
}

/**
 * nvlink_exchange_put() - drop a reference
 * @exchange: the memory; may sleep
 */
void nvlink_exchange_put(struct nvlink_exchange *exchange)
{
	kref_put(&exchange->ref, release);
}

static struct nvlink_job *make_job(struct nvlink_file *file, u32 gpu,
				   struct nvlink_exchange *exchange)
{
	struct nvlink_descriptor *descriptor;
	struct nvlink_job *job;

	if (!nvlink_window_holds(file->dma, exchange->request_addr, PAGE_SIZE))
		return ERR_PTR(-ERANGE);
	job = nvlink_job_alloc(file, 1);
	if (IS_ERR(job))
		return job;
	kref_get(&exchange->ref);
	job->exchange = exchange;
	descriptor = nvlink_job_add(job, NVLINK_OPCODE_CALL,
				    sizeof(*exchange->request));
	descriptor->destination_gpu = gpu;
	descriptor->source = cpu_to_le64(exchange->request_addr);
	descriptor->destination = cpu_to_le64(exchange->answer_addr);
	descriptor->pattern = cpu_to_le64(sizeof(*exchange->answer));
	return job;
}

/* The operands of a call, with a reference each. */
struct operands {
	struct nvlink_buffer *buffer[OPERANDS];
};

static int check_operand(struct nvlink_buffer *buffer, u32 gpu,
			 const struct nvlink_operand *operand, unsigned int multiple)
{
	if (buffer->where != gpu)
		return -EINVAL;
	if (multiple && operand->length % multiple)
		return -EINVAL;
	return nvlink_buffer_range(buffer, operand->offset, operand->length);
}

static int get_operands(struct nvlink_file *file, const struct nvlink_ioc_call *args,
			const struct command *command, struct operands *operands)
{
	struct nvlink_buffer *buffer;
	unsigned int n;
	int ret;

	for (n = 0; n < command->operands; n++) {
		const struct nvlink_operand *operand = &args->operand[n];

		if (operand->reserved)
			return -EINVAL;
		buffer = nvlink_handle_get(file, operand->handle,
					   !n && command->writes);
		if (IS_ERR(buffer))
			return PTR_ERR(buffer);
		operands->buffer[n] = buffer;
		ret = check_operand(buffer, args->gpu, operand, command->multiple);
		if (ret)
			return ret;
		if (command->multiple && operand->length != args->operand[0].length)
			return -EINVAL;
	}
	for (; n < OPERANDS; n++)
		if (memchr_inv(&args->operand[n], 0, sizeof(args->operand[n])))
			return -EINVAL;
	return 0;
}

static u64 address(const struct nvlink_ioc_call *args,
		   const struct operands *operands, unsigned int n)
{
	return operands->buffer[n]->offset + args->operand[n].offset;
}

/* What is written may be the same as what is read, but not half of it. */
static bool smears(const struct nvlink_ioc_call *args, const struct command *command,
		   const struct operands *operands)
{
	u64 length = args->operand[0].length;
	u64 to, from;
	unsigned int n;

	if (!command->writes)
		return false;
	to = address(args, operands, 0);
	for (n = 1; n < command->operands; n++) {
		from = address(args, operands, n);
		if (from != to && from < to + length && to < from + length)
			return true;
	}
	return false;
}

static void put_operands(struct operands *operands)
{
	unsigned int n;

	for (n = 0; n < OPERANDS; n++)
		if (operands->buffer[n])
			nvlink_buffer_put(operands->buffer[n]);
}

static void write_request(struct nvlink_call *request,
			  const struct nvlink_ioc_call *args,
			  const struct operands *operands)
{
	request->command = cpu_to_le32(args->command);
	switch (args->command) {
	case NVLINK_BRIDGE_CHECKSUM:
		request->argument[0] = cpu_to_le64(address(args, operands, 0));
		request->argument[1] = cpu_to_le64(args->operand[0].length);
		break;
	case NVLINK_BRIDGE_ADD:
		request->argument[0] = cpu_to_le64(address(args, operands, 0));
		request->argument[1] = cpu_to_le64(address(args, operands, 1));
		request->argument[2] = cpu_to_le64(address(args, operands, 2));
		request->argument[3] = cpu_to_le64(args->operand[0].length / 4);
		break;
	}
}

static int read_answer(const struct nvlink_answer *answer,
		       struct nvlink_ioc_call *args)
{
	unsigned int n;

	if (le32_to_cpu(answer->error))
		return -EREMOTEIO;
	for (n = 0; n < ARRAY_SIZE(args->result); n++)
		args->result[n] = le64_to_cpu(answer->result[n]);
	return 0;
}

static int exchange_words(struct nvlink_file *file, struct nvlink_ioc_call *args,
			  const struct command *command,
			  const struct operands *operands)
{
	struct nvlink_exchange *exchange = make_exchange(file->dma);
	struct nvlink_job *job;
	unsigned int n;
	int ret;

	if (!exchange)
		return -ENOMEM;
	write_request(exchange->request, args, operands);
	job = make_job(file, args->gpu, exchange);
	if (IS_ERR(job)) {
		ret = PTR_ERR(job);
	} else {
		for (n = 0; n < command->operands; n++)
			nvlink_job_use(job, operands->buffer[n],
				       !n && command->writes);
		ret = nvlink_submit_and_wait(job, &args->nanoseconds);
	}
	if (!ret)
		ret = read_answer(exchange->answer, args);
	nvlink_exchange_put(exchange);
	return ret;
}

static int call(struct nvlink_file *file, struct nvlink_ioc_call *args)
{
	const struct command *command = &commands[args->command];
	struct operands operands = { };
	int ret;

	ret = get_operands(file, args, command, &operands);
	if (!ret && smears(args, command, &operands))
		ret = -EINVAL;
	if (!ret)
		ret = exchange_words(file, args, command, &operands);
	put_operands(&operands);
	return ret;
}

int nvlink_ioctl_call(struct nvlink_file *file, void *arg)
{
	struct nvlink_ioc_call *args = arg;
	struct nvlink *nv = file->dma->nv;

	if (args->reserved)
		return -EINVAL;
	if (!nv->facts.call || args->command >= ARRAY_SIZE(commands))
		return -EOPNOTSUPP;
	if (!nvlink_peer_gpu(nv, args->gpu))
		return -ENXIO;
	if (!nvlink_peer_links(nv, args->gpu))
		return -ENETDOWN;
	return call(file, args);
}

/**
 * nvlink_call_memory() - ask a GPU's host for the size of its memory
 * @file: open file on whose behalf
 * @gpu: number of the GPU
 * @memory: set to the bytes
 *
 * Return: 0, or what NVLINK_IOC_CALL returns.
 */
int nvlink_call_memory(struct nvlink_file *file, u32 gpu, u64 *memory)
{
	struct nvlink_ioc_call args = {
		.command = NVLINK_BRIDGE_INFO,
		.gpu = gpu,
	};
	int ret = nvlink_ioctl_call(file, &args);

	*memory = args.result[0];
	return ret;
}
