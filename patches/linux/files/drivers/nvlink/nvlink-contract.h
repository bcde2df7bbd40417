/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Generated from contract/nvlink-fusion.yaml; do not edit. */
#ifndef NVLINK_CONTRACT_H
#define NVLINK_CONTRACT_H

#include <linux/types.h>

#define NVLINK_CONTRACT_MAJOR 1
#define NVLINK_CONTRACT_MINOR 0
#define NVLINK_PCI_VENDOR 0x1234
#define NVLINK_PCI_DEVICE 0x4e46
#define NVLINK_PCI_CLASS 0x068000
#define NVLINK_PCI_BAR0_SIZE 0x10000
#define NVLINK_PCI_BAR2_SIZE 0x2000

#define NVLINK_DT_COMPATIBLE "nvidia,nvlink-fusion"
#define NVLINK_LINKS_MAX 16
#define NVLINK_GPUS_MAX 16
#define NVLINK_WINDOWS_MAX 8
#define NVLINK_CHANNELS_MAX 8
#define NVLINK_RING_LOG2_MIN 1
#define NVLINK_RING_LOG2_MAX 12
#define NVLINK_CALL_BYTES_MAX 4096
#define NVLINK_REMOTE_GPU 128
#define NVLINK_LINK_ANY 255
#define NVLINK_TRAINING_RETRIES 7
#define NVLINK_DESCRIPTOR_INTERRUPT 0x1
#define NVLINK_TIME_OFF_MS 1
#define NVLINK_TIME_SAFE_MS 300
#define NVLINK_TIME_HS_MS 8000
#define NVLINK_TIME_RESET_MS 1000

/* Link states, with the numbers of NVIDIA's open kernel modules. */
#define NVLINK_STATE_OFF 0
#define NVLINK_STATE_HS 1
#define NVLINK_STATE_SAFE 2
#define NVLINK_STATE_FAULT 3
#define NVLINK_STATE_RECOVERY 4
#define NVLINK_STATE_FAIL 5
#define NVLINK_STATE_DETECT 6
#define NVLINK_STATE_RESET 7
#define NVLINK_STATE_INITPHASE1 19
#define NVLINK_STATE_INITNEGOTIATE 20
#define NVLINK_STATE_INITOPTIMIZE 22
#define NVLINK_STATE_INITTL 26
#define NVLINK_STATE_SLEEP 10
#define NVLINK_STATE_COUNT 27
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
#define NVLINK_COMMAND_NONE 0
#define NVLINK_COMMAND_TRAIN 1
#define NVLINK_COMMAND_OFF 2
#define NVLINK_COMMAND_RESET 3
#define NVLINK_COMMAND_SLEEP 4
#define NVLINK_COMMAND_WAKE 5
#define NVLINK_COMMAND_CLEAR 6
#define NVLINK_COMMAND_COUNT 7
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
#define NVLINK_PEER_NONE 0
#define NVLINK_PEER_GPU 1
#define NVLINK_PEER_HOST 2
#define NVLINK_PEER_COUNT 3
#define NVLINK_PEER_NAMES { \
	[0] = "NONE", \
	[1] = "GPU", \
	[2] = "HOST", \
}

/* Interrupt causes; the number is the bit in INT_STATUS and INT_ENABLE and the number of the MSI-X vector. */
#define NVLINK_CAUSE_LINK 0
#define NVLINK_CAUSE_ERROR 1
#define NVLINK_CAUSE_DMA 2
#define NVLINK_CAUSE_FAULT 3
#define NVLINK_CAUSE_DOORBELL 4
#define NVLINK_CAUSE_FATAL 5
#define NVLINK_CAUSE_COUNT 6
#define NVLINK_CAUSE_NAMES { \
	[0] = "LINK", \
	[1] = "ERROR", \
	[2] = "DMA", \
	[3] = "FAULT", \
	[4] = "DOORBELL", \
	[5] = "FATAL", \
}

