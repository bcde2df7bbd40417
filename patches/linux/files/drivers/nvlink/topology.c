// SPDX-License-Identifier: GPL-2.0-only
/*
 * The topology of a controller as JSON, as far as its own firmware knows it.
 */
#include <kunit/visibility.h>
#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/seq_file.h>

#include "contract.h"
#include "control.h"
#include "link.h"

/**
 * nvlink_topology_group() - the GPUs that one GPU reaches over direct links
 * @facts: the controller
 * @gpu: number of the GPU
 *
 * Return: bits of the GPUs, itself and those that are reached over others
 * included.
 */
u32 nvlink_topology_group(const struct nvlink_facts *facts, unsigned int gpu)
{
	unsigned long group = BIT(gpu), before;
	unsigned int n, other;

	do {
		before = group;
		for_each_set_bit(n, &before, facts->gpus)
			for (other = 0; other < facts->gpus; other++)
				if (nvlink_adjacency(&facts->gpu[n], other))
					group |= BIT(other);
	} while (group != before);
	return group;
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_topology_group);

/**
 * nvlink_domain_name() - kind of the IOMMU domain that DMA goes through
 * @nv: controller
 *
 * Return: a word, "none" where no IOMMU is in the way.
 */
const char *nvlink_domain_name(struct nvlink *nv)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(nv->dma_dev);

	if (!domain)
		return "none";
	switch (domain->type) {
	case IOMMU_DOMAIN_BLOCKED:
		return "blocked";
	case IOMMU_DOMAIN_IDENTITY:
		return "identity";
	case IOMMU_DOMAIN_UNMANAGED:
		return "unmanaged";
	case IOMMU_DOMAIN_DMA:
		return "DMA";
	case IOMMU_DOMAIN_DMA_FQ:
		return "DMA-FQ";
	default:
		return "other";
	}
}

static void show_bits(struct seq_file *m, unsigned long bits)
{
	const char *comma = "";
	unsigned int n;

	seq_putc(m, '[');
	for_each_set_bit(n, &bits, BITS_PER_LONG) {
		seq_printf(m, "%s%u", comma, n);
		comma = ", ";
	}
	seq_putc(m, ']');
}

static void show_link(struct seq_file *m, struct nvlink *nv, unsigned int n)
{
	const struct nvlink_link_facts *facts = &nv->facts.link[n];
	struct nvlink_link *link = &nv->link[n];

	seq_printf(m, "    {\"link\": %u, \"state\": \"%s\", \"error\": \"%s\", ",
		   n, nvlink_state_name(READ_ONCE(link->state)),
		   nvlink_error_name(READ_ONCE(link->error)));
	seq_printf(m, "\"lanes\": %u, \"speed_mbps\": %u, \"max_speed_mbps\": %u, ",
		   facts->lanes, READ_ONCE(link->speed), facts->max_speed);
	if (facts->peer == NVLINK_PEER_NONE)
		seq_puts(m, "\"peer\": null}");
	else
		seq_printf(m, "\"peer\": \"%s%u\"}",
			   facts->peer == NVLINK_PEER_GPU ? "gpu" : "host",
			   facts->peer_index);
}

static void show_gpu(struct seq_file *m, struct nvlink *nv, unsigned int n)
{
	const struct nvlink_gpu_facts *gpu = &nv->facts.gpu[n];

	seq_printf(m, "    {\"gpu\": %u, \"identity\": \"%#018llx\", \"memory_bytes\": %llu, \"reachable\": %s, \"links\": ",
		   n, gpu->identity, gpu->memory,
		   nvlink_links_up_to_gpu(nv, n) ? "true" : "false");
	show_bits(m, gpu->links);
	seq_putc(m, '}');
}

static void show_neighbours(struct seq_file *m, struct nvlink *nv,
			    unsigned int n)
{
	unsigned int other;

	seq_puts(m, "    [");
	for (other = 0; other < nv->facts.gpus; other++)
		seq_printf(m, "%s%u", other ? ", " : "",
			   nvlink_adjacency(&nv->facts.gpu[n], other));
	seq_putc(m, ']');
}

static void show_list(struct seq_file *m, struct nvlink *nv, const char *name,
		      unsigned int count,
		      void (*show)(struct seq_file *m, struct nvlink *nv,
				   unsigned int n))
{
	unsigned int n;

	seq_printf(m, ",\n  \"%s\": [", name);
	for (n = 0; n < count; n++) {
		seq_puts(m, n ? ",\n" : "\n");
		show(m, nv, n);
	}
	seq_puts(m, count ? "\n  ]" : "]");
}

static void show_groups(struct seq_file *m, struct nvlink *nv)
{
	const char *comma = "";
	unsigned int n;

	seq_puts(m, ",\n  \"groups\": [");
	for (n = 0; n < nv->facts.gpus; n++) {
		u32 group = nvlink_topology_group(&nv->facts, n);

		if (__ffs(group) != n)
			continue;
		seq_puts(m, comma);
		show_bits(m, group);
		comma = ", ";
	}
	seq_putc(m, ']');
}

/**
 * nvlink_topology_show() - print the topology of a controller
 * @m: where to
 * @nv: controller; what is remembered of its links is printed
 */
void nvlink_topology_show(struct seq_file *m, struct nvlink *nv)
{
	const struct nvlink_facts *facts = &nv->facts;

	seq_printf(m, "{\n  \"controller\": \"%s\",\n  \"device\": \"%s\",\n",
		   dev_name(&nv->class_dev), dev_name(nv->dev));
	seq_printf(m, "  \"contract\": \"%u.%u\",\n  \"serial\": \"%#018llx\",\n",
		   facts->major, facts->minor, facts->serial);
	seq_printf(m, "  \"state\": \"%s\",\n  \"generation\": %u,\n  \"iommu\": \"%s\"",
		   nvlink_status_name(READ_ONCE(nv->status)),
		   READ_ONCE(nv->generation), nvlink_domain_name(nv));
	show_list(m, nv, "links", facts->links, show_link);
	show_list(m, nv, "gpus", facts->gpus, show_gpu);
	show_list(m, nv, "adjacency", facts->gpus, show_neighbours);
	show_groups(m, nv);
	seq_puts(m, "\n}\n");
}
EXPORT_SYMBOL_IF_KUNIT(nvlink_topology_show);
