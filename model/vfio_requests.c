// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "model.h"
#include "vfio.h"

/** Copies the fixed part of a body out; false: the message is too short for it. */
static bool take(const struct vfio_message *message, void *fixed, size_t size)
{
	if (message->header.size - sizeof(message->header) < size)
		return false;
	memcpy(fixed, message->body, size);
	return true;
}

static bool exchange_versions(struct model *model, const struct vfio_message *message)
{
	static const char capabilities[] =
		"{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":65536}}";
	struct vfio_version version;

	if (!take(message, &version, sizeof(version)) || version.major != 0 || model->vfio.negotiated)
		return false;
	version.minor = version.minor < 1 ? version.minor : 1;
	model->vfio.negotiated = true;
	timer_cancel(&model->loop, &model->vfio.greeting);
	vfio_reply(model, &message->header, &version, sizeof(version), capabilities, sizeof(capabilities));
	return true;
}

static int describe_device(struct model *model, const struct vfio_message *message)
{
	struct vfio_info info;

	if (!take(message, &info, sizeof(info)) || info.argsz < sizeof(info))
		return EINVAL;
	info = (struct vfio_info){ .argsz = sizeof(info),
				   .flags = VFIO_INFO_RESET | VFIO_INFO_PCI,
				   .regions = VFIO_REGIONS,
				   .irqs = VFIO_IRQS };
	vfio_reply(model, &message->header, &info, sizeof(info), NULL, 0);
	return 0;
}

static uint64_t region_size(uint32_t index)
{
	switch (index) {
	case VFIO_BAR0:
		return NVLINK_PCI_BAR0_SIZE;
	case VFIO_BAR2:
		return NVLINK_PCI_BAR2_SIZE;
	case VFIO_CONFIG:
		return PCI_CONFIG_BYTES;
	default:
		return 0;
	}
}

static int describe_region(struct model *model, const struct vfio_message *message)
{
	struct vfio_region region;

	if (!take(message, &region, sizeof(region)) || region.argsz < sizeof(region) ||
	    region.index >= VFIO_REGIONS)
		return EINVAL;
	region = (struct vfio_region){ .argsz = sizeof(region),
				       .index = region.index,
				       .size = region_size(region.index) };
	if (region.size > 0)
		region.flags = VFIO_REGION_READABLE | VFIO_REGION_WRITABLE;
	vfio_reply(model, &message->header, &region, sizeof(region), NULL, 0);
	return 0;
}

static int describe_irq(struct model *model, const struct vfio_message *message)
{
	struct vfio_irq irq;

	if (!take(message, &irq, sizeof(irq)) || irq.argsz < sizeof(irq) || irq_vectors(irq.index) == 0)
		return EINVAL;
	irq = (struct vfio_irq){ .argsz = sizeof(irq),
				 .index = irq.index,
				 .flags = VFIO_IRQ_EVENTFD,
				 .count = irq_vectors(irq.index) };
	if (irq.index == VFIO_INTX)
		irq.flags |= VFIO_IRQ_MASKABLE | VFIO_IRQ_AUTOMASKED;
	vfio_reply(model, &message->header, &irq, sizeof(irq), NULL, 0);
	return 0;
}

/** Whether the request names vector `i` of those that it is about. */
static bool names(const struct vfio_set_irqs *set, const uint8_t *data, uint32_t i)
{
	return (set->flags & VFIO_SET_BOOL) == 0 || data[i] != 0;
}

static int mask_intx(struct model *model, const struct vfio_set_irqs *set, const uint8_t *data)
{
	if (set->index != VFIO_INTX || set->count != 1 || (set->flags & VFIO_SET_EVENTFD) != 0)
		return EINVAL;
	if (names(set, data, 0))
		irq_mask_intx(model, (set->flags & VFIO_SET_MASK) != 0);
	return 0;
}

static int trigger(struct model *model, const struct vfio_set_irqs *set, const uint8_t *data,
		   struct vfio_message *message)
{
	bool ends = (set->flags & VFIO_SET_NONE) != 0 && set->count == 0;
	uint32_t count = ends ? irq_vectors(set->index) - set->start : set->count;

	if (message->file_count > count)
		return EINVAL;
	for (size_t i = 0; i < message->file_count; i++) {
		if (!irq_is_eventfd(message->files[i]))
			return EINVAL;
	}
	for (uint32_t i = 0; i < count; i++) {
		if ((set->flags & VFIO_SET_EVENTFD) != 0 || ends) {
			int file = -1;

			if (i < message->file_count) {
				file = message->files[i];
				message->files[i] = -1;
			}
			irq_assign(model, set->index, set->start + i, file);
		} else if (names(set, data, i)) {
			irq_fire(&model->irq, set->index, set->start + i);
		}
	}
	return 0;
}

