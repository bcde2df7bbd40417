// SPDX-License-Identifier: GPL-2.0-only
/*
 * How GPUs reach each other. Directly only where all of this holds: the
 * controller can do it, both GPUs are its own and adjacent, both are reached by a
 * link that is up, and accesses are coherent, as nothing that the driver could
 * flush lies on that way. Traffic between GPUs passes no IOMMU: its addresses come
 * from handles alone. Otherwise data goes through the host.
 */
#include <linux/moduleparam.h>

#include "contract.h"
#include "file.h"
#include "peer.h"

static bool peer = true;
module_param(peer, bool, 0644);
MODULE_PARM_DESC(peer, "GPUs copy to each other directly where they can (default: Y)");

/**
 * nvlink_peer_gpu() - whether a number can be that of a GPU
 * @nv: the controller
 * @gpu: the number
 *
 * Return: true for its own GPUs, and for all of another machine where there is
 * a link to one.
 */
bool nvlink_peer_gpu(struct nvlink *nv, u32 gpu)
{
	unsigned int n;

	if (gpu < nv->facts.gpus)
		return true;
	if (gpu < NVLINK_REMOTE_GPU ||
	    gpu >= NVLINK_REMOTE_GPU + NVLINK_GPUS_MAX)
		return false;
	for (n = 0; n < nv->facts.links; n++)
		if (nv->facts.link[n].peer == NVLINK_PEER_HOST)
			return true;
	return false;
}

/**
 * nvlink_peer_links() - the links that lead to a GPU and are up
 * @nv: the controller
 * @gpu: number of a GPU
 *
 * Return: bits of the links.
 */
u32 nvlink_peer_links(struct nvlink *nv, u32 gpu)
{
	u32 links = 0;
	unsigned int n;

	if (!(gpu & NVLINK_REMOTE_GPU))
		return nvlink_links_up_to_gpu(nv, gpu);
	for (n = 0; n < nv->facts.links; n++)
		if (nv->facts.link[n].peer == NVLINK_PEER_HOST &&
		    nvlink_link_up(nv, n))
			links |= BIT(n);
	return links;
}

/**
 * nvlink_peer_path() - how data goes from a GPU to another one now
 * @nv: the controller
 * @from: number of a GPU
 * @to: number of a GPU, also the same one
 * @links: set to the number of direct links
 *
 * Return: NVLINK_PATH_PEER, NVLINK_PATH_STAGED or NVLINK_PATH_NONE.
 */
u32 nvlink_peer_path(struct nvlink *nv, u32 from, u32 to, u32 *links)
{
	const struct nvlink_facts *facts = &nv->facts;

	*links = 0;
	if (from < facts->gpus && to < facts->gpus && from != to)
		*links = nvlink_adjacency(&facts->gpu[from], to);
	if (!nvlink_peer_links(nv, from) || !nvlink_peer_links(nv, to))
		return NVLINK_PATH_NONE;
	if (READ_ONCE(peer) && facts->peer && facts->coherent && *links)
		return NVLINK_PATH_PEER;
	return NVLINK_PATH_STAGED;
}

/**
 * nvlink_peer_link() - check a link that user space chose
 * @nv: the controller
 * @link: number of a link of it
 * @gpu: the GPU to reach
 *
 * Return: 0, -EINVAL where it does not lead there, -ENETDOWN where it is not up.
 */
int nvlink_peer_link(struct nvlink *nv, u32 link, u32 gpu)
{
	const struct nvlink_link_facts *facts = &nv->facts.link[link];
	bool leads = gpu & NVLINK_REMOTE_GPU ?
		     facts->peer == NVLINK_PEER_HOST :
		     nv->facts.gpu[gpu].links & BIT(link);

	if (!leads)
		return -EINVAL;
	return nvlink_link_up(nv, link) ? 0 : -ENETDOWN;
}

int nvlink_ioctl_peer(struct nvlink_file *file, void *arg)
{
	struct nvlink_ioc_peer *args = arg;
	struct nvlink *nv = file->dma->nv;

	if (args->source == args->destination)
		return -EINVAL;
	if (!nvlink_peer_gpu(nv, args->source) ||
	    !nvlink_peer_gpu(nv, args->destination))
		return -ENXIO;
	args->path = nvlink_peer_path(nv, args->source, args->destination,
				      &args->links);
	return 0;
}
