/* SPDX-License-Identifier: ((GPL-2.0-only WITH Linux-syscall-note) OR BSD-2-Clause) */
/*
 * Character device of NVLink Fusion controllers, /dev/nvlinkN.
 *
 * A program names buffers by handles, which mean something only to the open
 * file that they were made with; it never names a bus address or a raw address
 * in a GPU's memory. Every structure has one size on all architectures. Fields
 * called reserved must be zero, flags that are not defined are refused; both
 * with EINVAL. What is said to be output is not looked at.
 *
 * While the controller is reset, calls wait for that, at most 30 seconds; jobs
 * that were under way end with EIO. What GPU memory held is lost then.
 *
 * What every call can return besides what is said with it:
 *
 *  ENODEV  the controller is away, perhaps for a while, or the driver was unbound,
 *          for good; FREE and WAIT work nevertheless
 *  EIO     the controller failed, or was reset while the call was at work
 *  ESTALE  the handle names GPU memory whose contents a reset took away
 *  ENOENT  there is no such handle
 *  EACCES  the handle is of a dma-buf that was opened for reading only
 *  EINTR   a signal arrived first
 *  EFAULT  the argument cannot be read or written
 */
#ifndef _UAPI_LINUX_NVLINK_H
#define _UAPI_LINUX_NVLINK_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define NVLINK_IOC_TYPE			0xEF

/* Where memory is: a GPU's number, one of a machine behind a host link, or: */
#define NVLINK_WHERE_REMOTE		0x80u
#define NVLINK_WHERE_SYSTEM		0xffffffffu

/* The driver or the controller chooses the link. */
#define NVLINK_ANY_LINK			0xffu

/* How data travels. */
#define NVLINK_PATH_NONE		0u	/* it cannot */
#define NVLINK_PATH_DIRECT		1u	/* straight from or to the buffer's pages */
#define NVLINK_PATH_PEER		2u	/* from GPU to GPU over their own links */
#define NVLINK_PATH_STAGED		3u	/* through a buffer of the driver */

/* nvlink_ioc_info.flags */
#define NVLINK_INFO_COHERENT		(1u << 0) /* accesses are coherent with the caches */
#define NVLINK_INFO_PEER		(1u << 1) /* adjacent GPUs copy directly */
#define NVLINK_INFO_CALL		(1u << 2) /* calls reach a GPU's host */
#define NVLINK_INFO_RESETTING		(1u << 3) /* a reset is going on */

/**
 * struct nvlink_ioc_info - what the controller is
 * @contract: version of the contract, major number in the upper half
 * @flags: NVLINK_INFO_*
 * @links: links
 * @gpus: GPUs
 * @channels: copy engine channels
 * @generation: resets that this driver has seen; GPU memory of an older
 *	generation is lost
 * @serial: number of the controller
 * @limit: bytes of system memory that one open file may hold
 * @used: bytes of system memory that this open file holds
 * @job_limit: jobs that one open file may have unfinished; more wait
 * @reserved: zero
 */
struct nvlink_ioc_info {
	__u32 contract;
	__u32 flags;
	__u32 links;
	__u32 gpus;
	__u32 channels;
	__u32 generation;
	__u64 serial;
	__u64 limit;
	__u64 used;
	__u32 job_limit;
	__u32 reserved[5];
};

/**
 * struct nvlink_ioc_gpu_info - what a GPU is
 * @gpu: in: number of the GPU; ENXIO where there is none
 * @links_up: links to it that carry data now, one bit each
 * @links: links to it, one bit each
 * @reserved: zero
 * @memory: bytes of memory
 * @free: bytes that are not given out
 * @identity: number of this GPU
 * @adjacent: direct links to each other GPU
 */
struct nvlink_ioc_gpu_info {
	__u32 gpu;
	__u32 links_up;
	__u32 links;
	__u32 reserved;
	__u64 memory;
	__u64 free;
	__u64 identity;
	__u8 adjacent[16];
};

/**
 * struct nvlink_ioc_alloc - make a buffer
 * @size: in: bytes, at least 1; rounded up to whole pages
 * @where: in: NVLINK_WHERE_SYSTEM or a GPU
 * @flags: in: zero
 * @handle: out: the buffer's name, never zero
 * @reserved: zero
 * @mmap_offset: out: offset for mmap() of this open file; zero for GPU memory,
 *	which cannot be mapped
 *
 * The memory reads as zero. ENOMEM: no memory, or no room in the GPU. EDQUOT:
 * the open file would hold more than its limit, or too many handles. ENXIO: no
 * such GPU. ENETDOWN: no link to the GPU is up, so it cannot be cleared. Memory
 * of a GPU behind a host link (NVLINK_WHERE_REMOTE | n) is not managed by this
 * machine: the buffer is a view of its first @size bytes, needs CAP_SYS_ADMIN,
 * and is not cleared.
 */
