// SPDX-License-Identifier: Apache-2.0
/*
 * /run/nvlink-topology.json, which the agent writes, and nvlink_topology in debugfs against what the controllers' models
 * were started with and know now. That the file keeps its schema in every detail is tested where a validator is.
 */
#include <stdlib.h>

#include "../ktap.h"
#include "controller.h"
#include "json.h"
#include "link.h"
#include "model.h"
#include "system-file.h"
#include "tests.h"

#define FILE_NAME "/run/nvlink-topology.json"
#define ROOM 65536

static char text[ROOM], truth[MODEL_ANSWER], debug[ROOM];
static unsigned int controllers;

/** Index of the element of a list whose name is this, or -1. */
static int find(const char *list, const char *name)
{
	char path[64];

	for (int i = 0; i < json_count(text, list); i++) {
		snprintf(path, sizeof(path), "%s[%d].name", list, i);
		if (json_is(text, path, name))
			return i;
	}
	return -1;
}

/** A member of a thing of the file is what a member of a thing of another text is. */
static bool same(const char *list, int index, const char *member, const char *other, const char *other_path)
{
	char path[96], value[128], expected[128];

	snprintf(path, sizeof(path), "%s[%d].%s", list, index, member);
	if (!json_get(text, path, value, sizeof(value)) || !json_get(other, other_path, expected, sizeof(expected))) {
		printf("# there is no %s, or no %s\n", path, other_path);
		return false;
	}
	if (strcmp(value, expected) == 0)
		return true;
	/* The file writes what does not fit a double in hexadecimal. */
	if (strtoull(value, NULL, 0) == strtoull(expected, NULL, 0) && strncmp(value, "0x", 2) == 0)
		return true;
	printf("# %s is %s, the model says %s\n", path, value, expected);
	return false;
}

static bool controller_agrees(unsigned int controller)
{
	char name[24];
	int at;

	snprintf(name, sizeof(name), "nvlink%u", controller);
	at = find("controllers", name);
	return at >= 0 && same("controllers", at, "serial", truth, "serial") &&
	       same("controllers", at, "contract", truth, "contract") &&
	       same("controllers", at, "generation", truth, "generation");
}

static bool iommu_agrees(unsigned int controller)
{
	char path[64], type[16] = "", name[24];

	snprintf(name, sizeof(name), "nvlink%u", controller);
	read_text_at(type, sizeof(type), CLASS "/nvlink%u/iommu_domain_type", controller);
	snprintf(path, sizeof(path), "controllers[%d].iommu.type", find("controllers", name));
	return type[0] && json_is(text, path, type);
}

static bool links_agree(unsigned int controller)
{
	static const char *const members[] = { "state", "error",	  "lanes",	"speed_mbps",
					       "peer",	"max_speed_mbps", "limit_mbps", "attempts" };
	char name[48], path[96];
	int at, count = json_count(truth, "links");

	for (int link = 0; link < count; link++) {
		snprintf(name, sizeof(name), "nvlink%u-link%d", controller, link);
		at = find("links", name);
		for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
			snprintf(path, sizeof(path), "links[%d].%s", link, members[i]);
			if (at < 0 || !same("links", at, members[i], truth, path))
				return false;
		}
	}
	return count > 0;
}

static bool gpus_agree(unsigned int controller)
{
	char name[48], path[96], expected[64];
	int at, other, count = json_count(truth, "gpus");

	for (int gpu = 0; gpu < count; gpu++) {
		snprintf(name, sizeof(name), "nvlink%u-gpu%d", controller, gpu);
		at = find("gpus", name);
		snprintf(path, sizeof(path), "gpus[%d].memory_bytes", gpu);
		if (at < 0 || !same("gpus", at, "memory_bytes", truth, path))
			return false;
		snprintf(path, sizeof(path), "gpus[%d].identity", gpu);
		if (!same("gpus", at, "identity", truth, path))
			return false;
		for (int neighbour = 0; neighbour < count; neighbour++) {
			long long links;

			snprintf(path, sizeof(path), "gpus[%d].adjacent.gpu%d", gpu, neighbour);
			links = json_number(truth, path);
			snprintf(name, sizeof(name), "nvlink%u-gpu%d", controller, neighbour);
			other = find("gpus", name);
			snprintf(path, sizeof(path), "adjacency[%d][%d]", at, other);
			snprintf(expected, sizeof(expected), "%lld", links < 0 ? 0 : links);
			if (!json_is(text, path, expected))
				return false;
			snprintf(path, sizeof(path), "matrix[%d][%d]", at, other);
			snprintf(expected, sizeof(expected), "NV%lld", links);
			if (links > 0 && !json_is(text, path, expected))
				return false;
		}
	}
	return count > 0;
}

