// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the contract's checks.
 */
#include <kunit/test.h>

#include "contract.h"
#include "nvlink_test.h"

struct counting_critic {
	struct nvlink_critic critic;
	unsigned int node;
	unsigned int registers;
	const char *what;
	int index;
};

static void count_node(struct nvlink_critic *critic, const char *what, int index,
		       u64 node, u64 registers)
{
	struct counting_critic *c = container_of(critic, struct counting_critic,
						 critic);

	c->node++;
	c->what = what;
	c->index = index;
}

static void count_registers(struct nvlink_critic *critic, const char *what,
			    int index, u64 value)
{
	struct counting_critic *c = container_of(critic, struct counting_critic,
						 critic);

	c->registers++;
	c->what = what;
	c->index = index;
}

static struct counting_critic *make_critic(struct kunit *test)
{
	struct counting_critic *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, c);
	c->critic.node = count_node;
	c->critic.registers = count_registers;
	return c;
}

static struct nvlink_node *make_node(struct kunit *test,
				     const struct nvlink_facts *facts)
{
	struct nvlink_node *node = kunit_kzalloc(test, sizeof(*node), GFP_KERNEL);
	unsigned int n;

	KUNIT_ASSERT_NOT_NULL(test, node);
	node->major = facts->major;
	node->minor = facts->minor;
	node->links = facts->links;
	node->children = facts->links;
	node->coherent = facts->coherent;
	node->ranges = 1;
	for (n = 0; n < facts->links; n++) {
		node->link[n] = facts->link[n];
		node->max_speed_kbps[n] = facts->link[n].max_speed * 1000;
		node->seen |= BIT(n);
	}
	return node;
}

static void registers_are_decoded(struct kunit *test)
{
	struct nvlink_facts facts = {};

	nvlink_decode_version(0x00010002, &facts);
	KUNIT_EXPECT_EQ(test, facts.major, 1);
	KUNIT_EXPECT_EQ(test, facts.minor, 2);

	nvlink_decode_caps(0x05843210, &facts);
	KUNIT_EXPECT_EQ(test, facts.links, 0x10);
	KUNIT_EXPECT_EQ(test, facts.gpus, 0x32);
	KUNIT_EXPECT_EQ(test, facts.windows, 4);
	KUNIT_EXPECT_EQ(test, facts.channels, 8);
	KUNIT_EXPECT_TRUE(test, facts.coherent);
	KUNIT_EXPECT_FALSE(test, facts.peer);
	KUNIT_EXPECT_TRUE(test, facts.call);

	nvlink_decode_link(0x00050108, 25000, &facts.link[0]);
	KUNIT_EXPECT_EQ(test, facts.link[0].lanes, 8);
	KUNIT_EXPECT_EQ(test, facts.link[0].peer, NVLINK_PEER_GPU);
	KUNIT_EXPECT_EQ(test, facts.link[0].peer_index, 5);
	KUNIT_EXPECT_EQ(test, facts.link[0].max_speed, 25000);
}

static void other_major_versions_are_refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, nvlink_version_check(NVLINK_CONTRACT_MAJOR, 0), 0);
	KUNIT_EXPECT_EQ(test, nvlink_version_check(NVLINK_CONTRACT_MAJOR, 0xffff), 0);
	KUNIT_EXPECT_EQ(test, nvlink_version_check(NVLINK_CONTRACT_MAJOR + 1, 0), -EPROTO);
	KUNIT_EXPECT_EQ(test, nvlink_version_check(NVLINK_CONTRACT_MAJOR - 1, 0), -EPROTO);
}

static void sound_registers_pass(struct kunit *test)
{
	struct nvlink_facts *facts = nvlink_test_facts(test);
	struct counting_critic *c = make_critic(test);

	KUNIT_EXPECT_EQ(test, nvlink_counts_check(facts, &c->critic), 0);
	KUNIT_EXPECT_EQ(test, nvlink_facts_check(facts, &c->critic), 0);
	KUNIT_EXPECT_EQ(test, c->registers, 0);
}

static void each_impossible_count_is_named(struct kunit *test)
{
	struct nvlink_facts facts = {
		.links = NVLINK_LINKS_MAX + 1,
		.gpus = NVLINK_GPUS_MAX + 1,
		.windows = 0,
		.channels = NVLINK_CHANNELS_MAX + 1,
	};
	struct counting_critic *c = make_critic(test);

	KUNIT_EXPECT_EQ(test, nvlink_counts_check(&facts, &c->critic), -EPROTO);
	KUNIT_EXPECT_EQ(test, c->registers, 4);
}

static void expect_fault(struct kunit *test, const struct nvlink_facts *facts,
			 const char *change)
{
	struct counting_critic *c = make_critic(test);

	KUNIT_EXPECT_EQ_MSG(test, nvlink_facts_check(facts, &c->critic), -EPROTO,
			    "%s", change);
	KUNIT_EXPECT_GT_MSG(test, c->registers, 0, "%s", change);
}

#define EXPECT_FAULT(change) do {					\
	struct nvlink_facts *facts = nvlink_test_facts(test);		\
									\
	change;								\
	expect_fault(test, facts, #change);				\
} while (0)

static void impossible_registers_are_refused(struct kunit *test)
{
	EXPECT_FAULT(facts->link[0].lanes = 0);
	EXPECT_FAULT(facts->link[1].max_speed = 0);
	EXPECT_FAULT(facts->link[2].peer = NVLINK_PEER_COUNT);
	EXPECT_FAULT(facts->link[2].peer_index = 2);
	EXPECT_FAULT(facts->link[2].peer_index = 0);
	EXPECT_FAULT(facts->gpu[0].memory = 0);
	EXPECT_FAULT(facts->gpu[0].links = 0x7);
	EXPECT_FAULT(facts->gpu[0].adjacent = 0x30);
	EXPECT_FAULT(facts->gpu[0].adjacent = 0x22);
	EXPECT_FAULT(facts->gpu[1].adjacent = 0x2 | 1ULL << 63);
}

