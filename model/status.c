// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "command.h"
#include "model.h"

static const char *const states[NVLINK_STATE_COUNT] = NVLINK_STATE_NAMES;
static const char *const errors[NVLINK_ERROR_COUNT] = NVLINK_ERROR_NAMES;

static const char *error_name(uint32_t error)
{
	return error < NVLINK_ERROR_COUNT && errors[error] != NULL ? errors[error] : "?";
}

static void put_link(const struct link *link, struct json *answer)
{
	const struct link_option *option = &link->model->options.link[link->index];
	char peer[16];

	snprintf(peer, sizeof(peer), "%s%u", option->peer == NVLINK_PEER_GPU ? "gpu" : "host", option->index);
	json_open(answer, NULL, '{');
	json_number(answer, "link", link->index);
	json_string(answer, "peer", peer);
	json_string(answer, "state", states[link->state]);
	json_string(answer, "error", error_name(link->error));
	json_number(answer, "attempts", link->attempts);
	json_number(answer, "lanes", link->model->options.lanes);
	json_number(answer, "speed_mbps", link_speed(link));
	json_number(answer, "max_speed_mbps", link->model->options.speed);
	json_number(answer, "limit_mbps", link->limit);
	json_number(answer, "threshold", link->threshold);
	json_number(answer, "tx_bytes", link->tx_bytes);
	json_number(answer, "rx_bytes", link->rx_bytes);
	json_number(answer, "replay_errors", link->errors[LINK_REPLAY]);
	json_number(answer, "recovery_errors", link->errors[LINK_RECOVERY]);
	json_number(answer, "crc_flit_errors", link->errors[LINK_CRC_FLIT]);
	json_number(answer, "crc_data_errors", link->errors[LINK_CRC_DATA]);
	json_number(answer, "ecc_errors", link->errors[LINK_ECC]);
	json_bool(answer, "down", link->partner_is_gone);
	json_number(answer, "failures", link->failures);
	json_close(answer, '}');
}

static void put_gpu(const struct gpu *gpu, struct json *answer)
{
	const struct options *options = &gpu->model->options;
	uint32_t links = gpu_links(gpu);

	json_open(answer, NULL, '{');
	json_number(answer, "gpu", gpu->index);
	json_number(answer, "memory_bytes", gpu->bytes);
	json_number(answer, "identity", gpu_identity(gpu));
	json_open(answer, "links", '[');
	for (unsigned int i = 0; i < options->links; i++) {
		if ((links & 1u << i) != 0)
			json_number(answer, NULL, i);
	}
	json_close(answer, ']');
	json_open(answer, "adjacent", '{');
	for (unsigned int i = 0; i < options->gpus; i++) {
		char name[8];

		snprintf(name, sizeof(name), "gpu%u", i % NVLINK_GPUS_MAX);
		if (options->adjacent[gpu->index][i] > 0)
			json_number(answer, name, options->adjacent[gpu->index][i]);
	}
	json_close(answer, '}');
	json_close(answer, '}');
}

static void put_channel(const struct channel *channel, struct json *answer)
{
	json_open(answer, NULL, '{');
	json_number(answer, "channel", channel->index);
	json_bool(answer, "enabled", channel->is_enabled);
	json_bool(answer, "busy", channel_is_busy(channel));
	json_bool(answer, "halted", channel->is_halted);
	json_number(answer, "head", channel->head);
	json_number(answer, "tail", channel->tail);
	json_string(answer, "error", error_name(channel->error));
	json_number(answer, "error_address", channel->error_address);
	json_number(answer, "transfers", channel->transfers);
	json_number(answer, "failures", channel->failures);
	json_close(answer, '}');
}

static void put_controller(const struct model *model, struct json *answer)
{
	const struct global *global = &model->global;
	char contract[16];

	snprintf(contract, sizeof(contract), "%u.%u", global->contract >> NVLINK_GLOBAL_CONTRACT_MAJOR_SHIFT,
		 global->contract & NVLINK_GLOBAL_CONTRACT_MINOR_MASK);
	json_number(answer, "serial", model->options.serial);
	json_string(answer, "contract", contract);
	json_number(answer, "generation", global->generation);
	json_bool(answer, "removed", model->is_removed);
	json_bool(answer, "enabled", global->is_enabled);
	json_bool(answer, "ready", !global->is_resetting);
	json_bool(answer, "fatal", global->is_fatal);
	json_string(answer, "error", error_name(global->error));
	json_number(answer, "firmware", global->firmware);
	json_bool(answer, "qemu", model->vfio.negotiated);
	json_bool(answer, "bus_master", pci_is_bus_master(&model->pci));
	json_string(answer, "interrupts", irq_mode(&model->irq));
	json_number(answer, "interrupts_sent", model->irq.sent);
	json_bool(answer, "peer", peer_is_there(&model->peer));
}

static void put_dma(const struct model *model, struct json *answer)
{
	const struct dma *dma = &model->vfio.dma;

	json_open(answer, "dma", '{');
	json_number(answer, "stuck", model->engine.stuck);
	json_bool(answer, "hang", model->engine.hangs);
	json_number(answer, "in_flight", dma->in_flight);
	json_number(answer, "read_bytes", dma->read_bytes);
	json_number(answer, "written_bytes", dma->written_bytes);
	json_number(answer, "refused", dma->refused);
	json_close(answer, '}');
}

void command_status(struct model *model, struct json *answer)
{
	put_controller(model, answer);
	json_open(answer, "links", '[');
	for (unsigned int i = 0; i < model->options.links; i++)
		put_link(&model->links[i], answer);
	json_close(answer, ']');
	json_open(answer, "gpus", '[');
	for (unsigned int i = 0; i < model->options.gpus; i++)
		put_gpu(&model->gpus[i], answer);
	json_close(answer, ']');
	json_open(answer, "channels", '[');
	for (unsigned int i = 0; i < model->options.channels; i++)
		put_channel(&model->engine.channels[i], answer);
	json_close(answer, ']');
	put_dma(model, answer);
}