/* Error codes of links, channels and the controller. */
#define NVLINK_ERROR_NONE 0
#define NVLINK_ERROR_DESCRIPTOR 1
#define NVLINK_ERROR_LENGTH 2
#define NVLINK_ERROR_HOST_REFUSED 3
#define NVLINK_ERROR_WINDOW 4
#define NVLINK_ERROR_GPU_ADDRESS 5
#define NVLINK_ERROR_NO_GPU 6
#define NVLINK_ERROR_LINK_DOWN 7
#define NVLINK_ERROR_NO_PEER 8
#define NVLINK_ERROR_ABORTED 9
#define NVLINK_ERROR_WATCHDOG 10
#define NVLINK_ERROR_REMOTE 11
#define NVLINK_ERROR_CALL 12
#define NVLINK_ERROR_CONTROL 13
#define NVLINK_ERROR_TRAINING 32
#define NVLINK_ERROR_LOST 33
#define NVLINK_ERROR_STORM 34
#define NVLINK_ERROR_COUNT 35
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
#define NVLINK_OPCODE_NOP 0
#define NVLINK_OPCODE_READ 1
#define NVLINK_OPCODE_WRITE 2
#define NVLINK_OPCODE_FILL 3
#define NVLINK_OPCODE_PEER 4
#define NVLINK_OPCODE_HOST 5
#define NVLINK_OPCODE_CALL 6
#define NVLINK_OPCODE_COUNT 7
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
#define NVLINK_CALL_INFO 0
#define NVLINK_CALL_CHECKSUM 1
#define NVLINK_CALL_ADD 2
#define NVLINK_CALL_COUNT 3
#define NVLINK_CALL_NAMES { \
	[0] = "INFO", \
	[1] = "CHECKSUM", \
	[2] = "ADD", \
}

/* What firmware has done, in FIRMWARE. */
#define NVLINK_FIRMWARE_NONE 0
#define NVLINK_FIRMWARE_STARTED 1
#define NVLINK_FIRMWARE_READY 2
#define NVLINK_FIRMWARE_DEGRADED 3
#define NVLINK_FIRMWARE_COUNT 4
#define NVLINK_FIRMWARE_NAMES { \
	[0] = "NONE", \
	[1] = "STARTED", \
	[2] = "READY", \
	[3] = "DEGRADED", \
}

