// SPDX-License-Identifier: Apache-2.0
#include <linux/pci_regs.h>
#include <string.h>

#include "ring.h"

#define MS UINT64_C(1000)

static struct lab *trained(void)
{
	struct lab *lab = lab_open_ready();

	lab_train(lab);
	return lab;
}

static void test_controller_reset(void)
{
	struct lab *lab = trained();
	uint32_t attempts = lab_read(lab, NVLINK_REG_LINK_ATTEMPTS(0));

	lab->model->gpus[1].memory[500] = 9;
	lab_write(lab, NVLINK_REG_GLOBAL_SCRATCH, 1);
	lab_write(lab, NVLINK_REG_GLOBAL_FIRMWARE, 2);
	lab_write(lab, NVLINK_REG_LINK_LIMIT(1), 3);
	lab_write(lab, NVLINK_REG_LINK_THRESHOLD(1), 4);
	ring_enable(lab, 2);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, NVLINK_GLOBAL_CONTROL_RESET_MASK);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_CONTROL), NVLINK_GLOBAL_CONTROL_RESET_MASK);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_STATUS), 0);
	lab_write(lab, NVLINK_REG_GLOBAL_SCRATCH, 7);
	lab_pass(lab, 5 * MS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_CONTROL), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_STATUS), NVLINK_GLOBAL_STATUS_READY_MASK);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_GENERATION), 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_SCRATCH), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_FIRMWARE), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_INT_ENABLE), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_STATE(0)), NVLINK_STATE_OFF);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_LIMIT(1)), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_THRESHOLD(1)), NVLINK_LINK_THRESHOLD_RESET);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ATTEMPTS(0)), attempts);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_WINDOW_SIZE_HI(0)), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_CONTROL(2)), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_RING_LO(2)), 0);
	CHECK_EQUAL(lab->model->gpus[1].memory[500], 0);
	lab_close(lab);
}

/** READY means that nothing of the time before touches memory any more. */
static void test_reset_awaits_memory(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 4096);

	lab->answers_nothing = true;
	ring_enable(lab, 0);
	ring_put(lab, 0, 0, &descriptor);
	ring_tell(lab, 0, 1);
	lab_settle(lab);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, NVLINK_GLOBAL_CONTROL_RESET_MASK);
	lab_pass(lab, 500 * MS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_STATUS), 0);
	lab_disconnect(lab);
	lab_pass(lab, 2 * MS);
	CHECK(!lab->model->global.is_resetting);
	lab_close(lab);
}

static void test_device_reset(void)
{
	struct lab *lab = trained();
	uint16_t command;

	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, NVLINK_GLOBAL_CONTROL_RESET_MASK);
	lab_pass(lab, 5 * MS);
	CHECK_EQUAL(lab_request_error(lab, VFIO_RESET, NULL, 0), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_GENERATION), 0);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ATTEMPTS(0)), 0);
	lab_read_region(lab, VFIO_CONFIG, PCI_COMMAND, &command, sizeof(command));
	CHECK_EQUAL(command, 0);
	lab_close(lab);
}

static void test_function_reset(void)
{
	struct lab *lab = trained();
	uint8_t capability = 0, id = 0, reset = PCI_AF_CTRL_FLR;
	uint16_t command;

	lab_read_region(lab, VFIO_CONFIG, PCI_CAPABILITY_LIST, &capability, 1);
	for (int i = 0; i < 8 && capability != 0 && id != PCI_CAP_ID_AF; i++) {
		uint8_t head[2];

		lab_read_region(lab, VFIO_CONFIG, capability, head, sizeof(head));
		id = head[0];
		if (id != PCI_CAP_ID_AF)
			capability = head[1];
	}
	CHECK_EQUAL(id, PCI_CAP_ID_AF);
	lab_write_region(lab, VFIO_CONFIG, capability + PCI_AF_CTRL, &reset, 1);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_STATUS), 0);
	lab_pass(lab, 5 * MS);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_STATUS), NVLINK_GLOBAL_STATUS_READY_MASK);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_GENERATION), 1);
	lab_read_region(lab, VFIO_CONFIG, PCI_COMMAND, &command, sizeof(command));
	CHECK_EQUAL(command, 0);
	lab_close(lab);
}

