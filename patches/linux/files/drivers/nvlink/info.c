// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space asks and tells the controller itself.
 */
#include <linux/capability.h>

#include "buffer.h"
#include "contract.h"
#include "file.h"
#include "peer.h"

static u32 flags_of(struct nvlink *nv)
{
	u32 flags = 0;

	if (nv->facts.coherent)
		flags |= NVLINK_INFO_COHERENT;
	if (nv->facts.peer)
		flags |= NVLINK_INFO_PEER;
	if (nv->facts.call)
		flags |= NVLINK_INFO_CALL;
	if (nvlink_alive(nv) == -EAGAIN)
		flags |= NVLINK_INFO_RESETTING;
	return flags;
}

int nvlink_ioctl_info(struct nvlink_file *file, void *arg)
{
	struct nvlink *nv = file->dma->nv;
	struct nvlink_ioc_info *args = arg;

	args->contract = nv->facts.major << NVLINK_GLOBAL_CONTRACT_MAJOR_SHIFT |
			 nv->facts.minor;
	args->flags = flags_of(nv);
	args->links = nv->facts.links;
	args->gpus = nv->facts.gpus;
	args->channels = nv->facts.channels;
	args->generation = READ_ONCE(nv->epoch);
	args->serial = nv->facts.serial;
	args->limit = nvlink_sysmem_limit();
	args->used = atomic64_read(&file->used);
	args->job_limit = NVLINK_JOBS_MAX;
	return 0;
}

int nvlink_ioctl_gpu_info(struct nvlink_file *file, void *arg)
{
	struct nvlink *nv = file->dma->nv;
	struct nvlink_ioc_gpu_info *args = arg;
	const struct nvlink_gpu_facts *facts;
	unsigned int n;

	if (args->reserved)
		return -EINVAL;
	if (args->gpu >= nv->facts.gpus)
		return -ENXIO;
	facts = &nv->facts.gpu[args->gpu];
	args->links_up = nvlink_links_up_to_gpu(nv, args->gpu);
	args->links = facts->links;
	args->memory = facts->memory;
	args->free = nvlink_gpumem_left(file->dma, args->gpu);
	args->identity = facts->identity;
	for (n = 0; n < ARRAY_SIZE(args->adjacent); n++)
		args->adjacent[n] = nvlink_adjacency(facts, n);
	return 0;
}

int nvlink_ioctl_ring(struct nvlink_file *file, void *arg)
{
	struct nvlink *nv = file->dma->nv;
	struct nvlink_ioc_ring *args = arg;
	int ret;

	if (args->gpu >= nv->facts.gpus)
		return -ENXIO;
	if (!nvlink_links_up_to_gpu(nv, args->gpu))
		return -ENETDOWN;
	ret = nvlink_pm_get(nv);
	if (ret)
		return ret;
	nvlink_write(nv, NVLINK_REG_GPU_DOORBELL(args->gpu), args->value);
	nvlink_pm_put(nv);
	return 0;
}

int nvlink_ioctl_link_reset(struct nvlink_file *file, void *arg)
{
	struct nvlink *nv = file->dma->nv;
	struct nvlink_ioc_link_reset *args = arg;

	if (args->reserved || args->link >= nv->facts.links)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	return nvlink_link_reset(nv, args->link);
}
