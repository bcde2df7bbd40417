/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Generated from contract/nvlink-fusion.yaml by `npm run contract`; do not edit. */
#ifndef NVLINK_CONTRACT_H
#define NVLINK_CONTRACT_H

#include <linux/types.h>

#define NVLINK_CONTRACT_MAJOR	1
#define NVLINK_CONTRACT_MINOR	0

/*
 * The emulated controller is a PCI function. 0x1234 is assigned to nobody; QEMU's teaching devices
 * use it too.
 */
#define NVLINK_PCI_VENDOR	0x1234
#define NVLINK_PCI_DEVICE	0x4e46
#define NVLINK_PCI_CLASS	0x068000
/* the register file; MSI-X table at 0xe000 and pending bits at 0xf000 */
#define NVLINK_PCI_BAR0_SIZE	0x10000
/* the lab mailbox, which is no part of the contract: it takes the commands of the control socket */
#define NVLINK_PCI_BAR2_SIZE	0x2000

#define NVLINK_DT_COMPATIBLE	"nvidia,nvlink-fusion"

/* Limits and special numbers. */
#define NVLINK_LINKS_MAX	16	/* links of a controller */
#define NVLINK_GPUS_MAX		16	/* GPUs of a controller */
#define NVLINK_WINDOWS_MAX	8	/* DMA windows of a controller */
#define NVLINK_CHANNELS_MAX	8	/* copy engine channels of a controller */
#define NVLINK_RING_LOG2_MIN	1	/* log2 of the smallest ring */
#define NVLINK_RING_LOG2_MAX	12	/* log2 of the largest ring */
#define NVLINK_CALL_BYTES_MAX	4096	/* request or response of a call to a GPU's host */
/* set in a GPU number: a GPU of the machine behind a host link */
#define NVLINK_REMOTE_GPU	128
#define NVLINK_LINK_ANY		255	/* in a descriptor: the controller chooses the link */
/* times the controller tries SAFE again within one training */
#define NVLINK_TRAINING_RETRIES	7

/* Flags. */
#define NVLINK_DESCRIPTOR_INTERRUPT	0x1	/* in a descriptor's flags */

/* Time-outs, in milliseconds. */
#define NVLINK_TIME_OFF_MS	1	/* time-out of the way to OFF */
#define NVLINK_TIME_SAFE_MS	300	/* time-out of each try of the way to SAFE */
#define NVLINK_TIME_HS_MS	8000	/* time-out of the way to HS */
#define NVLINK_TIME_RESET_MS	1000	/* time-out of a reset of the controller */

/* Link states, with the numbers of NVIDIA's open kernel modules. */
#define NVLINK_STATE_OFF		0	/* no power at the transmitters */
#define NVLINK_STATE_HS			1	/* high speed: trained, data flows */
#define NVLINK_STATE_SAFE		2	/* trained at a low speed that carries no data */
#define NVLINK_STATE_FAULT		3	/* lost while it was up; a reset brings it back */
#define NVLINK_STATE_RECOVERY		4	/* retrains by itself after errors */
#define NVLINK_STATE_FAIL		5	/* training was given up */
/* looks for a partner; stays here while there is none */
#define NVLINK_STATE_DETECT		6
#define NVLINK_STATE_RESET		7	/* is being reset */
#define NVLINK_STATE_INITPHASE1		19	/* training: receivers */
#define NVLINK_STATE_INITNEGOTIATE	20	/* training: capabilities */
#define NVLINK_STATE_INITOPTIMIZE	22	/* training: equalisation */
#define NVLINK_STATE_INITTL		26	/* training: transaction layer */
#define NVLINK_STATE_SLEEP		10	/* low power, keeps its training */
#define NVLINK_STATE_COUNT		27
#define NVLINK_STATE_NAMES { \
	[0] = "OFF", \
	[1] = "HS", \
	[2] = "SAFE", \
	[3] = "FAULT", \
	[4] = "RECOVERY", \
	[5] = "FAIL", \
	[6] = "DETECT", \
	[7] = "RESET", \
	[19] = "INITPHASE1", \
	[20] = "INITNEGOTIATE", \
	[22] = "INITOPTIMIZE", \
	[26] = "INITTL", \
	[10] = "SLEEP", \
}

