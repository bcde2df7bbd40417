// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: one for each cause where there are as many, else one for all.
 */
#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/platform_device.h>

#include "control.h"
#include "link.h"

static const char *const cause_names[NVLINK_CAUSE_COUNT] = {
	[NVLINK_CAUSE_LINK] = "link",
	[NVLINK_CAUSE_ERROR] = "error",
	[NVLINK_CAUSE_DMA] = "dma",
	[NVLINK_CAUSE_FAULT] = "fault",
	[NVLINK_CAUSE_DOORBELL] = "doorbell",
	[NVLINK_CAUSE_FATAL] = "fatal",
};

/* Return: bits below @count of what an EVENTS register held, which is cleared. */
static u32 take(struct nvlink *nv, u32 offset, u32 count)
{
	u32 events = nvlink_read(nv, offset);

	if (events == U32_MAX) {
		nvlink_report_dead(nv);
		return 0;
	}
	if (events)
		nvlink_write(nv, offset, events);
	return count ? events & GENMASK(count - 1, 0) : 0;
}

static void handle(struct nvlink *nv, unsigned long causes)
{
	int index = nvlink_enter(nv);
	unsigned long events;
	unsigned int n;

	if (index < 0)
		return;
	if (causes & BIT(NVLINK_CAUSE_FATAL))
		nvlink_schedule_reset(nv, "fatal error");
	if (causes & BIT(NVLINK_CAUSE_FAULT))
		nvlink_dma_fault(nv);
	if (causes & BIT(NVLINK_CAUSE_LINK)) {
		events = take(nv, NVLINK_REG_GLOBAL_EVENTS_LINK, nv->facts.links);
		for_each_set_bit(n, &events, NVLINK_LINKS_MAX)
			nvlink_link_event(&nv->link[n]);
	}
	if (causes & BIT(NVLINK_CAUSE_ERROR)) {
		events = take(nv, NVLINK_REG_GLOBAL_EVENTS_ERROR, nv->facts.links);
		for_each_set_bit(n, &events, NVLINK_LINKS_MAX)
			nvlink_link_tell_errors(&nv->link[n]);
	}
	if (causes & BIT(NVLINK_CAUSE_DOORBELL)) {
		events = take(nv, NVLINK_REG_GLOBAL_EVENTS_DOORBELL, nv->facts.gpus);
		if (events)
			nvlink_doorbell(nv, events);
	}
	nvlink_exit(nv, index);
}

static irqreturn_t dma_interrupt(int irq, void *data)
{
	nvlink_dma_interrupt(data);
	return IRQ_HANDLED;
}

static irqreturn_t cause_thread(int irq, void *data)
{
	struct nvlink *nv = data;
	unsigned int cause;

	for (cause = 0; cause < NVLINK_CAUSE_COUNT; cause++)
		if (nv->irq[cause] == irq)
			break;
	if (cause == NVLINK_CAUSE_COUNT)
		return IRQ_NONE;
	nvlink_write(nv, NVLINK_REG_GLOBAL_INT_STATUS, BIT(cause));
	handle(nv, BIT(cause));
	return IRQ_HANDLED;
}

static irqreturn_t shared_interrupt(int irq, void *data)
{
	struct nvlink *nv = data;
	u32 causes = nvlink_read(nv, NVLINK_REG_GLOBAL_INT_STATUS);

	if (causes == U32_MAX)
		nvlink_report_dead(nv);
	if (!causes || causes == U32_MAX)
		return IRQ_NONE;
	nvlink_write(nv, NVLINK_REG_GLOBAL_INT_STATUS, causes);
	if (causes & BIT(NVLINK_CAUSE_DMA))
		nvlink_dma_interrupt(nv);
	causes &= ~BIT(NVLINK_CAUSE_DMA);
	if (!causes)
		return IRQ_HANDLED;
	atomic_or(causes, &nv->causes);
	return IRQ_WAKE_THREAD;
}

static irqreturn_t shared_thread(int irq, void *data)
{
	struct nvlink *nv = data;

	handle(nv, atomic_xchg(&nv->causes, 0));
	return IRQ_HANDLED;
}

