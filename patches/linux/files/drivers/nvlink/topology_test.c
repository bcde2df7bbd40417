// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the topology.
 */
#include <kunit/device.h>
#include <kunit/test.h>
#include <linux/seq_file.h>

#include "contract.h"
#include "control.h"
#include "nvlink_test.h"

#define ROOM 4096

static void direct_links_are_counted(struct kunit *test)
{
	const struct nvlink_gpu_facts gpu = { .adjacent = 0xf000000000000321ULL };

	KUNIT_EXPECT_EQ(test, nvlink_adjacency(&gpu, 0), 1);
	KUNIT_EXPECT_EQ(test, nvlink_adjacency(&gpu, 2), 3);
	KUNIT_EXPECT_EQ(test, nvlink_adjacency(&gpu, 3), 0);
	KUNIT_EXPECT_EQ(test, nvlink_adjacency(&gpu, 15), 15);
	KUNIT_EXPECT_EQ(test, nvlink_adjacency(&gpu, 16), 0);
}

static void connect(struct nvlink_facts *facts, unsigned int a, unsigned int b)
{
	facts->gpu[a].adjacent |= 1ULL << (4 * b);
	facts->gpu[b].adjacent |= 1ULL << (4 * a);
}

static void groups_are_what_is_connected(struct kunit *test)
{
	struct nvlink_facts *facts = nvlink_test_facts(test);
	unsigned int n;

	facts->gpus = 16;
	for (n = 0; n < 16; n++)
		facts->gpu[n].adjacent = 0;
	connect(facts, 0, 15);
	connect(facts, 15, 3);
	connect(facts, 3, 7);
	connect(facts, 1, 2);

	KUNIT_EXPECT_EQ(test, nvlink_topology_group(facts, 0), 0x8089);
	KUNIT_EXPECT_EQ(test, nvlink_topology_group(facts, 7), 0x8089);
	KUNIT_EXPECT_EQ(test, nvlink_topology_group(facts, 2), 0x6);
	KUNIT_EXPECT_EQ(test, nvlink_topology_group(facts, 4), 0x10);
}

static char *show(struct kunit *test, struct nvlink *nv, size_t room)
{
	struct seq_file m = {
		.buf = kunit_kzalloc(test, room, GFP_KERNEL),
		.size = room,
	};

	KUNIT_ASSERT_NOT_NULL(test, m.buf);
	nvlink_topology_show(&m, nv);
	KUNIT_ASSERT_FALSE(test, seq_has_overflowed(&m));
	m.buf[m.count] = '\0';
	return m.buf;
}

static struct nvlink *make_controller(struct kunit *test)
{
	struct nvlink *nv = kunit_kzalloc(test, sizeof(*nv), GFP_KERNEL);
	struct device *dev = kunit_device_register(test, "nvlink-fusion.7");

	KUNIT_ASSERT_NOT_NULL(test, nv);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	nv->dev = dev;
	nv->dma_dev = dev;
	nv->class_dev.init_name = "nvlink7";
	nv->facts = *nvlink_test_facts(test);
	nv->status = NVLINK_ALIVE;
	nv->link[0].state = NVLINK_STATE_HS;
	nv->link[0].speed = 25000;
	return nv;
}

static const char expected[] =
"{\n"
"  \"controller\": \"nvlink7\",\n"
"  \"device\": \"the_json_tells_all.nvlink-fusion.7\",\n"
"  \"contract\": \"1.0\",\n"
"  \"serial\": \"0x00000000000003e8\",\n"
"  \"state\": \"alive\",\n"
"  \"generation\": 0,\n"
"  \"iommu\": \"none\",\n"
"  \"links\": [\n"
"    {\"link\": 0, \"state\": \"HS\", \"error\": \"NONE\", \"lanes\": 4, \"speed_mbps\": 25000, \"max_speed_mbps\": 25000, \"peer\": \"gpu0\"},\n"
"    {\"link\": 1, \"state\": \"OFF\", \"error\": \"NONE\", \"lanes\": 4, \"speed_mbps\": 0, \"max_speed_mbps\": 25000, \"peer\": \"gpu0\"},\n"
"    {\"link\": 2, \"state\": \"OFF\", \"error\": \"NONE\", \"lanes\": 4, \"speed_mbps\": 0, \"max_speed_mbps\": 25000, \"peer\": \"host1\"},\n"
"    {\"link\": 3, \"state\": \"OFF\", \"error\": \"NONE\", \"lanes\": 0, \"speed_mbps\": 0, \"max_speed_mbps\": 0, \"peer\": null}\n"
"  ],\n"
"  \"gpus\": [\n"
"    {\"gpu\": 0, \"identity\": \"0x0000000000000100\", \"memory_bytes\": 67108864, \"reachable\": true, \"links\": [0, 1]},\n"
"    {\"gpu\": 1, \"identity\": \"0x0000000000000101\", \"memory_bytes\": 67108864, \"reachable\": false, \"links\": []}\n"
"  ],\n"
"  \"adjacency\": [\n"
"    [0, 2],\n"
"    [2, 0]\n"
"  ],\n"
"  \"groups\": [[0, 1]]\n"
"}\n";

static void the_json_tells_all(struct kunit *test)
{
	struct nvlink *nv = make_controller(test);

	nv->facts.link[2].peer = NVLINK_PEER_HOST;
	nv->facts.link[3] = (struct nvlink_link_facts){ .peer = NVLINK_PEER_NONE };
	nv->facts.gpu[1].links = 0;
	KUNIT_EXPECT_STREQ(test, show(test, nv, ROOM), expected);
}

static void a_controller_without_gpus_has_empty_lists(struct kunit *test)
{
	struct nvlink *nv = make_controller(test);
	const char *json;

	nv->facts.gpus = 0;
	json = show(test, nv, ROOM);
	KUNIT_EXPECT_NOT_NULL(test, strstr(json, "\"gpus\": []"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(json, "\"adjacency\": []"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(json, "\"groups\": []"));
}

static struct kunit_case topology_cases[] = {
	KUNIT_CASE(direct_links_are_counted),
	KUNIT_CASE(groups_are_what_is_connected),
	KUNIT_CASE(the_json_tells_all),
	KUNIT_CASE(a_controller_without_gpus_has_empty_lists),
	{}
};

struct kunit_suite nvlink_topology_suite = {
	.name = "nvlink-topology",
	.test_cases = topology_cases,
};