/* What is written to a link's CONTROL register. */
#define NVLINK_COMMAND_NONE	0	/* nothing */
#define NVLINK_COMMAND_TRAIN	1	/* train up to HS */
#define NVLINK_COMMAND_OFF	2	/* switch off */
#define NVLINK_COMMAND_RESET	3	/* reset, then OFF; clears the error, not the counters */
#define NVLINK_COMMAND_SLEEP	4	/* from HS to SLEEP */
#define NVLINK_COMMAND_WAKE	5	/* from SLEEP to HS */
#define NVLINK_COMMAND_CLEAR	6	/* set the link's counters to zero */
#define NVLINK_COMMAND_COUNT	7
#define NVLINK_COMMAND_NAMES { \
	[0] = "NONE", \
	[1] = "TRAIN", \
	[2] = "OFF", \
	[3] = "RESET", \
	[4] = "SLEEP", \
	[5] = "WAKE", \
	[6] = "CLEAR", \
}

/* What is at the other end of a link. */
#define NVLINK_PEER_NONE	0	/* nothing, ever */
#define NVLINK_PEER_GPU		1	/* a GPU */
#define NVLINK_PEER_HOST	2	/* a link of another machine's controller */
#define NVLINK_PEER_COUNT	3
#define NVLINK_PEER_NAMES { \
	[0] = "NONE", \
	[1] = "GPU", \
	[2] = "HOST", \
}

/*
 * Interrupt causes; the number is the bit in INT_STATUS and INT_ENABLE and the number of the MSI-X
 * vector.
 */
#define NVLINK_CAUSE_LINK	0	/* a link changed its state; EVENTS_LINK tells which */
/* an error counter of a link reached its threshold; EVENTS_ERROR tells which */
#define NVLINK_CAUSE_ERROR	1
#define NVLINK_CAUSE_DMA	2	/* a descriptor that asked for it was completed */
#define NVLINK_CAUSE_FAULT	3	/* an access was refused or the watchdog ended a transfer */
#define NVLINK_CAUSE_DOORBELL	4	/* a GPU rang; EVENTS_DOORBELL tells which */
#define NVLINK_CAUSE_FATAL	5	/* the controller stopped and needs a reset */
#define NVLINK_CAUSE_COUNT	6
#define NVLINK_CAUSE_NAMES { \
	[0] = "LINK", \
	[1] = "ERROR", \
	[2] = "DMA", \
	[3] = "FAULT", \
	[4] = "DOORBELL", \
	[5] = "FATAL", \
}

/* Error codes of links, channels and the controller. */
#define NVLINK_ERROR_NONE		0	/* no error */
/* an opcode, flag or reserved field that is not defined */
#define NVLINK_ERROR_DESCRIPTOR		1
#define NVLINK_ERROR_LENGTH		2	/* zero, too long, or past an end */
#define NVLINK_ERROR_HOST_REFUSED	3	/* the IOMMU refused an access to host memory */
#define NVLINK_ERROR_WINDOW		4	/* a host address outside every open DMA window */
#define NVLINK_ERROR_GPU_ADDRESS	5	/* past the end of a GPU's memory */
#define NVLINK_ERROR_NO_GPU		6	/* there is no such GPU */
#define NVLINK_ERROR_LINK_DOWN		7	/* no link that leads there is up */
#define NVLINK_ERROR_NO_PEER		8	/* the two GPUs are not adjacent */
#define NVLINK_ERROR_ABORTED		9	/* ended by an abort or a reset */
#define NVLINK_ERROR_WATCHDOG		10	/* made no progress for WATCHDOG_MS */
#define NVLINK_ERROR_REMOTE		11	/* the other machine failed or went away */
#define NVLINK_ERROR_CALL		12	/* the GPU's host refused a call */
#define NVLINK_ERROR_CONTROL		13	/* an impossible value was written to a register */
/* training failed more often than it is tried again */
#define NVLINK_ERROR_TRAINING		32
#define NVLINK_ERROR_LOST		33	/* the link was lost while it was up */
#define NVLINK_ERROR_STORM		34	/* too many errors in a second */
#define NVLINK_ERROR_COUNT		35
#define NVLINK_ERROR_NAMES { \
	[0] = "NONE", \
	[1] = "DESCRIPTOR", \
	[2] = "LENGTH", \
	[3] = "HOST_REFUSED", \
	[4] = "WINDOW", \
	[5] = "GPU_ADDRESS", \
	[6] = "NO_GPU", \
	[7] = "LINK_DOWN", \
	[8] = "NO_PEER", \
	[9] = "ABORTED", \
	[10] = "WATCHDOG", \
	[11] = "REMOTE", \
	[12] = "CALL", \
	[13] = "CONTROL", \
	[32] = "TRAINING", \
	[33] = "LOST", \
	[34] = "STORM", \
}