struct nvlink_ioc_alloc {
	__u64 size;
	__u32 where;
	__u32 flags;
	__u32 handle;
	__u32 reserved;
	__u64 mmap_offset;
};

/**
 * struct nvlink_ioc_free - give up a handle
 * @handle: in: the handle
 * @reserved: zero
 *
 * The memory itself goes when its mappings, dma-bufs and jobs have gone.
 */
struct nvlink_ioc_free {
	__u32 handle;
	__u32 reserved;
};

/* nvlink_ioc_query.flags */
#define NVLINK_BUFFER_IMPORTED		(1u << 0) /* memory of another exporter */
#define NVLINK_BUFFER_EXPORTED		(1u << 1) /* has a dma-buf */
#define NVLINK_BUFFER_LOST		(1u << 2) /* a reset took its contents away */

/**
 * struct nvlink_ioc_query - what is behind a handle
 * @handle: in: the handle
 * @flags: out: NVLINK_BUFFER_*
 * @size: out: bytes
 * @mmap_offset: out: as with nvlink_ioc_alloc
 * @where: out: NVLINK_WHERE_SYSTEM or a GPU
 * @generation: out: generation of the GPU memory's contents
 * @segments: out: contiguous ranges of bus addresses; zero for GPU memory
 * @reserved: zero
 */
struct nvlink_ioc_query {
	__u32 handle;
	__u32 flags;
	__u64 size;
	__u64 mmap_offset;
	__u32 where;
	__u32 generation;
	__u32 segments;
	__u32 reserved;
};

/**
 * struct nvlink_ioc_export - a dma-buf of a buffer
 * @handle: in: the handle
 * @flags: in: O_CLOEXEC and an access mode as with open()
 * @fd: out: a dma-buf; a new one each time, all of the same memory
 * @reserved: zero
 *
 * A dma-buf of GPU memory can be imported by this driver only, into any open
 * file of the same controller; others get EOPNOTSUPP. An imported buffer
 * cannot be exported: EINVAL.
 */
struct nvlink_ioc_export {
	__u32 handle;
	__u32 flags;
	__s32 fd;
	__u32 reserved;
};

/**
 * struct nvlink_ioc_import - a handle for a dma-buf
 * @fd: in: the dma-buf
 * @flags: in: zero
 * @handle: out: the buffer's name
 * @where: out: NVLINK_WHERE_SYSTEM or a GPU
 * @size: out: bytes
 * @reserved: zero
 *
 * EBADF or EINVAL: not a dma-buf. EXDEV: memory of another controller's GPU.
 * The memory is not counted against the limit of this open file, as it is its
 * exporter's; the handle is.
 */
struct nvlink_ioc_import {
	__s32 fd;
	__u32 flags;
	__u32 handle;
	__u32 where;
	__u64 size;
	__u64 reserved;
};

/* nvlink_submit.flags */
#define NVLINK_SUBMIT_IN_FENCE		(1u << 0) /* wait for @in_fence first */
#define NVLINK_SUBMIT_OUT_FENCE		(1u << 1) /* make @out_fence */
#define NVLINK_SUBMIT_WAIT		(1u << 2) /* return when it is done */
#define NVLINK_SUBMIT_STAGED		(1u << 3) /* COPY: through a buffer of the driver */

/**
 * struct nvlink_submit - how a job is run, and what became of it
 * @flags: in: NVLINK_SUBMIT_*
 * @link: in: number of the link, or NVLINK_ANY_LINK
 * @in_fence: in: sync_file to wait for, in the kernel and before anything of
 *	the job is done; else zero
 * @out_fence: out: sync_file of the job; else -1
 * @job: out: number of the job within this open file, for NVLINK_IOC_WAIT
 * @bytes: out: bytes moved, with NVLINK_SUBMIT_WAIT
 * @nanoseconds: out: time that the engine took, with NVLINK_SUBMIT_WAIT
 * @path: out: NVLINK_PATH_*, how the data goes
 * @descriptors: out: descriptors that the engine was given
 *
 * Jobs that touch the same buffer run in the order in which they were asked
 * for where one of them writes it, also those of other processes and devices.
 * A signal during NVLINK_SUBMIT_WAIT does not end the job: only a fatal one
 * ends the waiting, as the watchdog bounds it. What a job can end with:
 *
 *  EIO          the controller was reset, or broke the contract
 *  ETIMEDOUT    the controller's watchdog ended it
 *  EACCES       the IOMMU or the DMA windows refused an access
 *  ENETDOWN     the link was lost
 *  EHOSTUNREACH the GPUs are not adjacent any more
 *  EREMOTEIO    the other machine failed
 *  ERANGE       past the end of the GPU's memory, as the controller sees it
 *  ENXIO        the GPU is not there any more
 *  ECANCELED    @in_fence ended with an error, or the file was closed first
 *  ENODEV       the controller is away
 */
