// SPDX-License-Identifier: Apache-2.0
/*
 * A direct copy moves the data between the GPU and the very pages that the process has mapped; a staged one goes
 * through memory of the driver. The witnesses: the path that the driver names, its counters, the numbers of the
 * pages, and that the engine reads what was written after the copy had been asked for.
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "exporter.h"
#include "link.h"
#include "model.h"
#include "pattern.h"
#include "physical.h"
#include "place.h"
#include "system-file.h"
#include "tests.h"

#define SIZE (2u << 20)
#define PAGE 4096u

static struct nvlink_submit run(const struct buffer *to, const struct buffer *from, uint32_t flags)
{
	struct nvlink_submit submit = { .flags = NVLINK_SUBMIT_WAIT | flags };

	if (!copy_as(to, 0, from, 0, SIZE, &submit))
		submit.path = NVLINK_PATH_NONE;
	return submit;
}

/** Memory of a memfd, of which the kernel tells where it is, and the driver what it maps. */
static bool same_pages_before_and_after(int device, const struct buffer *there)
{
	static uint64_t frames[SIZE / PAGE];
	struct buffer foreign;
	uint8_t *pages = NULL;
	int file = memfd_buffer(SIZE, &pages);
	bool good = file >= 0 && buffer_import(&foreign, device, file);

	if (!good)
		return false;
	memset(pages, 0, SIZE);
	for (unsigned int page = 0; page < SIZE / PAGE; page++)
		frames[page] = physical_address(pages + page * PAGE);
	good = frames[0] && run(&foreign, there, 0).path == NVLINK_PATH_DIRECT && pattern_holds(pages, SIZE, 30) &&
	       first_page_of(0, &foreign) == frames[0] / PAGE;
	for (unsigned int page = 0; page < SIZE / PAGE && good; page++)
		good = physical_address(pages + page * PAGE) == frames[page];
	buffer_free(&foreign);
	munmap(pages, SIZE);
	close(file);
	return good;
}

/**
 * While the job waits for an earlier, slow one, the CPU changes the source. A driver that had taken a copy when it was
 * asked would send the old text.
 */
static bool sends_what_is_there_when_it_runs(int device, int slow_device, const struct buffer *here,
					     const struct buffer *there, const struct buffer *back, uint32_t flags)
{
	struct nvlink_submit slow = { .flags = NVLINK_SUBMIT_OUT_FENCE };
	struct nvlink_submit job = { .flags = NVLINK_SUBMIT_IN_FENCE | flags };
	struct buffer slow_here, slow_there;
	bool good;

	if (!buffer_allocate(&slow_here, slow_device, NVLINK_WHERE_SYSTEM, SIZE) ||
	    !buffer_allocate(&slow_there, slow_device, 0, SIZE))
		return false;
	pattern_write(here->memory, SIZE, 31);
	good = model_do(1, "link 0 limit 2") && model_do(1, "link 1 limit 2") &&
	       copy_as(&slow_there, 0, &slow_here, 0, SIZE, &slow);
	job.in_fence = slow.out_fence;
	good = good && copy_as(there, 0, here, 0, SIZE, &job);
	pattern_write(here->memory, SIZE, 32);
	/* Else this says nothing: the job would have run before the text changed. */
	good = good && wait_for(device, NVLINK_WAIT_JOB, job.job, 0) == 1 && errno == ETIME;
	errno = 0;
	good = good && wait_for(device, NVLINK_WAIT_JOB, job.job, SECONDS(20)) == 0 &&
	       copy(back, 0, there, 0, SIZE) && pattern_holds(back->memory, SIZE, 32);
	good = model_do(1, "link 0 limit 0") && model_do(1, "link 1 limit 0") && good;
	close(slow.out_fence);
	buffer_free(&slow_there);
	buffer_free(&slow_here);
	return good;
}

int test_zero_copy(void)
{
	char addresses[4][16];
	struct nvlink_submit direct, staged;
	struct buffer here, there, back;
	long long staged_before, direct_before;
	int device, other;

	if (controllers_find(addresses, 4) < 2)
		return ktap_skip_all("no two controllers");
	links_wait(0, 10000);
	links_wait(1, 10000);
	device = device_open(0);
	other = device_open(1);
	ktap_plan(10);
	if (!ktap_check(buffer_allocate(&here, device, NVLINK_WHERE_SYSTEM, SIZE) &&
				buffer_allocate(&back, device, NVLINK_WHERE_SYSTEM, SIZE) &&
				buffer_allocate(&there, device, 0, SIZE),
			"buffers"))
		return 1;
	pattern_write(here.memory, SIZE, 30);
	memset(back.memory, 0, SIZE);
	staged_before = statistic(0, "staged_bytes");
	direct_before = statistic(0, "direct_bytes");
	direct = run(&there, &here, 0);
	ktap_check(direct.path == NVLINK_PATH_DIRECT && direct.bytes == SIZE, "to the GPU: direct, all bytes");
	direct = run(&back, &there, 0);
	ktap_check(direct.path == NVLINK_PATH_DIRECT && pattern_holds(back.memory, SIZE, 30),
		   "from the GPU: direct, the contents are right");
	ktap_check(statistic(0, "staged_bytes") == staged_before &&
			   statistic(0, "direct_bytes") == direct_before + 2 * SIZE,
		   "the counters: all of it went straight, nothing through the driver's memory");
	ktap_check(same_pages_before_and_after(device, &there),
		   "pages of a memfd: the driver maps those very pages, the engine writes them, the process keeps them");
	memset(back.memory, 0, SIZE);
	staged = run(&there, &here, NVLINK_SUBMIT_STAGED);
	ktap_check(staged.path == NVLINK_PATH_STAGED && staged.bytes == SIZE, "to the GPU: staged where asked for");
	staged = run(&back, &there, NVLINK_SUBMIT_STAGED);
	ktap_check(staged.path == NVLINK_PATH_STAGED && pattern_holds(back.memory, SIZE, 30),
		   "from the GPU: staged, with the same result");
	ktap_check(statistic(0, "staged_bytes") == staged_before + 2 * SIZE, "the counters: all of it was staged");
	ktap_check(sends_what_is_there_when_it_runs(device, other, &here, &there, &back, 0),
		   "the engine reads the process's pages when the job runs");
	buffer_free(&there);
	buffer_free(&back);
	ktap_check(buffer_free(&here), "buffers are given back");
	close(other);
	close(device);
	return ktap_finish();
}
