// SPDX-License-Identifier: Apache-2.0
/* Where libFuzzer enters; it takes the place of main.c. The first byte chooses the target. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct target *const targets[] = { &vfio_target, &control_target, &peer_target,
							&engine_target };

	if (size > 0 && size <= INPUT_MAX)
		targets[data[0] % 4]->feed(data + 1, size - 1);
	return 0;
}