/**
 * nvlink_irq_poll() - handle what occurred without an interrupt being seen
 * @nv: controller that is alive
 *
 * Reads no register of the DMA cause: completions are looked for anyway.
 */
void nvlink_irq_poll(struct nvlink *nv)
{
	u32 causes = nvlink_read(nv, NVLINK_REG_GLOBAL_INT_STATUS);

	if (!causes || causes == U32_MAX)
		return;
	nvlink_write(nv, NVLINK_REG_GLOBAL_INT_STATUS, causes);
	if (causes & BIT(NVLINK_CAUSE_DMA))
		nvlink_dma_interrupt(nv);
	handle(nv, causes);
}

/**
 * nvlink_irq_enable() - let all causes interrupt
 * @nv: controller that is alive
 */
void nvlink_irq_enable(struct nvlink *nv)
{
	nvlink_write(nv, NVLINK_REG_GLOBAL_INT_ENABLE,
		     GENMASK(NVLINK_CAUSE_COUNT - 1, 0));
	/* What occurred before sends no message. */
	nvlink_irq_poll(nv);
}

/**
 * nvlink_irq_disable() - let no cause interrupt
 * @nv: controller
 */
void nvlink_irq_disable(struct nvlink *nv)
{
	nvlink_write(nv, NVLINK_REG_GLOBAL_INT_ENABLE, 0);
}

static int request_one(struct nvlink *nv, unsigned int cause)
{
	const char *name = devm_kasprintf(nv->dev, GFP_KERNEL, "%s-%s",
					  dev_name(&nv->class_dev),
					  nv->irqs > 1 ? cause_names[cause] : "all");
	int irq = nv->irq[cause];

	if (!name)
		return -ENOMEM;
	if (nv->irqs == 1)
		return request_threaded_irq(irq, shared_interrupt, shared_thread,
					    IRQF_SHARED, name, nv);
	if (cause == NVLINK_CAUSE_DMA)
		return request_irq(irq, dma_interrupt, 0, name, nv);
	return request_threaded_irq(irq, NULL, cause_thread, IRQF_ONESHOT, name,
				    nv);
}

/* The node of a PCI function may name an interrupt that is not in use. */
static int get_irq(struct nvlink *nv, unsigned int n)
{
	struct platform_device *pdev = to_platform_device(nv->dev);
	struct resource *res;

	if (!dev_get_platdata(nv->dev))
		return platform_get_irq_optional(pdev, n);
	res = platform_get_resource(pdev, IORESOURCE_IRQ, n);
	return res ? res->start : -ENXIO;
}

static int find_irqs(struct nvlink *nv)
{
	unsigned int n;

	for (n = 0; n < NVLINK_CAUSE_COUNT; n++) {
		nv->irq[n] = get_irq(nv, n);
		if (nv->irq[n] < 0)
			break;
	}
	if (!n)
		return dev_err_probe(nv->dev, nv->irq[0], "no interrupts\n");
	nv->irqs = n == NVLINK_CAUSE_COUNT ? n : 1;
	return 0;
}

/**
 * nvlink_irq_init() - request the interrupts
 * @nv: controller with interrupts disabled
 *
 * Return: 0 or a negative error.
 */
int nvlink_irq_init(struct nvlink *nv)
{
	unsigned int n;
	int err = find_irqs(nv);

	if (err)
		return err;
	for (n = 0; n < nv->irqs; n++) {
		err = request_one(nv, n);
		if (!err)
			continue;
		while (n--)
			free_irq(nv->irq[n], nv);
		return dev_err_probe(nv->dev, err, "cannot get interrupts\n");
	}
	return 0;
}

/**
 * nvlink_irq_exit() - free the interrupts; no handler runs any more
 * @nv: controller with interrupts disabled
 */
void nvlink_irq_exit(struct nvlink *nv)
{
	unsigned int n;

	for (n = 0; n < nv->irqs; n++)
		free_irq(nv->irq[n], nv);
}