/* What a descriptor asks for. */
#define NVLINK_OPCODE_NOP	0	/* nothing; completes in order */
#define NVLINK_OPCODE_READ	1	/* read host memory into a GPU's memory */
#define NVLINK_OPCODE_WRITE	2	/* write a GPU's memory to host memory */
#define NVLINK_OPCODE_FILL	3	/* fill a GPU's memory with the 64-bit pattern */
#define NVLINK_OPCODE_PEER	4	/* copy from a GPU's memory to an adjacent GPU's */
#define NVLINK_OPCODE_HOST	5	/* copy host memory to host memory */
/* run a command on a GPU's host: request at source, response to destination, its room in pattern */
#define NVLINK_OPCODE_CALL	6
#define NVLINK_OPCODE_COUNT	7
#define NVLINK_OPCODE_NAMES { \
	[0] = "NOP", \
	[1] = "READ", \
	[2] = "WRITE", \
	[3] = "FILL", \
	[4] = "PEER", \
	[5] = "HOST", \
	[6] = "CALL", \
}

/* Commands of the bridge, which a GPU's host carries out. */
/* who the GPU is: result 0 is its memory in bytes, result 1 its identity */
#define NVLINK_CALL_INFO	0
/* CRC-32 (IEEE 802.3) of arguments 1 bytes at argument 0: result 0 */
#define NVLINK_CALL_CHECKSUM	1
/*
 * arguments 3 32-bit words: those at argument 1 plus those at argument 2 to argument 0, modulo 2^32
 */
#define NVLINK_CALL_ADD		2
#define NVLINK_CALL_COUNT	3
#define NVLINK_CALL_NAMES { \
	[0] = "INFO", \
	[1] = "CHECKSUM", \
	[2] = "ADD", \
}

/* What firmware has done, in FIRMWARE. */
/* no firmware has touched the controller since its reset */
#define NVLINK_FIRMWARE_NONE		0
#define NVLINK_FIRMWARE_STARTED		1	/* firmware is at work */
#define NVLINK_FIRMWARE_READY		2	/* handed over, links trained */
#define NVLINK_FIRMWARE_DEGRADED	3	/* handed over, with links that did not come up */
#define NVLINK_FIRMWARE_COUNT		4
#define NVLINK_FIRMWARE_NAMES { \
	[0] = "NONE", \
	[1] = "STARTED", \
	[2] = "READY", \
	[3] = "DEGRADED", \
}

/* The controller as a whole. */

/* ro: 'NVLF'; all ones where there is nothing */
#define NVLINK_REG_GLOBAL_ID	0x0000
#define NVLINK_GLOBAL_ID_RESET	0x4e564c46

/* ro: version of the contract */
#define NVLINK_REG_GLOBAL_CONTRACT		0x0004
#define NVLINK_GLOBAL_CONTRACT_RESET		0x00010000
#define NVLINK_GLOBAL_CONTRACT_MINOR_MASK	0x0000ffff	/* minor number */
#define NVLINK_GLOBAL_CONTRACT_MINOR_SHIFT	0
#define NVLINK_GLOBAL_CONTRACT_MAJOR_MASK	0xffff0000	/* major number */
#define NVLINK_GLOBAL_CONTRACT_MAJOR_SHIFT	16