static void a_link_to_nowhere_needs_nothing(struct kunit *test)
{
	struct nvlink_facts *facts = nvlink_test_facts(test);
	struct counting_critic *c = make_critic(test);

	facts->link[3] = (struct nvlink_link_facts){ .peer = NVLINK_PEER_NONE };
	facts->gpu[1].links = 0x4;
	KUNIT_EXPECT_EQ(test, nvlink_facts_check(facts, &c->critic), 0);
}

static void a_node_that_agrees_passes(struct kunit *test)
{
	struct nvlink_facts *facts = nvlink_test_facts(test);
	struct nvlink_node *node = make_node(test, facts);
	struct counting_critic *c = make_critic(test);

	KUNIT_EXPECT_EQ(test, nvlink_node_check(node, facts, &c->critic), 0);
	KUNIT_EXPECT_EQ(test, c->node, 0);
}

static void expect_disagreement(struct kunit *test, const struct nvlink_node *node,
				const struct nvlink_facts *facts,
				const char *word, int where)
{
	struct counting_critic *c = make_critic(test);

	KUNIT_EXPECT_EQ_MSG(test, nvlink_node_check(node, facts, &c->critic),
			    -EINVAL, "%s", word);
	KUNIT_EXPECT_EQ_MSG(test, c->node, 1, "%s", word);
	KUNIT_EXPECT_STREQ(test, c->what ?: "nothing", word);
	KUNIT_EXPECT_EQ_MSG(test, c->index, where, "%s", word);
}

#define EXPECT_DISAGREEMENT(change, word, where) do {			\
	struct nvlink_facts *facts = nvlink_test_facts(test);		\
	struct nvlink_node *node = make_node(test, facts);		\
									\
	change;								\
	expect_disagreement(test, node, facts, word, where);		\
} while (0)

static void each_disagreement_is_named(struct kunit *test)
{
	EXPECT_DISAGREEMENT(node->major = 2, "major contract number", -1);
	EXPECT_DISAGREEMENT(node->minor = 1, "minor contract number", -1);
	EXPECT_DISAGREEMENT(node->links = 3, "link-count", -1);
	EXPECT_DISAGREEMENT(node->children = 5, "link nodes", -1);
	EXPECT_DISAGREEMENT(node->coherent = false, "coherency", -1);
	EXPECT_DISAGREEMENT(node->ranges = 5, "dma-windows", -1);
	EXPECT_DISAGREEMENT(node->seen = 0xd, "nodes of link", 1);
	EXPECT_DISAGREEMENT(node->link[0].lanes = 2, "lanes of link", 0);
	EXPECT_DISAGREEMENT(node->max_speed_kbps[3]++, "kB/s of link", 3);
	EXPECT_DISAGREEMENT(node->link[2].peer = NVLINK_PEER_HOST,
			    "kind of peer of link", 2);
	EXPECT_DISAGREEMENT(node->link[2].peer_index = 0, "peer of link", 2);
}

static void windows_are_made_of_whole_pages(struct kunit *test)
{
	const struct nvlink_range good[] = {
		{ 0, 0x1000 }, { 0x1000, 0x100000000 },
		{ U64_MAX - 0xfff, 0x1000 }, { 0x1000, U64_MAX - 0xfff },
	};
	const struct nvlink_range bad[] = {
		{ 0, 0 }, { 0x800, 0x1000 }, { 0, 0x1001 },
		{ U64_MAX - 0xfff, 0x2000 }, { 0x2000, U64_MAX - 0xfff },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		KUNIT_EXPECT_TRUE(test, nvlink_range_valid(&good[i]));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_FALSE(test, nvlink_range_valid(&bad[i]));
}

static void windows_that_touch_do_not_overlap(struct kunit *test)
{
	const struct nvlink_range low = { 0, 0x2000 }, high = { 0x2000, 0x1000 };
	const struct nvlink_range across = { 0x1000, 0x2000 };
	const struct nvlink_range top = { U64_MAX - 0xfff, 0x1000 };

	KUNIT_EXPECT_FALSE(test, nvlink_ranges_overlap(&low, &high));
	KUNIT_EXPECT_FALSE(test, nvlink_ranges_overlap(&high, &low));
	KUNIT_EXPECT_TRUE(test, nvlink_ranges_overlap(&low, &across));
	KUNIT_EXPECT_TRUE(test, nvlink_ranges_overlap(&across, &high));
	KUNIT_EXPECT_TRUE(test, nvlink_ranges_overlap(&top, &top));
	KUNIT_EXPECT_FALSE(test, nvlink_ranges_overlap(&top, &low));
}

static struct kunit_case contract_cases[] = {
	KUNIT_CASE(registers_are_decoded),
	KUNIT_CASE(other_major_versions_are_refused),
	KUNIT_CASE(sound_registers_pass),
	KUNIT_CASE(each_impossible_count_is_named),
	KUNIT_CASE(impossible_registers_are_refused),
	KUNIT_CASE(a_link_to_nowhere_needs_nothing),
	KUNIT_CASE(a_node_that_agrees_passes),
	KUNIT_CASE(each_disagreement_is_named),
	KUNIT_CASE(windows_are_made_of_whole_pages),
	KUNIT_CASE(windows_that_touch_do_not_overlap),
	{}
};

struct kunit_suite nvlink_contract_suite = {
	.name = "nvlink-contract",
	.test_cases = contract_cases,
};