static void test_disable_aborts(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 20);

	descriptor.link = 0;
	lab_write(lab, NVLINK_REG_LINK_LIMIT(0), 1);
	ring_enable(lab, 0);
	ring_put(lab, 0, 0, &descriptor);
	ring_tell(lab, 0, 1);
	lab_pass(lab, 100 * MS);
	lab_write(lab, NVLINK_REG_CHANNEL_CONTROL(0), 0);
	lab_settle(lab);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_CHANNEL_STATUS(0)), 0);
	lab_pass(lab, 3000 * MS);
	CHECK_EQUAL(ring_completion(lab, 0, 0).sequence, 0);
	CHECK_EQUAL(lab_interrupts(lab, NVLINK_CAUSE_DMA), 0);
	lab_write(lab, NVLINK_REG_LINK_LIMIT(0), 0);
	CHECK_EQUAL(ring_run(lab, &descriptor).error, NVLINK_ERROR_NONE);
	lab_close(lab);
}

/** Answers that come after a channel was enabled anew belong to the time before. */
static void test_late_answers(void)
{
	struct lab *lab = trained();
	struct nvlink_descriptor old = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 4096);
	struct nvlink_descriptor new = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT + 4096, 8192, 4096);

	memset(lab->memory, 1, 4096);
	memset(lab->memory + 4096, 2, 4096);
	ring_enable(lab, 0);
	ring_put(lab, 0, 0, &old);
	lab_write(lab, NVLINK_REG_CHANNEL_TAIL(0), 1);
	engine_run(lab->model);
	lab_write(lab, NVLINK_REG_CHANNEL_CONTROL(0), 0);
	lab_write(lab, NVLINK_REG_CHANNEL_CONTROL(0), 1);
	ring_put(lab, 0, 0, &new);
	lab_write(lab, NVLINK_REG_CHANNEL_TAIL(0), 1);
	lab_pass(lab, 1 * MS);
	CHECK_EQUAL(ring_completion(lab, 0, 0).error, NVLINK_ERROR_NONE);
	CHECK_EQUAL(lab->model->gpus[0].memory[8192], 2);
	CHECK_EQUAL(lab->model->gpus[0].memory[0], 0);
	lab_close(lab);
}

static void test_host_leaves(void)
{
	static const char *const words[] = { "--persist", NULL };
	struct lab *lab = trained();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 1u << 20);

	ring_enable(lab, 0);
	ring_put(lab, 0, 0, &descriptor);
	lab->answers_nothing = true;
	ring_tell(lab, 0, 1);
	lab_settle(lab);
	lab_disconnect(lab);
	CHECK(lab->model->has_to_quit);
	CHECK_EQUAL(lab->model->vfio.dma.in_flight, 0);
	lab_close(lab);

	lab = lab_open(words);
	lab_connect(lab);
	lab_write(lab, NVLINK_REG_GLOBAL_SCRATCH, 3);
	lab_disconnect(lab);
	CHECK(!lab->model->has_to_quit);
	lab_connect(lab);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_GLOBAL_SCRATCH), 0);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "a reset of the controller brings back every reset value and empties the GPUs",
	  test_controller_reset },
	{ "a reset is over only when no access is on its way", test_reset_awaits_memory },
	{ "a device reset is as power-on", test_device_reset },
	{ "a function level reset resets configuration space and controller", test_function_reset },
	{ "disabling a channel aborts what runs, without a completion", test_disable_aborts },
	{ "answers of an aborted transfer touch nothing", test_late_answers },
	{ "the model ends with its host, and with --persist awaits the next", test_host_leaves },
};

const struct suite reset_suite = SUITE("resets", tests);
