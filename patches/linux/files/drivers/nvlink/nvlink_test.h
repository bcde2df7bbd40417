/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NVLINK_TEST_H
#define NVLINK_TEST_H

struct kunit;
struct kunit_suite;
struct nvlink_facts;

struct nvlink_facts *nvlink_test_facts(struct kunit *test);

extern struct kunit_suite nvlink_contract_suite;
extern struct kunit_suite nvlink_link_suite;
extern struct kunit_suite nvlink_topology_suite;

#endif
