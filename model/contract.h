/* SPDX-License-Identifier: Apache-2.0 */
/* The generated contract, and what a user-space program needs beside it. */
#ifndef CONTRACT_H
#define CONTRACT_H

#include <nvlink-contract.h>

/* The structures of the contract are little endian and are used in place. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the model runs on little-endian machines");
_Static_assert(sizeof(struct nvlink_descriptor) == 64, "descriptor");
_Static_assert(sizeof(struct nvlink_completion) == 32, "completion");
_Static_assert(sizeof(struct nvlink_call) == 64, "call");
_Static_assert(sizeof(struct nvlink_answer) == 32, "answer");

#endif