/* ro: what there is */
#define NVLINK_REG_GLOBAL_CAPS			0x0008
#define NVLINK_GLOBAL_CAPS_LINKS_MASK		0x000000ff	/* links */
#define NVLINK_GLOBAL_CAPS_LINKS_SHIFT		0
#define NVLINK_GLOBAL_CAPS_GPUS_MASK		0x0000ff00	/* GPUs */
#define NVLINK_GLOBAL_CAPS_GPUS_SHIFT		8
#define NVLINK_GLOBAL_CAPS_WINDOWS_MASK		0x000f0000	/* DMA windows */
#define NVLINK_GLOBAL_CAPS_WINDOWS_SHIFT	16
#define NVLINK_GLOBAL_CAPS_CHANNELS_MASK	0x00f00000	/* copy engine channels */
#define NVLINK_GLOBAL_CAPS_CHANNELS_SHIFT	20
#define NVLINK_GLOBAL_CAPS_COHERENT_MASK	0x01000000	/* accesses are coherent */
#define NVLINK_GLOBAL_CAPS_COHERENT_SHIFT	24
/* adjacent GPUs copy to each other directly */
#define NVLINK_GLOBAL_CAPS_PEER_MASK		0x02000000
#define NVLINK_GLOBAL_CAPS_PEER_SHIFT		25
#define NVLINK_GLOBAL_CAPS_CALL_MASK		0x04000000	/* calls reach a GPU's host */
#define NVLINK_GLOBAL_CAPS_CALL_SHIFT		26

/* rw: switches of the controller */
#define NVLINK_REG_GLOBAL_CONTROL		0x000c
/*
 * channels may run and links may be trained; 0: what is trained stays so, transfers make no
 * progress
 */
#define NVLINK_GLOBAL_CONTROL_ENABLE_MASK	0x00000001
#define NVLINK_GLOBAL_CONTROL_ENABLE_SHIFT	0
/*
 * write 1: everything back to its reset value, links OFF, transfers aborted; reads as 1 until it is
 * done, and until then writes are ignored
 */
#define NVLINK_GLOBAL_CONTROL_RESET_MASK	0x00000002
#define NVLINK_GLOBAL_CONTROL_RESET_SHIFT	1

/* ro: state of the controller */
#define NVLINK_REG_GLOBAL_STATUS		0x0010
#define NVLINK_GLOBAL_STATUS_RESET		0x00000001
#define NVLINK_GLOBAL_STATUS_READY_MASK		0x00000001	/* no reset is going on */
#define NVLINK_GLOBAL_STATUS_READY_SHIFT	0
#define NVLINK_GLOBAL_STATUS_FATAL_MASK		0x00000002	/* stopped; only a reset helps */
#define NVLINK_GLOBAL_STATUS_FATAL_SHIFT	1

/* ro: the newest error of the controller */
#define NVLINK_REG_GLOBAL_ERROR	0x0014

/* w1c: causes that occurred; INTx is asserted while an enabled one is set */
#define NVLINK_REG_GLOBAL_INT_STATUS	0x0018

/*
 * rw: causes that interrupt; a message is sent each time an enabled cause occurs. A value with an
 * undefined bit is refused, error CONTROL
 */
#define NVLINK_REG_GLOBAL_INT_ENABLE	0x001c

/*
 * wo: a cause whose bit is written occurs; a value with an undefined bit is refused, error CONTROL
 */
#define NVLINK_REG_GLOBAL_INT_TEST	0x0020

/* w1c: links whose state changed */
#define NVLINK_REG_GLOBAL_EVENTS_LINK	0x0024

/* w1c: links whose error counters reached the threshold */
#define NVLINK_REG_GLOBAL_EVENTS_ERROR	0x0028

/* w1c: GPUs that rang */
#define NVLINK_REG_GLOBAL_EVENTS_DOORBELL	0x002c

/* ro: resets since power-on */
#define NVLINK_REG_GLOBAL_GENERATION	0x0030

/* rw: milliseconds without progress after which a transfer is ended; 0: never; at most 60000 */
#define NVLINK_REG_GLOBAL_WATCHDOG_MS	0x0034
#define NVLINK_GLOBAL_WATCHDOG_MS_RESET	0x000003e8

