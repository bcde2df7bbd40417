// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the registers of a controller tell, checked against its node.
 */
#include <linux/device.h>
#include <linux/slab.h>

#include "contract.h"

struct speaker {
	struct nvlink_critic critic;
	struct device *dev;
};

static void say_node(struct nvlink_critic *critic, const char *what, int index,
		     u64 node, u64 registers)
{
	struct device *dev = container_of(critic, struct speaker, critic)->dev;

	if (index < 0)
		dev_err(dev, "%s: the device tree says %llu, the registers say %llu\n",
			what, node, registers);
	else
		dev_err(dev, "%s %d: the device tree says %llu, the registers say %llu\n",
			what, index, node, registers);
}

static void say_registers(struct nvlink_critic *critic, const char *what,
			  int index, u64 value)
{
	struct device *dev = container_of(critic, struct speaker, critic)->dev;

	if (index < 0)
		dev_err(dev, "%s: %llu in the registers is impossible\n", what,
			value);
	else
		dev_err(dev, "%s %d: %#llx in the registers is impossible\n",
			what, index, value);
}

static void read_gpu(struct nvlink *nv, unsigned int n,
		     struct nvlink_gpu_facts *gpu)
{
	gpu->memory = nvlink_read64(nv, NVLINK_REG_GPU_MEMORY_LO(n));
	gpu->identity = nvlink_read64(nv, NVLINK_REG_GPU_IDENTITY_LO(n));
	gpu->links = nvlink_read(nv, NVLINK_REG_GPU_LINKS(n));
	gpu->adjacent = nvlink_read64(nv, NVLINK_REG_GPU_ADJACENT_LO(n));
}

static int read_registers(struct nvlink *nv, struct nvlink_facts *facts,
			  struct nvlink_critic *critic)
{
	u32 id = nvlink_read(nv, NVLINK_REG_GLOBAL_ID);
	unsigned int n;
	int err;

	if (id != NVLINK_GLOBAL_ID_RESET) {
		dev_err(nv->dev, "ID is %#x where %#x belongs: no controller\n",
			id, NVLINK_GLOBAL_ID_RESET);
		return -ENODEV;
	}

	nvlink_decode_version(nvlink_read(nv, NVLINK_REG_GLOBAL_CONTRACT), facts);
	err = nvlink_version_check(facts->major, facts->minor);
	if (err) {
		dev_err(nv->dev, "the controller keeps contract %u.%u, this driver needs %u.x\n",
			facts->major, facts->minor, NVLINK_CONTRACT_MAJOR);
		return err;
	}

	nvlink_decode_caps(nvlink_read(nv, NVLINK_REG_GLOBAL_CAPS), facts);
	err = nvlink_counts_check(facts, critic);
	if (err)
		return err;

	facts->serial = nvlink_read64(nv, NVLINK_REG_GLOBAL_SERIAL_LO);
	for (n = 0; n < facts->links; n++)
		nvlink_decode_link(nvlink_read(nv, NVLINK_REG_LINK_CAPS(n)),
				   nvlink_read(nv, NVLINK_REG_LINK_MAX_SPEED(n)),
				   &facts->link[n]);
	for (n = 0; n < facts->gpus; n++)
		read_gpu(nv, n, &facts->gpu[n]);
	return nvlink_facts_check(facts, critic);
}

static int read_and_check(struct nvlink *nv, struct nvlink_node *node,
			  struct nvlink_facts *facts)
{
	struct speaker speaker = {
		.critic = { .node = say_node, .registers = say_registers },
		.dev = nv->dev,
	};
	int err;

	err = nvlink_node_read(nv->dev, node);
	if (err)
		return err;
	err = read_registers(nv, facts, &speaker.critic);
	if (err)
		return err;
	return nvlink_node_check(node, facts, &speaker.critic);
}

/**
 * nvlink_contract_read() - read and check all that a controller is
 * @nv: controller; its facts and ranges are written where all is well
 *
 * After probe nothing of it may change: devices, rings and users exist for what
 * was there. So a controller that comes back as another one is refused.
 *
 * Return: 0; -ENODEV where there is no controller or firmware disabled it;
 * -EPROTO where the version is not understood or registers hold what cannot be;
 * -EINVAL where node and registers disagree. Each fault was reported.
 */
int nvlink_contract_read(struct nvlink *nv)
{
	struct nvlink_node *node __free(kfree) = kzalloc(sizeof(*node), GFP_KERNEL);
	struct nvlink_facts *facts __free(kfree) = kzalloc(sizeof(*facts), GFP_KERNEL);
	int err;

	if (!node || !facts)
		return -ENOMEM;
	err = read_and_check(nv, node, facts);
	if (err)
		return err;
	if (nv->facts.links) {
		if (!memcmp(&nv->facts, facts, sizeof(*facts)))
			return 0;
		dev_err(nv->dev, "another controller came back: serial number %#llx instead of %#llx, or other links or GPUs\n",
			facts->serial, nv->facts.serial);
		return -EPROTO;
	}
	memcpy(&nv->facts, facts, sizeof(*facts));
	nv->ranges = node->ranges;
	memcpy(nv->range, node->range, sizeof(nv->range));
	return 0;
}
