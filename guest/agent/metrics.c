// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <string.h>

#include "attribute.h"
#include "render.h"

static void describe(struct text *text, const char *name, const char *type, const char *help)
{
	text_add(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void label(struct text *text, const char *name, const char *value)
{
	text_add(text, ",%s=", name);
	text_quote(text, value);
}

static void link_sample(struct text *text, const struct topology *topology, const struct link *link, const char *name,
			uint64_t value)
{
	if (value == UNKNOWN)
		return;
	text_add(text, "%s{controller=\"nvlink%u\",link=\"%u\"", name, topology->controller[link->controller].number,
		 link->number);
	label(text, "peer", link->peer);
	text_add(text, "} %" PRIu64 "\n", value);
}

static uint64_t state_number(const char *state)
{
	static const char *const names[] = NVLINK_STATE_NAMES;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i] && strcmp(names[i], state) == 0)
			return i;
	return UNKNOWN;
}

static uint64_t bytes_per_second(uint64_t megabytes)
{
	return megabytes == UNKNOWN || megabytes > UINT64_MAX / 1000000 ? UNKNOWN : megabytes * 1000000;
}

static uint64_t counter_of(const struct link *link, int which)
{
	return link->counter[which];
}

static uint64_t state_of(const struct link *link, int which)
{
	(void)which;
	return state_number(link->state);
}

static uint64_t up_of(const struct link *link, int which)
{
	(void)which;
	return link->up;
}

static uint64_t speed_of(const struct link *link, int which)
{
	return bytes_per_second(which ? link->max_speed : link->speed);
}

static uint64_t times_of(const struct link *link, int which)
{
	return which ? link->attempts : link->resets;
}

static const struct family {
	const char *name, *type, *help;
	uint64_t (*value)(const struct link *link, int which);
	int which;
} families[] = {
	{ "nvlink_link_state", "gauge",
	  "State of the link: 0 OFF, 1 HS, 2 SAFE, 3 FAULT, 4 RECOVERY, 5 FAIL, 6 DETECT, 7 RESET, 10 SLEEP, 19 INITPHASE1, "
	  "20 INITNEGOTIATE, 22 INITOPTIMIZE, 26 INITTL.",
	  state_of, 0 },
	{ "nvlink_link_up", "gauge", "Whether the link carries data.", up_of, 0 },
	{ "nvlink_link_speed_bytes_per_second", "gauge", "Speed each way now.", speed_of, 0 },
	{ "nvlink_link_max_speed_bytes_per_second", "gauge", "Fastest speed each way.", speed_of, 1 },
	{ "nvlink_tx_bytes_total", "counter", "Bytes that the controller sent.", counter_of, TX_BYTES },
	{ "nvlink_rx_bytes_total", "counter", "Bytes that the controller received.", counter_of, RX_BYTES },
	{ "nvlink_replay_errors_total", "counter", "Packets sent again.", counter_of, REPLAY },
	{ "nvlink_recovery_errors_total", "counter", "Times the link retrained by itself.", counter_of, RECOVERY },
	{ "nvlink_crc_flit_errors_total", "counter", "Flow control units with a wrong checksum.", counter_of, CRC_FLIT },
	{ "nvlink_crc_data_errors_total", "counter", "Data packets with a wrong checksum.", counter_of, CRC_DATA },
	{ "nvlink_ecc_errors_total", "counter", "Errors that the code corrected.", counter_of, ECC },
	{ "nvlink_link_resets_total", "counter", "Resets of the link by the driver.", times_of, 0 },
	{ "nvlink_link_training_attempts_total", "counter", "Trainings, those within one training included.", times_of, 1 },
};

static void add_controllers(struct text *text, const struct topology *topology)
{
	describe(text, "nvlink_controller_info", "gauge", "What the controller is; always 1.");
	for (unsigned int i = 0; i < topology->controllers; i++) {
		const struct controller *controller = &topology->controller[i];

		text_add(text, "nvlink_controller_info{controller=\"nvlink%u\"", controller->number);
		label(text, "contract", controller->contract);
		label(text, "serial", controller->serial);
		label(text, "device", controller->place.device);
		label(text, "iommu", controller->place.iommu_type);
		text_add(text, "} 1\n");
	}
	describe(text, "nvlink_controller_up", "gauge", "Whether the controller works.");
	for (unsigned int i = 0; i < topology->controllers; i++)
		text_add(text, "nvlink_controller_up{controller=\"nvlink%u\"} %d\n", topology->controller[i].number,
			 strcmp(topology->controller[i].state, "alive") == 0);
	describe(text, "nvlink_controller_resets_total", "counter", "Resets of the controller by the driver.");
	for (unsigned int i = 0; i < topology->controllers; i++)
		if (topology->controller[i].resets != UNKNOWN)
			text_add(text, "nvlink_controller_resets_total{controller=\"nvlink%u\"} %" PRIu64 "\n",
				 topology->controller[i].number, topology->controller[i].resets);
}

static void add_gpus(struct text *text, const struct topology *topology)
{
	describe(text, "nvlink_gpu_memory_bytes", "gauge", "Memory of the GPU.");
	for (unsigned int i = 0; i < topology->gpus; i++)
		if (topology->gpu[i].memory != UNKNOWN)
			text_add(text, "nvlink_gpu_memory_bytes{controller=\"nvlink%u\",gpu=\"%u\"} %" PRIu64 "\n",
				 topology->controller[topology->gpu[i].controller].number, i, topology->gpu[i].memory);
	describe(text, "nvlink_gpu_reachable", "gauge", "Whether a link to the GPU carries data.");
	for (unsigned int i = 0; i < topology->gpus; i++)
		text_add(text, "nvlink_gpu_reachable{controller=\"nvlink%u\",gpu=\"%u\"} %d\n",
			 topology->controller[topology->gpu[i].controller].number, i, topology->gpu[i].reachable);
}

void render_metrics(struct text *text, const struct topology *topology)
{
	add_controllers(text, topology);
	add_gpus(text, topology);
	for (size_t f = 0; f < sizeof(families) / sizeof(*families); f++) {
		const struct family *family = &families[f];

		describe(text, family->name, family->type, family->help);
		for (unsigned int i = 0; i < topology->links; i++)
			link_sample(text, topology, &topology->link[i], family->name,
				    family->value(&topology->link[i], family->which));
	}
}
