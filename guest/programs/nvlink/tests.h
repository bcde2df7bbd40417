/* SPDX-License-Identifier: Apache-2.0 */
/* The tests of this program, each its main(). */
#ifndef NVLAB_TESTS_H
#define NVLAB_TESTS_H

int test_probe(void);
int test_topology(void);
int test_dma(void);
int test_translation(void);
int test_sharing(void);
int test_zero_copy(void);
int test_fences(void);
int test_peer(void);
int test_interrupts(void);
int test_calls(void);
int test_links(void);
int test_stuck(void);
int test_removal(void);
int test_refusal(void);
int test_killed(void);
int test_bad_input(void);
int test_random(void);
int test_calls_at_random(void);
int test_fuzz(void);
int test_vfio(void);
int test_unload(void);
int test_power(void);
int test_machines(void);
int test_dead_model(void);
int nvlink_bench(void);

#endif
