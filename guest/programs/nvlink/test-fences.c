// SPDX-License-Identifier: Apache-2.0
/*
 * Fences: in, out, polled, merged, in order, with errors. A link that is limited to a few MB/s makes jobs that last long
 * enough to be looked at.
 */
#include <fcntl.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "link.h"
#include "model.h"
#include "pattern.h"
#include "device.h"
#include "system-file.h"
#include "tests.h"

#define SIZE (1u << 20)
/** MB/s of each of two links: a job of SIZE takes a quarter of a second. */
#define SLOW 2

static struct {
	int device, other;
	struct buffer here, there, back;
	struct buffer slow_here, slow_there;
} its;

static bool prepare(void)
{
	return buffer_allocate(&its.here, its.device, NVLINK_WHERE_SYSTEM, SIZE) &&
	       buffer_allocate(&its.back, its.device, NVLINK_WHERE_SYSTEM, SIZE) &&
	       buffer_allocate(&its.there, its.device, 0, SIZE) &&
	       buffer_allocate(&its.slow_here, its.other, NVLINK_WHERE_SYSTEM, SIZE) &&
	       buffer_allocate(&its.slow_there, its.other, 0, SIZE) && model_do(1, "link 0 limit %u", SLOW) &&
	       model_do(1, "link 1 limit %u", SLOW);
}

/** A job that has an out-fence, at the slow controller. */
static int slow_fence(void)
{
	struct nvlink_submit submit = { .flags = NVLINK_SUBMIT_OUT_FENCE };

	return copy_as(&its.slow_there, 0, &its.slow_here, 0, SIZE, &submit) ? submit.out_fence : -1;
}

/** 0 not yet, 1 done, negative errno. */
static int state_of(int fence)
{
	struct sync_file_info info = { 0 };

	return ioctl(fence, SYNC_IOC_FILE_INFO, &info) < 0 ? -1000 : info.status;
}

static bool readable(int file, int timeout_ms)
{
	struct pollfd one = { .fd = file, .events = POLLIN };

	return poll(&one, 1, timeout_ms) == 1 && one.revents & POLLIN;
}

static void out_fence(void)
{
	int fence = slow_fence();

	ktap_check(fence >= 0 && fcntl(fence, F_GETFD) & FD_CLOEXEC, "out: a job gives a sync_file, closed on exec");
	ktap_check(state_of(fence) == 0 && !readable(fence, 0), "out: it is not signalled while the job runs");
	ktap_check(wait_for(its.other, NVLINK_WAIT_FENCE, (uint64_t)fence, 0) == 1 && errno == ETIME,
		   "out: a look with no time says so");
	ktap_check(readable(fence, 10000) && state_of(fence) == 1, "out: poll tells when it is done");
	ktap_check(wait_for(its.device, NVLINK_WAIT_FENCE, (uint64_t)fence, FOREVER) == 0,
		   "out: any controller's file can wait for it");
	close(fence);
}

static void in_fence(void)
{
	struct nvlink_submit first = { .flags = NVLINK_SUBMIT_IN_FENCE | NVLINK_SUBMIT_OUT_FENCE };
	struct nvlink_submit second = { .flags = NVLINK_SUBMIT_IN_FENCE | NVLINK_SUBMIT_OUT_FENCE };
	bool asked;

	pattern_write(its.here.memory, SIZE, 41);
	memset(its.back.memory, 0, SIZE);
	first.in_fence = slow_fence();
	asked = copy_as(&its.there, 0, &its.here, 0, SIZE, &first);
	second.in_fence = first.out_fence;
	asked = asked && copy_as(&its.back, 0, &its.there, 0, SIZE, &second);
	ktap_check(asked, "in: a chain over two controllers is taken at once");
	ktap_check(state_of(first.in_fence) == 0 && state_of(first.out_fence) == 0 && state_of(second.out_fence) == 0 &&
			   is_zero(its.back.memory, SIZE),
		   "in: nothing of it has happened yet");
	ktap_check(readable(second.out_fence, 10000) && state_of(first.in_fence) == 1 && state_of(first.out_fence) == 1,
		   "in: when the last is done, those before it are");
	ktap_check(pattern_holds(its.back.memory, SIZE, 41), "in: the data went all the way");
	close(first.in_fence);
	close(first.out_fence);
	close(second.out_fence);
}

static void implicit(void)
{
	struct nvlink_submit submit = { 0 };
	int file = buffer_export(&its.slow_here);
	bool asked;

	/* From the GPU, so that the buffer is being written. */
	asked = copy_as(&its.slow_here, 0, &its.slow_there, 0, SIZE, &submit);
	ktap_check(asked && file >= 0 && !readable(file, 0), "implicit: a dma-buf that is being written is not readable");
	ktap_check(wait_for(its.other, NVLINK_WAIT_BUFFER, its.slow_here.handle, 0) == 1 && errno == ETIME,
		   "implicit: its handle is busy");
	ktap_check(readable(file, 10000), "implicit: it is when the job is done");
	ktap_check(wait_for(its.other, NVLINK_WAIT_BUFFER, its.slow_here.handle, 0) == 0 &&
			   wait_for(its.other, NVLINK_WAIT_JOB, submit.job, 0) == 0 &&
			   wait_for(its.other, NVLINK_WAIT_ALL, 0, 0) == 0,
		   "implicit: handle, job and file are idle");
	close(file);
}

