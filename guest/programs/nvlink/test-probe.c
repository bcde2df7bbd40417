// SPDX-License-Identifier: Apache-2.0
/* Each controller of the device tree is found, and sysfs says of it what its registers and the device tree say. */
#define _GNU_SOURCE
#include <dirent.h>
#include <endian.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../ktap.h"
#include "binding.h"
#include "controller.h"
#include "device.h"
#include "engine.h"
#include "json.h"
#include "link.h"
#include "system-file.h"
#include "tests.h"

static char address[4][16];
static volatile uint32_t *registers;

/** A cell of a property of the function's node. */
static long long cell(unsigned int controller, const char *property, unsigned int index)
{
	char path[256];
	uint32_t value;
	int file;
	bool got;

	snprintf(path, sizeof(path), PCI "/devices/%s/of_node/%s", address[controller], property);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return -1;
	got = pread(file, &value, sizeof(value), (off_t)(index * sizeof(value))) == sizeof(value);
	close(file);
	return got ? (long long)be32toh(value) : -1;
}

static long long attribute(unsigned int controller, const char *name)
{
	return read_number(CLASS "/nvlink%u/%s", controller, name);
}

static bool is_bound(unsigned int controller)
{
	char name[64], path[512], *real;
	bool good;

	driver_of(address[controller], name, sizeof(name));
	snprintf(path, sizeof(path), CLASS "/nvlink%u/device", controller);
	real = realpath(path, NULL);
	good = !strcmp(name, NVLINK_DRIVER) && real && strstr(real, address[controller]) && strstr(real, "nvlink-fusion.");
	printf("# %s\n", real ? real : "no device");
	free(real);
	return good;
}

static bool contract_kept(unsigned int controller)
{
	char version[32], expected[48];

	snprintf(expected, sizeof(expected), "%lld.%lld", cell(controller, "nvidia,contract", 0),
		 cell(controller, "nvidia,contract", 1));
	return read_text_at(version, sizeof(version), CLASS "/nvlink%u/contract_version", controller) &&
	       !strcmp(version, expected);
}

static bool counts_agree(unsigned int controller)
{
	uint32_t caps = register_read(registers, NVLINK_REG_GLOBAL_CAPS);
	uint64_t serial = register_read(registers, NVLINK_REG_GLOBAL_SERIAL_LO) |
			  (uint64_t)register_read(registers, NVLINK_REG_GLOBAL_SERIAL_HI) << 32;

	return attribute(controller, "link_count") == (caps & NVLINK_GLOBAL_CAPS_LINKS_MASK) &&
	       attribute(controller, "link_count") == cell(controller, "link-count", 0) &&
	       attribute(controller, "gpu_count") ==
		       (caps & NVLINK_GLOBAL_CAPS_GPUS_MASK) >> NVLINK_GLOBAL_CAPS_GPUS_SHIFT &&
	       (uint64_t)attribute(controller, "serial") == serial;
}

static bool link_agrees(unsigned int controller, unsigned int link)
{
	char property[64], peer[64], kind[16], expected[64];

	snprintf(property, sizeof(property), "link@%x/nvidia,lanes", link);
	if (link_number(controller, link, "lanes") != cell(controller, property, 0))
		return false;
	snprintf(property, sizeof(property), "link@%x/nvidia,max-speed-kBps", link);
	if (link_number(controller, link, "max_speed_mbps") * 1000 != cell(controller, property, 0))
		return false;
	snprintf(property, sizeof(property), "link@%x/nvidia,peer-index", link);
	if (!read_text_at(kind, sizeof(kind), PCI "/devices/%s/of_node/link@%x/nvidia,peer", address[controller], link) ||
	    !read_text_at(peer, sizeof(peer), CLASS "/nvlink%u-link%u/peer", controller, link))
		return false;
	snprintf(expected, sizeof(expected), "%s%lld", kind, cell(controller, property, 0));
	return !strcmp(peer, expected);
}

static bool links_agree(unsigned int controller)
{
	long long links = attribute(controller, "link_count");

	for (unsigned int link = 0; link < links; link++)
		if (!link_agrees(controller, link)) {
			printf("# link %u\n", link);
			return false;
		}
	return links > 0;
}

static bool gpus_agree(unsigned int controller)
{
	long long gpus = attribute(controller, "gpu_count");

	for (unsigned int gpu = 0; gpu < gpus; gpu++) {
		uint64_t memory = register_read(registers, NVLINK_REG_GPU_MEMORY_LO(gpu)) |
				  (uint64_t)register_read(registers, NVLINK_REG_GPU_MEMORY_HI(gpu)) << 32;

		if ((uint64_t)read_number(CLASS "/nvlink%u-gpu%u/memory_bytes", controller, gpu) != memory ||
		    read_number(CLASS "/nvlink%u-gpu%u/identity", controller, gpu) <= 0)
			return false;
	}
	return gpus > 0;
}

