// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the parts of the driver that need no hardware.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "nvlink.h"
#include "nvlink_test.h"

/**
 * nvlink_test_facts() - a controller with four links and two GPUs
 * @test: the test that it is for
 *
 * Return: facts that are sound.
 */
struct nvlink_facts *nvlink_test_facts(struct kunit *test)
{
	struct nvlink_facts *facts = kunit_kzalloc(test, sizeof(*facts), GFP_KERNEL);
	unsigned int n;

	KUNIT_ASSERT_NOT_NULL(test, facts);
	facts->major = NVLINK_CONTRACT_MAJOR;
	facts->links = 4;
	facts->gpus = 2;
	facts->windows = 4;
	facts->channels = 4;
	facts->coherent = true;
	facts->serial = 1000;
	for (n = 0; n < 4; n++)
		facts->link[n] = (struct nvlink_link_facts){
			.lanes = 4,
			.max_speed = 25000,
			.peer = NVLINK_PEER_GPU,
			.peer_index = n / 2,
		};
	for (n = 0; n < 2; n++)
		facts->gpu[n] = (struct nvlink_gpu_facts){
			.memory = 64 << 20,
			.identity = 0x100 + n,
			.links = 3 << (2 * n),
			.adjacent = n ? 0x02 : 0x20,
		};
	return facts;
}

kunit_test_suites(&nvlink_contract_suite, &nvlink_link_suite,
		  &nvlink_topology_suite);

MODULE_DESCRIPTION("KUnit tests of the NVLink Fusion driver");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");