/** Many jobs on one buffer without a wait between them end as if they had run one by one. */
static void order(void)
{
	struct nvlink_submit submit = { 0 };
	bool asked = true;

	for (uint32_t i = 0; i < 32 && asked; i++) {
		struct nvlink_ioc_fill request = {
			.handle = its.there.handle,
			.offset = i * 1024,
			.length = SIZE - i * 1024,
			.pattern = i * 0x0101010101010101ull,
			.submit = { .link = NVLINK_ANY_LINK },
		};

		asked = ioctl(its.device, NVLINK_IOC_FILL, &request) == 0;
	}
	asked = asked && copy_as(&its.back, 0, &its.there, 0, SIZE, &submit) &&
		wait_for(its.device, NVLINK_WAIT_JOB, submit.job, SECONDS(10)) == 0;
	for (uint32_t at = 0; at < SIZE && asked; at++)
		asked = its.back.memory[at] == (at / 1024 < 31 ? at / 1024 : 31);
	ktap_check(asked, "order: jobs on one buffer take effect in the order of asking");
}

static void errors(void)
{
	struct nvlink_submit submit = { .flags = NVLINK_SUBMIT_OUT_FENCE };
	struct nvlink_submit after = { .flags = NVLINK_SUBMIT_IN_FENCE };
	struct nvlink_submit wrong = { .flags = NVLINK_SUBMIT_IN_FENCE, .in_fence = its.device };
	int status;
	bool asked;

	provoke(true);
	asked = model_do(0, "dma stuck 1") && copy_as(&its.there, 0, &its.here, 0, SIZE, &submit);
	ktap_check(asked && readable(submit.out_fence, 10000), "error: a job that the watchdog ends signals its fence");
	status = state_of(submit.out_fence);
	ktap_check(status < 0 && wait_for(its.device, NVLINK_WAIT_FENCE, (uint64_t)submit.out_fence, 0) == status &&
			   wait_for(its.device, NVLINK_WAIT_JOB, submit.job, 0) == status,
		   "error: fence, file and job tell the same");
	printf("# errno of a stuck job: %d\n", -status);
	after.in_fence = submit.out_fence;
	ktap_check(copy_as(&its.back, 0, &its.there, 0, SIZE, &after) &&
			   wait_for(its.device, NVLINK_WAIT_JOB, after.job, SECONDS(10)) == -ECANCELED,
		   "error: a job that waited for it is cancelled");
	close(submit.out_fence);
	ktap_check(copy(&its.there, 0, &its.here, 0, SIZE), "error: the next job works");
	provoke(false);
	errno = 0;
	ktap_check(!copy_as(&its.there, 0, &its.here, 0, SIZE, &wrong) && (errno == EINVAL || errno == EBADF),
		   "error: an in-fence that is no sync_file is refused");
	wrong.in_fence = 1000;
	errno = 0;
	ktap_check(!copy_as(&its.there, 0, &its.here, 0, SIZE, &wrong) && (errno == EINVAL || errno == EBADF),
		   "error: an in-fence that is not open is refused");
}

static void merged(void)
{
	struct nvlink_submit submit = { .flags = NVLINK_SUBMIT_OUT_FENCE };
	struct sync_merge_data merge = { .name = "both" };
	int slow = slow_fence();
	bool asked = copy_as(&its.there, 0, &its.here, 0, SIZE, &submit);

	merge.fd2 = submit.out_fence;
	asked = asked && ioctl(slow, SYNC_IOC_MERGE, &merge) == 0;
	ktap_check(asked && readable(merge.fence, 10000) && state_of(slow) == 1 && state_of(submit.out_fence) == 1,
		   "merged: fences of two controllers are one, done when both are");
	close(merge.fence);
	close(slow);
	close(submit.out_fence);
}

int test_fences(void)
{
	char addresses[4][16];

	if (controllers_find(addresses, 4) < 2)
		return ktap_skip_all("no two controllers");
	links_wait(0, 10000);
	links_wait(1, 10000);
	its.device = device_open(0);
	its.other = device_open(1);
	ktap_plan(21);
	if (!prepare()) {
		perror("# prepare");
		return 1;
	}
	out_fence();
	in_fence();
	implicit();
	merged();
	order();
	errors();
	model_do(1, "link 0 limit 0");
	model_do(1, "link 1 limit 0");
	close(its.other);
	close(its.device);
	return ktap_finish();
}