struct nvlink_submit {
	__u32 flags;
	__u32 link;
	__s32 in_fence;
	__s32 out_fence;
	__u64 job;
	__u64 bytes;
	__u64 nanoseconds;
	__u32 path;
	__u32 descriptors;
};

/**
 * struct nvlink_ioc_copy - copy from one buffer to another
 * @source: in: handle
 * @destination: in: handle
 * @source_offset: in: first byte in the source
 * @destination_offset: in: first byte in the destination
 * @length: in: bytes, at least 1
 * @reserved: zero
 * @submit: how, and what became of it
 *
 * Any combination of system and GPU memory; any alignment. EINVAL: no length,
 * or the two ranges overlap in one buffer. ERANGE: past the end of a buffer.
 * ENETDOWN: no link that leads there is up. Whatever the path, the result is
 * the same.
 */
struct nvlink_ioc_copy {
	__u32 source;
	__u32 destination;
	__u64 source_offset;
	__u64 destination_offset;
	__u64 length;
	__u64 reserved;
	struct nvlink_submit submit;
};

/**
 * struct nvlink_ioc_fill - fill GPU memory with a pattern
 * @handle: in: the buffer; EINVAL for system memory
 * @reserved: zero
 * @offset: in: first byte
 * @length: in: bytes, at least 1
 * @pattern: in: 64 bits, little endian, beginning at the first byte
 * @submit: how, and what became of it
 */
struct nvlink_ioc_fill {
	__u32 handle;
	__u32 reserved;
	__u64 offset;
	__u64 length;
	__u64 pattern;
	struct nvlink_submit submit;
};

/* nvlink_ioc_wait.kind */
#define NVLINK_WAIT_JOB			0u	/* the job @id of this open file */
#define NVLINK_WAIT_FENCE		1u	/* the sync_file @id */
#define NVLINK_WAIT_BUFFER		2u	/* whatever uses the buffer of handle @id */
#define NVLINK_WAIT_ALL			3u	/* all jobs of this open file; @id is zero */

/**
 * struct nvlink_ioc_wait - wait for jobs
 * @kind: in: NVLINK_WAIT_*
 * @status: out: zero, or the negative errno that the job failed with
 * @id: in: what to wait for
 * @timeout_ns: in: nanoseconds, zero to look only, ~0 for ever; out: what is
 *	left of them after a signal
 * @bytes: out: bytes that the job moved
 * @nanoseconds: out: time that the engine took for it
 * @reserved: zero
 *
 * Returns zero when the waiting is over, whatever became of the job. @bytes and
 * @nanoseconds are known for NVLINK_WAIT_JOB, and for a fence of this driver.
 * ETIME: not within the time. ENOENT: no such job was ever asked for; of jobs
 * that were finished long ago only the last 256 are known, older ones give
 * EOVERFLOW.
 */
struct nvlink_ioc_wait {
	__u32 kind;
	__s32 status;
	__u64 id;
	__u64 timeout_ns;
	__u64 bytes;
	__u64 nanoseconds;
	__u64 reserved;
};

/* nvlink_ioc_call.command */
#define NVLINK_BRIDGE_INFO		0u	/* result 0: bytes of memory, 1: identity */
#define NVLINK_BRIDGE_CHECKSUM		1u	/* result 0: CRC-32 of operand 0 */
#define NVLINK_BRIDGE_ADD		2u	/* 32-bit words: operand 0 = 1 + 2 */

/**
 * struct nvlink_operand - a range of a buffer in the memory of the called GPU
 * @handle: the buffer
 * @reserved: zero
 * @offset: first byte
 * @length: bytes
 */
struct nvlink_operand {
	__u32 handle;
	__u32 reserved;
	__u64 offset;
	__u64 length;
};

/**
 * struct nvlink_ioc_call - let a GPU's host carry out a command
 * @command: in: NVLINK_BRIDGE_*
 * @gpu: in: the GPU, also one behind a host link
 * @operand: in: ranges of that GPU's memory; those that the command does not
 *	take are zero
 * @result: out: results
 * @nanoseconds: out: time that it took
 * @reserved: zero
 *
 * Returns when it is done. EOPNOTSUPP: the controller forwards no calls, or the
 * host does not know the command. ADD: all three operands have one length, a
 * multiple of four; operand 0 may be the same range as another one, but not
 * overlap it otherwise (EINVAL). EREMOTEIO: the host refused it. ENETDOWN: no
 * link that leads there is up.
 */
struct nvlink_ioc_call {
	__u32 command;
	__u32 gpu;
	struct nvlink_operand operand[3];
	__u64 result[3];
	__u64 nanoseconds;
	__u64 reserved;
};

