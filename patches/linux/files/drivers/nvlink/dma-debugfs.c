// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path in debugfs, for root: what buffers there are and by which
 * addresses the controller reaches them, what the channels do.
 */
#include <linux/debugfs.h>
#include <linux/iommu.h>
#include <linux/pfn.h>
#include <linux/seq_file.h>

#include "buffer.h"
#include "file.h"

/*
 * Where the first bus address leads. The pages of an imported table are not for
 * its importer to see, but what the IOMMU makes of its addresses is.
 */
static unsigned long first_pfn(struct nvlink_buffer *buffer)
{
	struct device *dev = buffer->dma->nv->dma_dev;
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);
	dma_addr_t address = sg_dma_address(buffer->table->sgl);

	return PHYS_PFN(domain ? iommu_iova_to_phys(domain, address) : address);
}

static void show_segments(struct seq_file *m, struct nvlink_buffer *buffer)
{
	struct scatterlist *sg;
	int i;

	seq_printf(m, " pfn=0x%lx segments=", first_pfn(buffer));
	for_each_sgtable_dma_sg(buffer->table, sg, i)
		seq_printf(m, " 0x%llx+0x%x", (u64)sg_dma_address(sg),
			   sg_dma_len(sg));
}

static void show_buffer(struct seq_file *m, struct nvlink_buffer *buffer)
{
	seq_printf(m, "handle=%u pid=%d size=%llu where=", buffer->handle,
		   buffer->pid, buffer->size);
	if (nvlink_buffer_is_system(buffer))
		seq_printf(m, "system import=%d", !!buffer->import);
	else
		seq_printf(m, "gpu%u offset=0x%llx epoch=%u", buffer->where,
			   buffer->offset, buffer->epoch);
	mutex_lock(&buffer->lock);
	if (buffer->mapped)
		show_segments(m, buffer);
	mutex_unlock(&buffer->lock);
	seq_putc(m, '\n');
}

static int buffers_show(struct seq_file *m, void *unused)
{
	struct nvlink *nv = m->private;
	struct nvlink_buffer *buffer;

	mutex_lock(&nv->dma->lock);
	list_for_each_entry(buffer, &nv->dma->buffers, node)
		show_buffer(m, buffer);
	mutex_unlock(&nv->dma->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(buffers);

static int stats_show(struct seq_file *m, void *unused)
{
	struct nvlink_dma *dma = ((struct nvlink *)m->private)->dma;

	seq_printf(m, "direct_bytes %lld\n",
		   atomic64_read(&dma->bytes[NVLINK_PATH_DIRECT]));
	seq_printf(m, "peer_bytes %lld\n",
		   atomic64_read(&dma->bytes[NVLINK_PATH_PEER]));
	seq_printf(m, "staged_bytes %lld\n",
		   atomic64_read(&dma->bytes[NVLINK_PATH_STAGED]));
	seq_printf(m, "jobs %lld\n", atomic64_read(&dma->jobs));
	seq_printf(m, "failed %lld\n", atomic64_read(&dma->failed));
	seq_printf(m, "aborted %lld\n", atomic64_read(&dma->aborted));
	seq_printf(m, "system_bytes %lld\n", atomic64_read(&dma->pages));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static void show_channel(struct seq_file *m, struct nvlink_channel *ch)
{
	spin_lock_irq(&ch->lock);
	seq_printf(m, "channel %u open=%d error=%d head=%u tail=%u files=%zu running=%zu bytes=%llu ring=%pad done=%pad bounce=%pad\n",
		   ch->index, ch->open, ch->error, ch->head, ch->tail,
		   list_count_nodes(&ch->files),
		   list_count_nodes(&ch->running), ch->bytes, &ch->ring_addr,
		   &ch->done_addr, &ch->bounce_addr);
	spin_unlock_irq(&ch->lock);
}

static int channels_show(struct seq_file *m, void *unused)
{
	struct nvlink_dma *dma = ((struct nvlink *)m->private)->dma;
	unsigned int n;

	for (n = 0; n < dma->windows; n++)
		seq_printf(m, "window %u 0x%llx+0x%llx\n", n, dma->window[n].base,
			   dma->window[n].size);
	for (n = 0; n < dma->channels; n++)
		show_channel(m, &dma->channel[n]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(channels);

/**
 * nvlink_dma_debugfs() - add the files of the data path
 * @nv: the controller
 * @dir: its directory, which is removed before nvlink_dma_exit()
 */
void nvlink_dma_debugfs(struct nvlink *nv, struct dentry *dir)
{
	debugfs_create_file("buffers", 0400, dir, nv, &buffers_fops);
	debugfs_create_file("stats", 0400, dir, nv, &stats_fops);
	debugfs_create_file("channels", 0400, dir, nv, &channels_fops);
}