/** A link to a host without a partner waits for it, and that is no error. */
static bool host_links_wait(unsigned int controller)
{
	long long links = attribute(controller, "link_count");

	for (unsigned int link = 0; link < links; link++) {
		char peer[32] = "";

		read_text_at(peer, sizeof(peer), CLASS "/nvlink%u-link%u/peer", controller, link);
		if (!strncmp(peer, "host", 4) && !link_is(controller, link, "HS", 0) &&
		    (!link_is(controller, link, "DETECT", 5000) || !link_error_is(controller, link, "NONE", 0)))
			return false;
	}
	return links > 0;
}

/** Each file that may be read can be read, those of the controller, its links and its GPUs. */
static bool all_readable(unsigned int controller)
{
	char prefix[32], path[600], text[4096];
	struct dirent *device, *file;
	unsigned int read = 0;
	DIR *folder, *files;
	struct stat status;
	bool good = true;

	snprintf(prefix, sizeof(prefix), "nvlink%u", controller);
	folder = opendir(CLASS);
	while (folder && (device = readdir(folder))) {
		if (strncmp(device->d_name, prefix, strlen(prefix)) != 0)
			continue;
		snprintf(path, sizeof(path), CLASS "/%.200s", device->d_name);
		files = opendir(path);
		while (files && (file = readdir(files))) {
			snprintf(path, sizeof(path), CLASS "/%.200s/%.200s", device->d_name, file->d_name);
			if (lstat(path, &status) < 0 || !S_ISREG(status.st_mode) || !(status.st_mode & S_IRUSR))
				continue;
			read++;
			if (!read_text(path, text, sizeof(text))) {
				printf("# %s\n", path);
				good = false;
			}
		}
		if (files)
			closedir(files);
	}
	if (folder)
		closedir(folder);
	printf("# %u attributes\n", read);
	return good && read > 20;
}

static bool in_debugfs(unsigned int controller)
{
	static char text[32768];

	return read_text_at(text, sizeof(text), DEBUG "/nvlink%u/nvlink_topology", controller) && json_valid(text);
}

static bool device_is_roots(unsigned int controller)
{
	struct nvlink_ioc_info info;
	char path[32];
	struct stat status;
	int device = device_open(controller);
	bool good;

	snprintf(path, sizeof(path), "/dev/nvlink%u", controller);
	good = stat(path, &status) == 0 && S_ISCHR(status.st_mode) && (status.st_mode & 07) == 0 &&
	       device_info(device, &info) && info.links == attribute(controller, "link_count") &&
	       info.serial == (uint64_t)attribute(controller, "serial");
	close(device);
	return good;
}

static unsigned int in_device_tree(void)
{
	static const char *const nodes[] = { "nvlink@10,0", "nvlink@11,0" };
	unsigned int count = 0;

	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		count += exists("/sys/firmware/devicetree/base/soc/pci@30000000/%s", nodes[i]);
	return count;
}

static void test_controller(unsigned int controller)
{
	char name[96], type[16] = "", group[16] = "";
	size_t size;

#define NAME(text) (snprintf(name, sizeof(name), "nvlink%u: " text, controller), name)
	registers = resource_map(address[controller], 0, &size);
	if (!ktap_check(registers && is_bound(controller), NAME("a platform device below the PCI function")))
		exit(1);
	ktap_check(contract_kept(controller), NAME("the contract's version is that of the device tree"));
	ktap_check(counts_agree(controller), NAME("links, GPUs and serial number"));
	ktap_check(links_wait(controller, 10000), NAME("links to GPUs are trained"));
	ktap_check(host_links_wait(controller), NAME("links to hosts wait for a partner"));
	ktap_check(links_agree(controller), NAME("each link is what the device tree says"));
	ktap_check(gpus_agree(controller), NAME("each GPU is what the registers say"));
	read_text_at(type, sizeof(type), CLASS "/nvlink%u/iommu_domain_type", controller);
	read_text_at(group, sizeof(group), PCI "/devices/%s/iommu_group/type", address[controller]);
	ktap_check(!strncmp(type, "DMA", 3) && !strcmp(type, group), NAME("its domain translates, sysfs says so"));
	ktap_check(all_readable(controller), NAME("each attribute can be read"));
	ktap_check(in_debugfs(controller), NAME("nvlink_topology in debugfs is JSON"));
	ktap_check(device_is_roots(controller), NAME("the character device is there, and not for everybody"));
	resource_unmap(registers, size);
#undef NAME
}

int test_probe(void)
{
	unsigned int controllers = controllers_find(address, 4), expected = in_device_tree();

	if (!controllers && !expected)
		return ktap_skip_all("no controller");
	ktap_plan(1 + 11 * controllers);
	ktap_check(controllers == expected, "each controller of the device tree is a PCI function");
	for (unsigned int controller = 0; controller < controllers; controller++)
		test_controller(controller);
	return ktap_finish();
}