/**
 * struct nvlink_ioc_peer - how two GPUs reach each other now
 * @source: in: number of a GPU
 * @destination: in: number of another one
 * @path: out: NVLINK_PATH_*
 * @links: out: direct links between them
 */
struct nvlink_ioc_peer {
	__u32 source;
	__u32 destination;
	__u32 path;
	__u32 links;
};

/**
 * struct nvlink_ioc_ring - hand a value to a GPU
 * @gpu: in: number of the GPU
 * @value: in: the value, with which the GPU rings back
 */
struct nvlink_ioc_ring {
	__u32 gpu;
	__u32 value;
};

/* nvlink_ioc_sync.flags: as with DMA_BUF_IOCTL_SYNC */
#define NVLINK_SYNC_READ		(1u << 0)
#define NVLINK_SYNC_WRITE		(1u << 1)
#define NVLINK_SYNC_END			(1u << 2)

/**
 * struct nvlink_ioc_sync - begin or end access by the CPU through a mapping
 * @handle: in: system memory
 * @flags: in: NVLINK_SYNC_*
 *
 * At the beginning it waits for the jobs that are in the way.
 */
struct nvlink_ioc_sync {
	__u32 handle;
	__u32 flags;
};

/**
 * struct nvlink_ioc_link_reset - reset and train a link, and wait for it
 * @link: in: number of the link
 * @reserved: zero
 *
 * Needs CAP_SYS_ADMIN. EIO: its training fails. ENOLINK: it has no partner.
 * ETIMEDOUT: neither is known yet.
 */
struct nvlink_ioc_link_reset {
	__u32 link;
	__u32 reserved;
};

/* nvlink_event.type */
#define NVLINK_EVENT_OVERFLOW		0u	/* @value events were lost before this one */
#define NVLINK_EVENT_DOORBELL		1u	/* the GPU @index rang with @value */
#define NVLINK_EVENT_LINK		2u	/* the link @index went to state @value */
#define NVLINK_EVENT_RESET		3u	/* reset; @value is the new generation */
#define NVLINK_EVENT_REMOVED		4u	/* the controller is away */

/**
 * struct nvlink_event - what read() returns, as many as there is room for
 * @type: NVLINK_EVENT_*
 * @index: number of the GPU or link
 * @value: see the types
 * @timestamp: nanoseconds of CLOCK_MONOTONIC
 *
 * Each open file has its own queue of 64 events. poll() tells of events by
 * POLLIN; while the controller is away by POLLERR and POLLHUP also.
 */
struct nvlink_event {
	__u32 type;
	__u32 index;
	__u64 value;
	__u64 timestamp;
};

#define NVLINK_IOC_INFO		_IOR(NVLINK_IOC_TYPE, 0x00, struct nvlink_ioc_info)
#define NVLINK_IOC_GPU_INFO	_IOWR(NVLINK_IOC_TYPE, 0x01, struct nvlink_ioc_gpu_info)
#define NVLINK_IOC_ALLOC	_IOWR(NVLINK_IOC_TYPE, 0x02, struct nvlink_ioc_alloc)
#define NVLINK_IOC_FREE		_IOW(NVLINK_IOC_TYPE, 0x03, struct nvlink_ioc_free)
#define NVLINK_IOC_QUERY	_IOWR(NVLINK_IOC_TYPE, 0x04, struct nvlink_ioc_query)
#define NVLINK_IOC_EXPORT	_IOWR(NVLINK_IOC_TYPE, 0x05, struct nvlink_ioc_export)
#define NVLINK_IOC_IMPORT	_IOWR(NVLINK_IOC_TYPE, 0x06, struct nvlink_ioc_import)
#define NVLINK_IOC_COPY		_IOWR(NVLINK_IOC_TYPE, 0x07, struct nvlink_ioc_copy)
#define NVLINK_IOC_FILL		_IOWR(NVLINK_IOC_TYPE, 0x08, struct nvlink_ioc_fill)
#define NVLINK_IOC_WAIT		_IOWR(NVLINK_IOC_TYPE, 0x09, struct nvlink_ioc_wait)
#define NVLINK_IOC_CALL		_IOWR(NVLINK_IOC_TYPE, 0x0a, struct nvlink_ioc_call)
#define NVLINK_IOC_PEER		_IOWR(NVLINK_IOC_TYPE, 0x0b, struct nvlink_ioc_peer)
#define NVLINK_IOC_RING		_IOW(NVLINK_IOC_TYPE, 0x0c, struct nvlink_ioc_ring)
#define NVLINK_IOC_SYNC		_IOW(NVLINK_IOC_TYPE, 0x0d, struct nvlink_ioc_sync)
#define NVLINK_IOC_LINK_RESET	_IOW(NVLINK_IOC_TYPE, 0x0e, struct nvlink_ioc_link_reset)

#endif /* _UAPI_LINUX_NVLINK_H */