/* rw: written by firmware before the hand-over */
#define NVLINK_REG_GLOBAL_FIRMWARE		0x0038
#define NVLINK_GLOBAL_FIRMWARE_STATE_MASK	0x000000ff	/* how far it came */
#define NVLINK_GLOBAL_FIRMWARE_STATE_SHIFT	0
/* minor number that firmware was written for */
#define NVLINK_GLOBAL_FIRMWARE_MINOR_MASK	0x0000ff00
#define NVLINK_GLOBAL_FIRMWARE_MINOR_SHIFT	8
/* major number that firmware was written for */
#define NVLINK_GLOBAL_FIRMWARE_MAJOR_MASK	0x00ff0000
#define NVLINK_GLOBAL_FIRMWARE_MAJOR_SHIFT	16

/* rw: holds what is written */
#define NVLINK_REG_GLOBAL_SCRATCH	0x003c

/* ro: number of this controller, low half */
#define NVLINK_REG_GLOBAL_SERIAL_LO	0x0040

/* ro: number of this controller, high half */
#define NVLINK_REG_GLOBAL_SERIAL_HI	0x0044

/* A link. */
#define NVLINK_BLOCK_LINK		0x1000
#define NVLINK_BLOCK_LINK_STRIDE	0x100

/* ro: what the link is */
#define NVLINK_REG_LINK_CAPS(n)			(0x1000 + (n) * 0x100)
#define NVLINK_LINK_CAPS_LANES_MASK		0x000000ff		/* lanes */
#define NVLINK_LINK_CAPS_LANES_SHIFT		0
/* what is at the other end */
#define NVLINK_LINK_CAPS_PEER_MASK		0x00000f00
#define NVLINK_LINK_CAPS_PEER_SHIFT		8
/* number of that GPU or host */
#define NVLINK_LINK_CAPS_PEER_INDEX_MASK	0x00ff0000
#define NVLINK_LINK_CAPS_PEER_INDEX_SHIFT	16

/* ro: fastest speed each way, MB/s (10^6 bytes) */
#define NVLINK_REG_LINK_MAX_SPEED(n)	(0x1004 + (n) * 0x100)

/* ro: speed each way now, MB/s; 0 where it carries no data */
#define NVLINK_REG_LINK_SPEED(n)	(0x1008 + (n) * 0x100)

/* wo: takes a command */
#define NVLINK_REG_LINK_CONTROL(n)	(0x100c + (n) * 0x100)

/* ro: state now */
#define NVLINK_REG_LINK_STATE(n)	(0x1010 + (n) * 0x100)

/* ro: why it is in FAIL or FAULT */
#define NVLINK_REG_LINK_ERROR(n)	(0x1014 + (n) * 0x100)

/* ro: trainings since power-on, those within one training included */
#define NVLINK_REG_LINK_ATTEMPTS(n)	(0x1018 + (n) * 0x100)

/* rw: speed limit, MB/s; 0: none */
#define NVLINK_REG_LINK_LIMIT(n)	(0x101c + (n) * 0x100)

/* rw: errors of all kinds until the cause ERROR occurs, and again; 0: never */
#define NVLINK_REG_LINK_THRESHOLD(n)	(0x1020 + (n) * 0x100)
#define NVLINK_LINK_THRESHOLD_RESET	0x00000010

/* ro: bytes sent, low half; reading it keeps the high half for the next read */
#define NVLINK_REG_LINK_TX_LO(n)	(0x1024 + (n) * 0x100)

/* ro: bytes sent, high half */
#define NVLINK_REG_LINK_TX_HI(n)	(0x1028 + (n) * 0x100)

/* ro: bytes received, low half; reading it keeps the high half for the next read */
#define NVLINK_REG_LINK_RX_LO(n)	(0x102c + (n) * 0x100)

/* ro: bytes received, high half */
#define NVLINK_REG_LINK_RX_HI(n)	(0x1030 + (n) * 0x100)

/* ro: packets sent again */
#define NVLINK_REG_LINK_REPLAY(n)	(0x1034 + (n) * 0x100)

/* ro: times the link retrained by itself */
#define NVLINK_REG_LINK_RECOVERY(n)	(0x1038 + (n) * 0x100)

/* ro: flow control units with a wrong checksum */
#define NVLINK_REG_LINK_CRC_FLIT(n)	(0x103c + (n) * 0x100)

/* ro: data packets with a wrong checksum */
#define NVLINK_REG_LINK_CRC_DATA(n)	(0x1040 + (n) * 0x100)