static int set_irqs(struct model *model, struct vfio_message *message)
{
	const uint8_t *data = message->body + sizeof(struct vfio_set_irqs);
	struct vfio_set_irqs set;
	uint32_t vectors, kind;
	int error;

	if (!take(message, &set, sizeof(set)) || set.argsz < sizeof(set))
		return EINVAL;
	vectors = irq_vectors(set.index);
	kind = set.flags & VFIO_SET_DATA_MASK;
	if (vectors == 0 || set.start >= vectors || set.count > vectors - set.start)
		return EINVAL;
	if (kind != VFIO_SET_NONE && kind != VFIO_SET_BOOL && kind != VFIO_SET_EVENTFD)
		return EINVAL;
	if (kind == VFIO_SET_BOOL && message->header.size - sizeof(message->header) - sizeof(set) < set.count)
		return EINVAL;
	switch (set.flags & ~VFIO_SET_DATA_MASK) {
	case VFIO_SET_MASK:
	case VFIO_SET_UNMASK:
		error = mask_intx(model, &set, data);
		break;
	case VFIO_SET_TRIGGER:
		error = trigger(model, &set, data, message);
		break;
	default:
		error = EINVAL;
	}
	if (error == 0)
		vfio_reply(model, &message->header, NULL, 0, NULL, 0);
	return error;
}

static bool is_inside(const struct vfio_access *access)
{
	uint64_t size = access->region < VFIO_REGIONS ? region_size(access->region) : 0;

	return access->count > 0 && access->count <= 4096 && access->count <= size &&
	       access->offset <= size - access->count;
}

static int read_region(struct model *model, const struct vfio_message *message)
{
	struct vfio_access access;
	uint8_t data[4096];

	if (!take(message, &access, sizeof(access)) || !is_inside(&access))
		return EINVAL;
	if (access.region == VFIO_CONFIG)
		pci_read(model, (uint32_t)access.offset, access.count, data);
	else if (access.region == VFIO_BAR0)
		registers_read_bytes(model, (uint32_t)access.offset, access.count, data);
	else
		mailbox_read(&model->mailbox, (uint32_t)access.offset, access.count, data);
	vfio_reply(model, &message->header, &access, sizeof(access), data, access.count);
	return 0;
}

static int write_region(struct model *model, const struct vfio_message *message)
{
	const uint8_t *data = message->body + sizeof(struct vfio_access);
	struct vfio_access access;

	if (!take(message, &access, sizeof(access)) || !is_inside(&access) ||
	    access.count > message->header.size - sizeof(message->header) - sizeof(access))
		return EINVAL;
	/* Answered first: the guest's processor waits with QEMU's lock held, and what the write starts may take time. */
	vfio_reply(model, &message->header, &access, sizeof(access), NULL, 0);
	if (access.region == VFIO_CONFIG)
		pci_write(model, (uint32_t)access.offset, access.count, data);
	else if (access.region == VFIO_BAR0)
		registers_write_bytes(model, (uint32_t)access.offset, access.count, data);
	else
		mailbox_write(model, (uint32_t)access.offset, access.count, data);
	return 0;
}

/** Maps tell where RAM is; the model never looks there by itself, it would bypass the IOMMU. */
static int forget_mapping(struct model *model, const struct vfio_message *message)
{
	struct vfio_dma_unmap unmap;
	bool is_unmap = message->header.command == VFIO_DMA_UNMAP;

	if (!take(message, &unmap, sizeof(unmap)))
		return EINVAL;
	vfio_reply(model, &message->header, &unmap, is_unmap ? sizeof(unmap) : 0, NULL, 0);
	return 0;
}

static int power_on(struct model *model, const struct vfio_message *message)
{
	device_power_on(model);
	vfio_reply(model, &message->header, NULL, 0, NULL, 0);
	return 0;
}

bool vfio_handle_request(struct model *model, struct vfio_message *message)
{
	int error;

	switch (message->header.command) {
	case VFIO_VERSION:
		return exchange_versions(model, message);
	case VFIO_DMA_MAP:
	case VFIO_DMA_UNMAP:
		error = forget_mapping(model, message);
		break;
	case VFIO_GET_INFO:
		error = describe_device(model, message);
		break;
	case VFIO_GET_REGION_INFO:
		error = describe_region(model, message);
		break;
	case VFIO_GET_IRQ_INFO:
		error = describe_irq(model, message);
		break;
	case VFIO_SET_IRQS:
		error = set_irqs(model, message);
		break;
	case VFIO_REGION_READ:
		error = read_region(model, message);
		break;
	case VFIO_REGION_WRITE:
		error = write_region(model, message);
		break;
	case VFIO_RESET:
		error = power_on(model, message);
		break;
	default:
		error = ENOTSUP;
	}
	if (error != 0)
		vfio_reply_error(model, &message->header, error);
	return true;
}
