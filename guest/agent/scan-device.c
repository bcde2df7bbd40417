// SPDX-License-Identifier: Apache-2.0
#include <strings.h>

#include "attribute.h"
#include "scan.h"

bool same_word(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

void scan_controller(struct controller *controller, const char *folder, const char *sysfs)
{
	attribute(folder, "state", controller->state, WORD);
	attribute(folder, "contract_version", controller->contract, WORD);
	attribute(folder, "serial", controller->serial, WORD);
	attribute(folder, "firmware_state", controller->firmware, WORD);
	controller->generation = attribute_number(folder, "generation");
	controller->resets = attribute_number(folder, "resets");
	scan_place(&controller->place, folder, sysfs);
}

void scan_counters(struct link *link, const char *folder)
{
	static const char *const counters[COUNTERS] = {
		[TX_BYTES] = "tx_bytes",
		[RX_BYTES] = "rx_bytes",
		[REPLAY] = "replay_errors",
		[RECOVERY] = "recovery_errors",
		[CRC_FLIT] = "crc_flit_errors",
		[CRC_DATA] = "crc_data_errors",
		[ECC] = "ecc_errors",
	};

	for (int i = 0; i < COUNTERS; i++)
		link->counter[i] = attribute_number(folder, counters[i]);
}

void scan_link(struct link *link, const char *folder)
{
	attribute(folder, "state", link->state, WORD);
	attribute(folder, "error", link->error, WORD);
	attribute(folder, "peer", link->peer, WORD);
	link->lanes = attribute_number(folder, "lanes");
	link->speed = attribute_number(folder, "speed_mbps");
	link->max_speed = attribute_number(folder, "max_speed_mbps");
	link->limit = attribute_number(folder, "limit_mbps");
	link->attempts = attribute_number(folder, "attempts");
	link->resets = attribute_number(folder, "resets");
}

void scan_gpu(struct gpu *gpu, const char *folder)
{
	gpu->memory = attribute_number(folder, "memory_bytes");
	attribute(folder, "identity", gpu->identity, WORD);
}