/* ro: errors that the code corrected */
#define NVLINK_REG_LINK_ECC(n)	(0x1044 + (n) * 0x100)

/* A GPU behind the links. */
#define NVLINK_BLOCK_GPU	0x2000
#define NVLINK_BLOCK_GPU_STRIDE	0x40

/* ro: bytes of memory, low half */
#define NVLINK_REG_GPU_MEMORY_LO(n)	(0x2000 + (n) * 0x40)

/* ro: bytes of memory, high half */
#define NVLINK_REG_GPU_MEMORY_HI(n)	(0x2004 + (n) * 0x40)

/* ro: number of this GPU, low half */
#define NVLINK_REG_GPU_IDENTITY_LO(n)	(0x2008 + (n) * 0x40)

/* ro: number of this GPU, high half */
#define NVLINK_REG_GPU_IDENTITY_HI(n)	(0x200c + (n) * 0x40)

/* ro: bits of the links that lead to it */
#define NVLINK_REG_GPU_LINKS(n)	(0x2010 + (n) * 0x40)

/* ro: four bits for each of the GPUs 0 to 7: direct links to it */
#define NVLINK_REG_GPU_ADJACENT_LO(n)	(0x2014 + (n) * 0x40)

/* ro: the same for the GPUs 8 to 15 */
#define NVLINK_REG_GPU_ADJACENT_HI(n)	(0x2018 + (n) * 0x40)

/* wo: a value is handed to the GPU, which rings back with it */
#define NVLINK_REG_GPU_DOORBELL(n)	(0x201c + (n) * 0x40)

/* ro: the value with which it rang last */
#define NVLINK_REG_GPU_ANSWER(n)	(0x2020 + (n) * 0x40)

/*
 * A range of bus addresses that the controller may use; an address in no open window is refused
 * before the IOMMU sees it.
 */
#define NVLINK_BLOCK_WINDOW		0x3000
#define NVLINK_BLOCK_WINDOW_STRIDE	0x20

/* rw: first bus address, low half; a multiple of 4096 */
#define NVLINK_REG_WINDOW_BASE_LO(n)	(0x3000 + (n) * 0x20)

/* rw: first bus address, high half */
#define NVLINK_REG_WINDOW_BASE_HI(n)	(0x3004 + (n) * 0x20)

/* rw: bytes, low half; a multiple of 4096 */
#define NVLINK_REG_WINDOW_SIZE_LO(n)	(0x3008 + (n) * 0x20)

/* rw: bytes, high half */
#define NVLINK_REG_WINDOW_SIZE_HI(n)	(0x300c + (n) * 0x20)

/* rw: what is let through */
#define NVLINK_REG_WINDOW_CONTROL(n)		(0x3010 + (n) * 0x20)
#define NVLINK_WINDOW_CONTROL_READ_MASK		0x00000001		/* reads of host memory */
#define NVLINK_WINDOW_CONTROL_READ_SHIFT	0
#define NVLINK_WINDOW_CONTROL_WRITE_MASK	0x00000002		/* writes to host memory */
#define NVLINK_WINDOW_CONTROL_WRITE_SHIFT	1

/* A copy engine channel, with a ring of descriptors and one of completions in host memory. */
#define NVLINK_BLOCK_CHANNEL		0x4000
#define NVLINK_BLOCK_CHANNEL_STRIDE	0x40

/* rw: bus address of the descriptors, low half; a multiple of 4096 */
#define NVLINK_REG_CHANNEL_RING_LO(n)	(0x4000 + (n) * 0x40)

/* rw: bus address of the descriptors, high half */
#define NVLINK_REG_CHANNEL_RING_HI(n)	(0x4004 + (n) * 0x40)

/* rw: bus address of the completions, low half; a multiple of 4096 */
#define NVLINK_REG_CHANNEL_DONE_LO(n)	(0x4008 + (n) * 0x40)

/* rw: bus address of the completions, high half */
#define NVLINK_REG_CHANNEL_DONE_HI(n)	(0x400c + (n) * 0x40)

/* rw: log2 of the entries of both rings */
#define NVLINK_REG_CHANNEL_LOG2(n)	(0x4010 + (n) * 0x40)