/** The driver's own JSON says the same of links and adjacency. */
static bool debugfs_agrees(unsigned int controller)
{
	char path[64], value[64];

	if (!read_text_at(debug, sizeof(debug), DEBUG "/nvlink%u/nvlink_topology", controller) || !json_valid(debug) ||
	    json_count(debug, "links") != json_count(truth, "links") ||
	    json_count(debug, "gpus") != json_count(truth, "gpus"))
		return false;
	for (int link = 0; link < json_count(truth, "links"); link++) {
		snprintf(path, sizeof(path), "links[%d].state", link);
		if (!json_get(truth, path, value, sizeof(value)) || !json_is(debug, path, value))
			return false;
		snprintf(path, sizeof(path), "links[%d].peer", link);
		if (!json_get(truth, path, value, sizeof(value)) || !json_is(debug, path, value))
			return false;
	}
	return true;
}

/** The file is complete and says this of a link's being up, within the time: it is replaced as a whole. */
static bool follows(const char *link, bool up, int timeout_ms)
{
	long long end = now_ms() + timeout_ms;
	char path[64];

	do {
		if (!read_text(FILE_NAME, text, sizeof(text)) || !json_valid(text)) {
			printf("# %s is no JSON\n", FILE_NAME);
			return false;
		}
		snprintf(path, sizeof(path), "links[%d].up", find("links", link));
		if (json_is(text, path, up ? "true" : "false"))
			return true;
		sleep_ms(5);
	} while (now_ms() < end);
	return false;
}

int test_topology(void)
{
	char addresses[4][16], name[96];

	controllers = controllers_find(addresses, 4);
	if (!controllers)
		return ktap_skip_all("no controller");
	ktap_plan(4 + 5 * controllers);
	for (unsigned int i = 0; i < controllers; i++)
		links_wait(i, 10000);
	if (!ktap_check(wait_for_file(true, 5000, FILE_NAME) && follows("nvlink0-link0", true, 5000),
			"the agent wrote the file"))
		return 1;
	/* The agent has to have heard of the last link, too. */
	follows("nvlink1-link1", true, 2000);
	ktap_check(json_count(text, "controllers") == (int)controllers && json_number(text, "version") > 0 &&
			   json_count(text, "groups") > 0,
		   "it has all controllers, and groups");
	for (unsigned int i = 0; i < controllers; i++) {
#define NAME(what) (snprintf(name, sizeof(name), "nvlink%u: " what, i), name)
		if (!model_ask(i, truth, "status"))
			truth[0] = '\0';
		ktap_check(controller_agrees(i), NAME("serial number, contract and generation are the model's"));
		ktap_check(iommu_agrees(i), NAME("the domain's type is that of sysfs"));
		ktap_check(links_agree(i), NAME("links are the model's"));
		ktap_check(gpus_agree(i), NAME("GPUs, adjacency and matrix are the model's"));
		ktap_check(debugfs_agrees(i), NAME("nvlink_topology in debugfs is the model's"));
#undef NAME
	}
	provoke(true);
	ktap_check(model_do(0, "link 2 down") && follows("nvlink0-link2", false, 5000), "it follows when a link is lost");
	ktap_check(model_do(0, "link 2 up") && follows("nvlink0-link2", true, 10000), "and when it is back");
	provoke(false);
	links_wait(0, 10000);
	return ktap_finish();
}
