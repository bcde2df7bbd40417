// SPDX-License-Identifier: Apache-2.0
/* From GPU to GPU: over their own links where that works, through the host where it does not, with one result. */
#include <stdlib.h>
#include <unistd.h>

#include "../ktap.h"
#include "binding.h"
#include "controller.h"
#include "engine.h"
#include "link.h"
#include "model.h"
#include "pattern.h"
#include "place.h"
#include "system-file.h"
#include "tests.h"

#define SIZE (1u << 20)

static struct {
	int device;
	char address[4][16];
	struct buffer here, back, gpu[2];
} its;

static bool take_buffers(void)
{
	links_wait(0, 10000);
	its.device = device_open(0);
	return its.device >= 0 && buffer_allocate(&its.here, its.device, NVLINK_WHERE_SYSTEM, SIZE) &&
	       buffer_allocate(&its.back, its.device, NVLINK_WHERE_SYSTEM, SIZE) &&
	       buffer_allocate(&its.gpu[0], its.device, 0, SIZE) && buffer_allocate(&its.gpu[1], its.device, 1, SIZE);
}

static void give_buffers(void)
{
	buffer_free(&its.gpu[1]);
	buffer_free(&its.gpu[0]);
	buffer_free(&its.back);
	buffer_free(&its.here);
	close(its.device);
}

/** Contents go host, GPU, other GPU, host; the hop between the GPUs has to take this path. */
static bool hop(unsigned int from, uint32_t flags, uint32_t path, uint32_t seed)
{
	struct nvlink_submit submit = { .flags = NVLINK_SUBMIT_WAIT | flags };
	uint64_t place;

	pattern_write(its.here.memory, SIZE, seed);
	memset(its.back.memory, 0, SIZE);
	if (!copy(&its.gpu[from], 0, &its.here, 0, SIZE) ||
	    !copy_as(&its.gpu[1 - from], 5, &its.gpu[from], 0, SIZE - 5, &submit))
		return false;
	if (submit.path != path)
		printf("# path %u\n", submit.path);
	return submit.path == path && submit.bytes == SIZE - 5 && place_of(0, &its.gpu[1 - from], &place) &&
	       model_checksum(0, 1 - from, place + 5, SIZE - 5) == (long long)crc32_of(its.here.memory, SIZE - 5) &&
	       copy(&its.back, 0, &its.gpu[1 - from], 5, SIZE - 5) && pattern_holds(its.back.memory, SIZE - 5, seed);
}

static bool probe_again(void)
{
	return driver_offer(its.address[0], "") && controller_accepted(0);
}

/** Registers that tell of no direct links make the driver find another way. */
static void without_direct_links(void)
{
	bool good;

	give_buffers();
	good = model_do(0, "register %u 0", NVLINK_REG_GPU_ADJACENT_LO(0)) &&
	       model_do(0, "register %u 0", NVLINK_REG_GPU_ADJACENT_LO(1)) && probe_again() && take_buffers();
	if (!ktap_check(good, "not adjacent: probe with registers that say so"))
		exit(1);
	ktap_check(peer_path(its.device, 0, 1) == NVLINK_PATH_STAGED, "not adjacent: the driver knows the way is staged");
	ktap_check(hop(0, 0, NVLINK_PATH_STAGED, 55), "not adjacent: staged without asking, same result");
	give_buffers();
	ktap_check(model_do(0, "register %u", NVLINK_REG_GPU_ADJACENT_LO(0)) &&
			   model_do(0, "register %u", NVLINK_REG_GPU_ADJACENT_LO(1)) && probe_again() && take_buffers() &&
			   hop(0, 0, NVLINK_PATH_PEER, 56),
		   "adjacent again: peer again");
}

static void with_links_down(void)
{
	struct nvlink_submit submit = { .flags = NVLINK_SUBMIT_WAIT };
	bool good;

	provoke(true);
	good = model_do(0, "link 0 down");
	sleep_ms(100);
	good = good && hop(0, 0, NVLINK_PATH_PEER, 57);
	ktap_check(good, "one of GPU 0's links down: the other one carries it");
	good = model_do(0, "link 1 down");
	sleep_ms(100);
	ktap_check(good && !copy(&its.gpu[0], 0, &its.here, 0, SIZE) && errno == ENETDOWN,
		   "both down: the host does not reach the GPU and is told so");
	good = copy_as(&its.gpu[1], 0, &its.gpu[0], 0, SIZE, &submit);
	printf("# GPU 0 to GPU 1 without GPU 0's host links: %s, path %u\n", good ? "works" : strerror(errno), submit.path);
	ktap_check(model_do(0, "link 0 up") && model_do(0, "link 1 up") && links_wait(0, 20000) &&
			   hop(1, 0, NVLINK_PATH_PEER, 58),
		   "up again: peer again");
	provoke(false);
}

int test_peer(void)
{
	if (controllers_find(its.address, 4) < 1)
		return ktap_skip_all("no controller");
	ktap_plan(13);
	if (!ktap_check(take_buffers(), "buffers at two GPUs"))
		return 1;
	ktap_check(peer_path(its.device, 0, 1) == NVLINK_PATH_PEER, "the GPUs reach each other directly");
	ktap_check(hop(0, 0, NVLINK_PATH_PEER, 51), "GPU 0 to GPU 1: peer");
	ktap_check(hop(1, 0, NVLINK_PATH_PEER, 52), "GPU 1 to GPU 0: peer");
	ktap_check(hop(0, NVLINK_SUBMIT_STAGED, NVLINK_PATH_STAGED, 53), "GPU 0 to GPU 1: staged, same result");
	ktap_check(hop(1, NVLINK_SUBMIT_STAGED, NVLINK_PATH_STAGED, 54), "GPU 1 to GPU 0: staged, same result");
	with_links_down();
	without_direct_links();
	give_buffers();
	return ktap_finish();
}