/* rw: switches of the channel */
#define NVLINK_REG_CHANNEL_CONTROL(n)		(0x4014 + (n) * 0x40)
/* 0 to 1: takes the ring's addresses, HEAD and TAIL are 0; 1 to 0: what runs is aborted */
#define NVLINK_CHANNEL_CONTROL_ENABLE_MASK	0x00000001
#define NVLINK_CHANNEL_CONTROL_ENABLE_SHIFT	0

/* ro: state of the channel */
#define NVLINK_REG_CHANNEL_STATUS(n)		(0x4018 + (n) * 0x40)
#define NVLINK_CHANNEL_STATUS_BUSY_MASK		0x00000001		/* HEAD is not TAIL */
#define NVLINK_CHANNEL_STATUS_BUSY_SHIFT	0
/*
 * the rings are impossible, outside the windows, or cannot be read or written, TAIL went back or
 * too far, a transfer cannot be ended, or the cause FATAL occurred; disable and enable it again
 */
#define NVLINK_CHANNEL_STATUS_HALTED_MASK	0x00000002
#define NVLINK_CHANNEL_STATUS_HALTED_SHIFT	1

/* ro: descriptors taken since it was enabled */
#define NVLINK_REG_CHANNEL_HEAD(n)	(0x401c + (n) * 0x40)

/*
 * rw: descriptors written since it was enabled; writing it starts the channel. Ignored where the
 * channel is disabled or halted
 */
#define NVLINK_REG_CHANNEL_TAIL(n)	(0x4020 + (n) * 0x40)

/* ro: newest error */
#define NVLINK_REG_CHANNEL_ERROR(n)	(0x4024 + (n) * 0x40)

/* ro: host or GPU address of the newest error, low half */
#define NVLINK_REG_CHANNEL_ADDRESS_LO(n)	(0x4028 + (n) * 0x40)

/* ro: host or GPU address of the newest error, high half */
#define NVLINK_REG_CHANNEL_ADDRESS_HI(n)	(0x402c + (n) * 0x40)

/**
 * struct nvlink_descriptor - Entry n mod 2^LOG2 of a ring; little endian.
 * @opcode: see opcodes
 * @flags: bit 0: occur the cause DMA when done
 * @source_gpu: READ, FILL, HOST: 0
 * @destination_gpu: WRITE, HOST: 0; CALL: the GPU
 * @link: the link to use, or LINK_ANY
 * @reserved: 0
 * @cookie: given back in the completion
 * @source: bus address, or offset in the GPU's memory
 * @destination: bus address, or offset in the GPU's memory
 * @length: bytes, 1 to 2^32
 * @pattern: FILL: what to fill with, beginning at the first byte; CALL: room for the response
 * @reserved2: 0
 */
struct nvlink_descriptor {
	__u8 opcode;
	__u8 flags;
	__u8 source_gpu;
	__u8 destination_gpu;
	__u8 link;
	__u8 reserved[3];
	__le64 cookie;
	__le64 source;
	__le64 destination;
	__le64 length;
	__le64 pattern;
	__le64 reserved2[2];
};

/**
 * struct nvlink_completion - Entry n mod 2^LOG2 of the completions; written whole before the
 *   cause DMA occurs. `sequence` is written as n + 1, so a reader sees what is new.
 * @cookie: of the descriptor
 * @bytes: bytes moved, or length of the response
 * @nanoseconds: time that the engine took
 * @error: see error codes
 * @sequence: n + 1, modulo 2^32
 */
struct nvlink_completion {
	__le64 cookie;
	__le64 bytes;
	__le64 nanoseconds;
	__le32 error;
	__le32 sequence;
};

/**
 * struct nvlink_call - Request of a call.
 * @command: see calls
 * @reserved: 0
 * @argument: of the command; addresses are offsets in the GPU's memory
 */
struct nvlink_call {
	__le32 command;
	__le32 reserved;
	__le64 argument[7];
};

/**
 * struct nvlink_answer - Response of a call.
 * @error: see error codes
 * @reserved: 0
 * @result: of the command
 */
struct nvlink_answer {
	__le32 error;
	__le32 reserved;
	__le64 result[3];
};

#endif /* NVLINK_CONTRACT_H */