/* The controller as a whole. */
#define NVLINK_REG_GLOBAL_ID 0x0000
#define NVLINK_GLOBAL_ID_RESET 0x4e564c46
#define NVLINK_REG_GLOBAL_CONTRACT 0x0004
#define NVLINK_GLOBAL_CONTRACT_RESET 0x00010000
#define NVLINK_GLOBAL_CONTRACT_MINOR_MASK 0x0000ffff
#define NVLINK_GLOBAL_CONTRACT_MINOR_SHIFT 0
#define NVLINK_GLOBAL_CONTRACT_MAJOR_MASK 0xffff0000
#define NVLINK_GLOBAL_CONTRACT_MAJOR_SHIFT 16
#define NVLINK_REG_GLOBAL_CAPS 0x0008
#define NVLINK_GLOBAL_CAPS_LINKS_MASK 0x000000ff
#define NVLINK_GLOBAL_CAPS_LINKS_SHIFT 0
#define NVLINK_GLOBAL_CAPS_GPUS_MASK 0x0000ff00
#define NVLINK_GLOBAL_CAPS_GPUS_SHIFT 8
#define NVLINK_GLOBAL_CAPS_WINDOWS_MASK 0x000f0000
#define NVLINK_GLOBAL_CAPS_WINDOWS_SHIFT 16
#define NVLINK_GLOBAL_CAPS_CHANNELS_MASK 0x00f00000
#define NVLINK_GLOBAL_CAPS_CHANNELS_SHIFT 20
#define NVLINK_GLOBAL_CAPS_COHERENT_MASK 0x01000000
#define NVLINK_GLOBAL_CAPS_COHERENT_SHIFT 24
#define NVLINK_GLOBAL_CAPS_PEER_MASK 0x02000000
#define NVLINK_GLOBAL_CAPS_PEER_SHIFT 25
#define NVLINK_GLOBAL_CAPS_CALL_MASK 0x04000000
#define NVLINK_GLOBAL_CAPS_CALL_SHIFT 26
#define NVLINK_REG_GLOBAL_CONTROL 0x000c
#define NVLINK_GLOBAL_CONTROL_ENABLE_MASK 0x00000001
#define NVLINK_GLOBAL_CONTROL_ENABLE_SHIFT 0
#define NVLINK_GLOBAL_CONTROL_RESET_MASK 0x00000002
#define NVLINK_GLOBAL_CONTROL_RESET_SHIFT 1
#define NVLINK_REG_GLOBAL_STATUS 0x0010
#define NVLINK_GLOBAL_STATUS_RESET 0x00000001
#define NVLINK_GLOBAL_STATUS_READY_MASK 0x00000001
#define NVLINK_GLOBAL_STATUS_READY_SHIFT 0
#define NVLINK_GLOBAL_STATUS_FATAL_MASK 0x00000002
#define NVLINK_GLOBAL_STATUS_FATAL_SHIFT 1
#define NVLINK_REG_GLOBAL_ERROR 0x0014
#define NVLINK_REG_GLOBAL_INT_STATUS 0x0018
#define NVLINK_REG_GLOBAL_INT_ENABLE 0x001c
#define NVLINK_REG_GLOBAL_INT_TEST 0x0020
#define NVLINK_REG_GLOBAL_EVENTS_LINK 0x0024
#define NVLINK_REG_GLOBAL_EVENTS_ERROR 0x0028
#define NVLINK_REG_GLOBAL_EVENTS_DOORBELL 0x002c
#define NVLINK_REG_GLOBAL_GENERATION 0x0030
#define NVLINK_REG_GLOBAL_WATCHDOG_MS 0x0034
#define NVLINK_GLOBAL_WATCHDOG_MS_RESET 0x000003e8
#define NVLINK_REG_GLOBAL_FIRMWARE 0x0038
#define NVLINK_GLOBAL_FIRMWARE_STATE_MASK 0x000000ff
#define NVLINK_GLOBAL_FIRMWARE_STATE_SHIFT 0
#define NVLINK_GLOBAL_FIRMWARE_MINOR_MASK 0x0000ff00
#define NVLINK_GLOBAL_FIRMWARE_MINOR_SHIFT 8
#define NVLINK_GLOBAL_FIRMWARE_MAJOR_MASK 0x00ff0000
#define NVLINK_GLOBAL_FIRMWARE_MAJOR_SHIFT 16
#define NVLINK_REG_GLOBAL_SCRATCH 0x003c
#define NVLINK_REG_GLOBAL_SERIAL_LO 0x0040
#define NVLINK_REG_GLOBAL_SERIAL_HI 0x0044

