// SPDX-License-Identifier: Apache-2.0
#include "model.h"

static uint32_t capabilities(const struct link *link)
{
	const struct link_option *option = &link->model->options.link[link->index];

	return link->model->options.lanes << NVLINK_LINK_CAPS_LANES_SHIFT |
	       (uint32_t)option->peer << NVLINK_LINK_CAPS_PEER_SHIFT |
	       (uint32_t)option->index << NVLINK_LINK_CAPS_PEER_INDEX_SHIFT;
}

uint32_t link_read_register(struct link *link, uint32_t offset)
{
	switch (offset) {
	case NVLINK_REG_LINK_CAPS(0):
		return capabilities(link);
	case NVLINK_REG_LINK_MAX_SPEED(0):
		return link->model->options.speed;
	case NVLINK_REG_LINK_SPEED(0):
		return link_speed(link);
	case NVLINK_REG_LINK_STATE(0):
		return link->state;
	case NVLINK_REG_LINK_ERROR(0):
		return link->error;
	case NVLINK_REG_LINK_ATTEMPTS(0):
		return link->attempts;
	case NVLINK_REG_LINK_LIMIT(0):
		return link->limit;
	case NVLINK_REG_LINK_THRESHOLD(0):
		return link->threshold;
	case NVLINK_REG_LINK_TX_LO(0):
		link->tx_latch = (uint32_t)(link->tx_bytes >> 32);
		return (uint32_t)link->tx_bytes;
	case NVLINK_REG_LINK_TX_HI(0):
		return link->tx_latch;
	case NVLINK_REG_LINK_RX_LO(0):
		link->rx_latch = (uint32_t)(link->rx_bytes >> 32);
		return (uint32_t)link->rx_bytes;
	case NVLINK_REG_LINK_RX_HI(0):
		return link->rx_latch;
	case NVLINK_REG_LINK_REPLAY(0):
		return link->errors[LINK_REPLAY];
	case NVLINK_REG_LINK_RECOVERY(0):
		return link->errors[LINK_RECOVERY];
	case NVLINK_REG_LINK_CRC_FLIT(0):
		return link->errors[LINK_CRC_FLIT];
	case NVLINK_REG_LINK_CRC_DATA(0):
		return link->errors[LINK_CRC_DATA];
	case NVLINK_REG_LINK_ECC(0):
		return link->errors[LINK_ECC];
	default:
		return 0;
	}
}

void link_write_register(struct link *link, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case NVLINK_REG_LINK_CONTROL(0):
		link_command(link, value);
		break;
	case NVLINK_REG_LINK_LIMIT(0):
		link->limit = value;
		break;
	case NVLINK_REG_LINK_THRESHOLD(0):
		link->threshold = value;
		break;
	default:
		break;
	}
}
