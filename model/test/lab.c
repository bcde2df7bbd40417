// SPDX-License-Identifier: Apache-2.0
#include "lab.h"

#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../clock.h"
#include "../command.h"
#include "host.h"

/** All labs live in the same time. */
static uint64_t now = NS_PER_S;

/** Zeros that cost nothing until they are touched: fuzzers open a lab for every input. */
static void *zeros(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	return memory;
}

struct lab *lab_open(const char *const *words)
{
	static const char *const usual[] = {
		"nvlink-model", "--socket",   "/nowhere", "--control",		 "/nowhere",
		"--serial",	"7",	      "--links",  "gpu0,gpu0,gpu1,gpu1", "--gpus",
		"1M,1M",	"--adjacent", "0-1:2"
	};
	const size_t usual_count = sizeof(usual) / sizeof(usual[0]);
	char *all[32];
	struct lab *lab = zeros(sizeof(*lab));
	int count = 0;

	for (size_t i = 0; i < usual_count; i++)
		all[count++] = (char *)(uintptr_t)usual[i];
	while (words != NULL && *words != NULL)
		all[count++] = (char *)(uintptr_t)*words++;
	all[count] = NULL;
	clock_follow(&now);
	lab->model = zeros(sizeof(*lab->model));
	if (options_read(&lab->model->options, count, all, stderr) != OPTIONS_RUN)
		abort();
	loop_init(&lab->model->loop);
	outbox_init(&lab->model->vfio.outbox, 16u << 20);
	if (!device_init(lab->model) || !peer_start(lab->model))
		abort();
	lab->socket = -1;
	for (size_t i = 0; i < NVLINK_CAUSE_COUNT; i++)
		lab->eventfd[i] = -1;
	memset(lab->readable, 1, sizeof(lab->readable));
	memset(lab->writable, 1, sizeof(lab->writable));
	return lab;
}

void lab_connect(struct lab *lab)
{
	static const char capabilities[] = "{\"capabilities\":{\"max_msg_fds\":8}}";
	uint8_t body[4 + sizeof(capabilities)] = { 0 };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
		abort();
	memcpy(body + 4, capabilities, sizeof(capabilities));
	lab->socket = ends[0];
	CHECK(vfio_take_connection(lab->model, ends[1]));
	CHECK(lab_request(lab, VFIO_VERSION, 0, body, sizeof(body), NULL, 0));
}

struct lab *lab_open_ready(void)
{
	struct lab *lab = lab_open(NULL);

	lab_connect(lab);
	lab_set_pci_command(lab, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, NVLINK_GLOBAL_CONTROL_ENABLE_MASK);
	lab_open_window(lab, 0, 0, UINT64_C(1) << 32, 3);
	lab_use_msix(lab);
	return lab;
}

void lab_disconnect(struct lab *lab)
{
	if (lab->socket >= 0)
		close(lab->socket);
	lab->socket = -1;
	lab_settle(lab);
}

void lab_close(struct lab *lab)
{
	struct model *model = lab->model;

	lab_disconnect(lab);
	vfio_drop(model);
	peer_close(model);
	control_close(&model->control);
	device_free(model);
	for (size_t i = 0; i < NVLINK_CAUSE_COUNT; i++) {
		if (lab->eventfd[i] >= 0)
			close(lab->eventfd[i]);
	}
	munmap(model, sizeof(*model));
	munmap(lab, sizeof(*lab));
}

void lab_settle(struct lab *lab)
{
	for (int idle = 0; idle < 4; idle++) {
		loop_once(&lab->model->loop, true);
		if (engine_run(lab->model) || peer_run_calls(lab->model))
			idle = 0;
		if (host_serve(lab))
			idle = 0;
	}
}

void lab_pass(struct lab *lab, uint64_t microseconds)
{
	uint64_t end = now + microseconds * NS_PER_US;

	for (;;) {
		const struct timer *timer;

		lab_settle(lab);
		timer = lab->model->loop.timers;
		if (timer == NULL || timer->due > end)
			break;
		if (timer->due > now)
			now = timer->due;
	}
	now = end;
	lab_settle(lab);
}

void lab_stall(uint64_t microseconds)
{
	now += microseconds * NS_PER_US;
}

void lab_use_system_clock(void)
{
	clock_follow(NULL);
}

uint32_t lab_read(struct lab *lab, uint32_t offset)
{
	uint32_t value = 0;

	lab_read_region(lab, VFIO_BAR0, offset, &value, sizeof(value));
	return value;
}

void lab_write(struct lab *lab, uint32_t offset, uint32_t value)
{
	lab_write_region(lab, VFIO_BAR0, offset, &value, sizeof(value));
}

void lab_set_pci_command(struct lab *lab, uint16_t bits)
{
	lab_write_region(lab, VFIO_CONFIG, PCI_COMMAND, &bits, sizeof(bits));
}

void lab_use_msix(struct lab *lab)
{
	for (uint32_t i = 0; i < NVLINK_CAUSE_COUNT; i++) {
		struct vfio_set_irqs set = { .argsz = sizeof(set),
					     .flags = VFIO_SET_EVENTFD | VFIO_SET_TRIGGER,
					     .index = VFIO_MSIX,
					     .start = i,
					     .count = 1 };

		lab->eventfd[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		CHECK(lab_request(lab, VFIO_SET_IRQS, 0, &set, sizeof(set), &lab->eventfd[i], 1));
	}
	lab_write(lab, NVLINK_REG_GLOBAL_INT_ENABLE, (1u << NVLINK_CAUSE_COUNT) - 1);
}

uint64_t lab_interrupts(struct lab *lab, unsigned int cause)
{
	uint64_t count = 0;

	if (read(lab->eventfd[cause], &count, sizeof(count)) != (ssize_t)sizeof(count))
		return 0;
	return count;
}

void lab_open_window(struct lab *lab, unsigned int n, uint64_t base, uint64_t size, uint32_t control)
{
	lab_write(lab, NVLINK_REG_WINDOW_BASE_LO(n), (uint32_t)base);
	lab_write(lab, NVLINK_REG_WINDOW_BASE_HI(n), (uint32_t)(base >> 32));
	lab_write(lab, NVLINK_REG_WINDOW_SIZE_LO(n), (uint32_t)size);
	lab_write(lab, NVLINK_REG_WINDOW_SIZE_HI(n), (uint32_t)(size >> 32));
	lab_write(lab, NVLINK_REG_WINDOW_CONTROL(n), control);
}

void lab_map(struct lab *lab, uint64_t offset, uint64_t length, bool can_read, bool can_write)
{
	for (uint64_t page = offset / 4096; page < (offset + length + 4095) / 4096; page++) {
		lab->readable[page] = can_read;
		lab->writable[page] = can_write;
	}
}

void lab_train(struct lab *lab)
{
	for (unsigned int i = 0; i < lab->model->options.links; i++)
		lab_write(lab, NVLINK_REG_LINK_CONTROL(i), NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 20000);
	for (unsigned int i = 0; i < NVLINK_CAUSE_COUNT; i++) {
		if (lab->eventfd[i] >= 0)
			lab_interrupts(lab, i);
	}
}

const char *lab_command(struct lab *lab, const char *line)
{
	static char answer[COMMAND_ANSWER_MAX];

	command_run(lab->model, line, strlen(line), answer, sizeof(answer));
	return answer;
}

void lab_fill(uint8_t *bytes, size_t length, uint32_t seed)
{
	for (size_t i = 0; i < length; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(seed >> 24);
	}
}