/* A link. */
#define NVLINK_REG_LINK_CAPS(n) (0x1000 + (n) * 0x100)
#define NVLINK_LINK_CAPS_LANES_MASK 0x000000ff
#define NVLINK_LINK_CAPS_LANES_SHIFT 0
#define NVLINK_LINK_CAPS_PEER_MASK 0x00000f00
#define NVLINK_LINK_CAPS_PEER_SHIFT 8
#define NVLINK_LINK_CAPS_PEER_INDEX_MASK 0x00ff0000
#define NVLINK_LINK_CAPS_PEER_INDEX_SHIFT 16
#define NVLINK_REG_LINK_MAX_SPEED(n) (0x1004 + (n) * 0x100)
#define NVLINK_REG_LINK_SPEED(n) (0x1008 + (n) * 0x100)
#define NVLINK_REG_LINK_CONTROL(n) (0x100c + (n) * 0x100)
#define NVLINK_REG_LINK_STATE(n) (0x1010 + (n) * 0x100)
#define NVLINK_REG_LINK_ERROR(n) (0x1014 + (n) * 0x100)
#define NVLINK_REG_LINK_ATTEMPTS(n) (0x1018 + (n) * 0x100)
#define NVLINK_REG_LINK_LIMIT(n) (0x101c + (n) * 0x100)
#define NVLINK_REG_LINK_THRESHOLD(n) (0x1020 + (n) * 0x100)
#define NVLINK_LINK_THRESHOLD_RESET 0x00000010
#define NVLINK_REG_LINK_TX_LO(n) (0x1024 + (n) * 0x100)
#define NVLINK_REG_LINK_TX_HI(n) (0x1028 + (n) * 0x100)
#define NVLINK_REG_LINK_RX_LO(n) (0x102c + (n) * 0x100)
#define NVLINK_REG_LINK_RX_HI(n) (0x1030 + (n) * 0x100)
#define NVLINK_REG_LINK_REPLAY(n) (0x1034 + (n) * 0x100)
#define NVLINK_REG_LINK_RECOVERY(n) (0x1038 + (n) * 0x100)
#define NVLINK_REG_LINK_CRC_FLIT(n) (0x103c + (n) * 0x100)
#define NVLINK_REG_LINK_CRC_DATA(n) (0x1040 + (n) * 0x100)
#define NVLINK_REG_LINK_ECC(n) (0x1044 + (n) * 0x100)
#define NVLINK_BLOCK_LINK 0x1000
#define NVLINK_BLOCK_LINK_STRIDE 0x100

/* A GPU behind the links. */
#define NVLINK_REG_GPU_MEMORY_LO(n) (0x2000 + (n) * 0x40)
#define NVLINK_REG_GPU_MEMORY_HI(n) (0x2004 + (n) * 0x40)
#define NVLINK_REG_GPU_IDENTITY_LO(n) (0x2008 + (n) * 0x40)
#define NVLINK_REG_GPU_IDENTITY_HI(n) (0x200c + (n) * 0x40)
#define NVLINK_REG_GPU_LINKS(n) (0x2010 + (n) * 0x40)
#define NVLINK_REG_GPU_ADJACENT_LO(n) (0x2014 + (n) * 0x40)
#define NVLINK_REG_GPU_ADJACENT_HI(n) (0x2018 + (n) * 0x40)
#define NVLINK_REG_GPU_DOORBELL(n) (0x201c + (n) * 0x40)
#define NVLINK_REG_GPU_ANSWER(n) (0x2020 + (n) * 0x40)
#define NVLINK_BLOCK_GPU 0x2000
#define NVLINK_BLOCK_GPU_STRIDE 0x40

/* A range of bus addresses that the controller may use; an address in no open window is refused before the IOMMU sees it. */
#define NVLINK_REG_WINDOW_BASE_LO(n) (0x3000 + (n) * 0x20)
#define NVLINK_REG_WINDOW_BASE_HI(n) (0x3004 + (n) * 0x20)
#define NVLINK_REG_WINDOW_SIZE_LO(n) (0x3008 + (n) * 0x20)
#define NVLINK_REG_WINDOW_SIZE_HI(n) (0x300c + (n) * 0x20)
#define NVLINK_REG_WINDOW_CONTROL(n) (0x3010 + (n) * 0x20)
#define NVLINK_WINDOW_CONTROL_READ_MASK 0x00000001
#define NVLINK_WINDOW_CONTROL_READ_SHIFT 0
#define NVLINK_WINDOW_CONTROL_WRITE_MASK 0x00000002
#define NVLINK_WINDOW_CONTROL_WRITE_SHIFT 1
#define NVLINK_BLOCK_WINDOW 0x3000
#define NVLINK_BLOCK_WINDOW_STRIDE 0x20

