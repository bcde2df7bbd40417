/* SPDX-License-Identifier: Apache-2.0 */
/* A channel's rings in the host's memory, as a driver would keep them. */
#ifndef RING_H
#define RING_H

#include "lab.h"

#define RING_LOG2 4
#define RING_ENTRIES (1u << RING_LOG2)
/** Where channel n has its rings in the host's memory; data of the tests is below. */
#define RING_AT(n) ((UINT64_C(3) << 20) + (n) * UINT64_C(0x4000))
#define DONE_AT(n) (RING_AT(n) + 0x2000)

/** Lets channel n run. */
void ring_enable(struct lab *lab, unsigned int n);

/** Writes a descriptor as number `n`th since enabling, without telling the channel. */
void ring_put(struct lab *lab, unsigned int channel, uint32_t n, const struct nvlink_descriptor *descriptor);
void ring_tell(struct lab *lab, unsigned int channel, uint32_t tail);

/** The completion of descriptor n. */
struct nvlink_completion ring_completion(struct lab *lab, unsigned int channel, uint32_t n);

/** Puts one descriptor into channel 0, which is enabled anew, and lets it run without time passing. */
struct nvlink_completion ring_run(struct lab *lab, const struct nvlink_descriptor *descriptor);

/** A descriptor that takes any link, with a cookie. */
struct nvlink_descriptor ring_descriptor(uint8_t opcode, uint64_t source, uint64_t destination,
					 uint64_t length);

#endif
