// SPDX-License-Identifier: Apache-2.0
#include "transfer.h"

#include <stdio.h>

#include "samples.h"

#define MARK "nvlink-bench: "

bool transfer_run(const struct transfer *transfer, uint64_t bytes, double *taken, double *engine)
{
	struct nvlink_submit submit = { .flags = NVLINK_SUBMIT_WAIT | transfer->flags };
	double begin = now_ns();

	if (!copy_as(transfer->to, 0, transfer->from, 0, bytes, &submit)) {
		perror("# copy");
		return false;
	}
	*taken = now_ns() - begin;
	*engine = (double)submit.nanoseconds;
	if (submit.path != transfer->expected)
		printf("# the path is %u and not %u\n", submit.path, transfer->expected);
	return submit.path == transfer->expected;
}

bool measure_latency(const struct transfer *transfer, uint64_t bytes, unsigned int count)
{
	static struct samples all, engines;
	double taken, engine;

	all.count = 0;
	engines.count = 0;
	for (unsigned int i = 0; i < count + 5; i++) {
		if (!transfer_run(transfer, bytes, &taken, &engine))
			return false;
		/* The first ones warm caches and translations up. */
		if (i >= 5) {
			samples_add(&all, taken / 1e3);
			samples_add(&engines, engine / 1e3);
		}
	}
	samples_sort(&all);
	samples_sort(&engines);
	printf(MARK "{\"measure\":\"latency\",\"path\":\"%s\",\"direction\":\"%s\",\"bytes\":%llu,\"count\":%u,"
		    "\"min_us\":%.3f,\"p50_us\":%.3f,\"p90_us\":%.3f,\"p99_us\":%.3f,\"max_us\":%.3f,"
		    "\"engine_p50_us\":%.3f}\n",
	       transfer->path, transfer->direction, (unsigned long long)bytes, count, samples_percentile(&all, 0),
	       samples_percentile(&all, 50), samples_percentile(&all, 90), samples_percentile(&all, 99),
	       samples_percentile(&all, 100), samples_percentile(&engines, 50));
	return true;
}

bool measure_bandwidth(const struct transfer *transfer, uint64_t bytes, unsigned int count)
{
	double total = 0, engines = 0, taken, engine;

	if (!transfer_run(transfer, bytes, &taken, &engine))
		return false;
	for (unsigned int i = 0; i < count; i++) {
		if (!transfer_run(transfer, bytes, &taken, &engine))
			return false;
		total += taken;
		engines += engine;
	}
	printf(MARK "{\"measure\":\"bandwidth\",\"path\":\"%s\",\"direction\":\"%s\",\"bytes\":%llu,\"count\":%u,"
		    "\"total_ns\":%.0f,\"engine_ns\":%.0f}\n",
	       transfer->path, transfer->direction, (unsigned long long)bytes, count, total, engines);
	printf("# %s %s: %.3f GiB/s, %.1f %% of what the engine took\n", transfer->path, transfer->direction,
	       (double)bytes * count / total * 1e9 / (1 << 30), 100 * engines / total);
	return true;
}