/* A copy engine channel, with a ring of descriptors and one of completions in host memory. */
#define NVLINK_REG_CHANNEL_RING_LO(n) (0x4000 + (n) * 0x40)
#define NVLINK_REG_CHANNEL_RING_HI(n) (0x4004 + (n) * 0x40)
#define NVLINK_REG_CHANNEL_DONE_LO(n) (0x4008 + (n) * 0x40)
#define NVLINK_REG_CHANNEL_DONE_HI(n) (0x400c + (n) * 0x40)
#define NVLINK_REG_CHANNEL_LOG2(n) (0x4010 + (n) * 0x40)
#define NVLINK_REG_CHANNEL_CONTROL(n) (0x4014 + (n) * 0x40)
#define NVLINK_CHANNEL_CONTROL_ENABLE_MASK 0x00000001
#define NVLINK_CHANNEL_CONTROL_ENABLE_SHIFT 0
#define NVLINK_REG_CHANNEL_STATUS(n) (0x4018 + (n) * 0x40)
#define NVLINK_CHANNEL_STATUS_BUSY_MASK 0x00000001
#define NVLINK_CHANNEL_STATUS_BUSY_SHIFT 0
#define NVLINK_CHANNEL_STATUS_HALTED_MASK 0x00000002
#define NVLINK_CHANNEL_STATUS_HALTED_SHIFT 1
#define NVLINK_REG_CHANNEL_HEAD(n) (0x401c + (n) * 0x40)
#define NVLINK_REG_CHANNEL_TAIL(n) (0x4020 + (n) * 0x40)
#define NVLINK_REG_CHANNEL_ERROR(n) (0x4024 + (n) * 0x40)
#define NVLINK_REG_CHANNEL_ADDRESS_LO(n) (0x4028 + (n) * 0x40)
#define NVLINK_REG_CHANNEL_ADDRESS_HI(n) (0x402c + (n) * 0x40)
#define NVLINK_BLOCK_CHANNEL 0x4000
#define NVLINK_BLOCK_CHANNEL_STRIDE 0x40

/* Entry n mod 2^LOG2 of a ring; little endian. */
struct nvlink_descriptor {
	__u8 opcode; /* see opcodes */
	__u8 flags; /* bit 0: occur the cause DMA when done */
	__u8 source_gpu; /* READ, FILL, HOST: 0 */
	__u8 destination_gpu; /* WRITE, HOST: 0; CALL: the GPU */
	__u8 link; /* the link to use, or LINK_ANY */
	__u8 reserved[3]; /* 0 */
	__le64 cookie; /* given back in the completion */
	__le64 source; /* bus address, or offset in the GPU's memory */
	__le64 destination; /* bus address, or offset in the GPU's memory */
	__le64 length; /* bytes, 1 to 2^32 */
	__le64 pattern; /* FILL: what to fill with, beginning at the first byte; CALL: room for the response */
	__le64 reserved2[2]; /* 0 */
};

/* Entry n mod 2^LOG2 of the completions; written whole before the cause DMA occurs. `sequence` is written as n + 1, so a reader sees what is new. */
struct nvlink_completion {
	__le64 cookie; /* of the descriptor */
	__le64 bytes; /* bytes moved, or length of the response */
	__le64 nanoseconds; /* time that the engine took */
	__le32 error; /* see error codes */
	__le32 sequence; /* n + 1, modulo 2^32 */
};

/* Request of a call. */
struct nvlink_call {
	__le32 command; /* see calls */
	__le32 reserved; /* 0 */
	__le64 argument[7]; /* of the command; addresses are offsets in the GPU's memory */
};

/* Response of a call. */
struct nvlink_answer {
	__le32 error; /* see error codes */
	__le32 reserved; /* 0 */
	__le64 result[3]; /* of the command */
};

#endif
