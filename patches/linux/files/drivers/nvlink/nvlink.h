/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NVLink Fusion controllers: what the parts of the driver share.
 *
 * Locks, in the order in which they are taken:
 *
 *  1. nvlink.state_lock: one change of nvlink.status at a time (reset, loss,
 *     return, suspend, removal; probe has the controller for itself). Held while
 *     the controller is reset, for up to seconds. A job that hangs ends by a
 *     reset, so nothing allocates under it before the jobs were ended.
 *  2. nvlink_link.lock: commands to one link and what is remembered of it.
 *  3. the locks of the data path (channel.c, buffer.c).
 *
 * nvlink.srcu is no lock that can be waited for in a circle: a reader may nest,
 * and may sleep. It is what makes registers safe to touch: whoever is in a
 * section that nvlink_enter() opened finds them mapped and the controller not
 * in a reset. A reset or a removal first changes the status, then ends all jobs
 * with nvlink_dma_stop() (so that whoever waits for a fence inside such a
 * section is woken), then waits for the readers that are left. So: in such a
 * section, wait only for fences of jobs or for things that look at
 * nvlink_alive() too. Interrupt handlers and the work items of this driver
 * need no section: they are stopped before the registers go away.
 *
 * Lifetime: struct nvlink lives as long as somebody holds a reference to its
 * class device, so open files and exported buffers outlive the unbinding of
 * the driver. nvlink_enter() fails from then on, for ever. nvlink.dev may be
 * named in messages until the last reference is gone; nvlink.dma_dev may not be
 * used after nvlink_dma_exit() has returned, nvlink.regs not after remove().
 */
#ifndef NVLINK_H
#define NVLINK_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/ratelimit_types.h>
#include <linux/srcu.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "nvlink-contract.h"

struct dentry;
struct nvlink;
struct nvlink_dma;
struct seq_file;

/* Field of a register's value, by the names of the contract. */
#define NVLINK_FIELD(name, value) \
	(((value) & name##_MASK) >> name##_SHIFT)

/**
 * enum nvlink_status - what the driver thinks of a controller
 * @NVLINK_STARTING: being probed
 * @NVLINK_ALIVE: works
 * @NVLINK_RESETTING: is being reset; works again soon, or has failed
 * @NVLINK_ASLEEP: the system is suspended
 * @NVLINK_FAILED: is there, but resets did not help
 * @NVLINK_LOST: registers give all ones; may come back
 * @NVLINK_GONE: the driver was unbound
 */
enum nvlink_status {
	NVLINK_STARTING,
	NVLINK_ALIVE,
	NVLINK_RESETTING,
	NVLINK_ASLEEP,
	NVLINK_FAILED,
	NVLINK_LOST,
	NVLINK_GONE,
};

/**
 * struct nvlink_range - a range of bus addresses
 * @base: first address
 * @size: bytes
 */
struct nvlink_range {
	u64 base;
	u64 size;
};

/**
 * struct nvlink_link_facts - what a link is, apart from its state
 * @lanes: number of lanes
 * @max_speed: fastest speed each way, MB/s
 * @peer: NVLINK_PEER_*
 * @peer_index: number of that GPU or host
 */
struct nvlink_link_facts {
	u32 lanes;
	u32 max_speed;
	u32 peer;
	u32 peer_index;
};

/**
 * struct nvlink_gpu_facts - what a GPU is
 * @memory: bytes of memory
 * @identity: its number, anywhere
 * @links: bits of the links that lead to it
 * @adjacent: four bits for each GPU of the controller: direct links to it
 */
struct nvlink_gpu_facts {
	u64 memory;
	u64 identity;
	u32 links;
	u64 adjacent;
};

/**
 * struct nvlink_facts - what a controller is, as its registers tell
 * @major: major number of the contract
 * @minor: minor number of the contract
 * @links: number of links
 * @gpus: number of GPUs
 * @windows: number of DMA windows
 * @channels: number of copy engine channels
 * @coherent: its accesses are coherent
 * @peer: adjacent GPUs copy to each other directly
 * @call: calls reach a GPU's host
 * @serial: number of the controller
 * @link: each link
 * @gpu: each GPU
 */
struct nvlink_facts {
	u32 major;
	u32 minor;
	u32 links;
	u32 gpus;
	u32 windows;
	u32 channels;
	bool coherent;
	bool peer;
	bool call;
	u64 serial;
	struct nvlink_link_facts link[NVLINK_LINKS_MAX];
	struct nvlink_gpu_facts gpu[NVLINK_GPUS_MAX];
};

/**
 * enum nvlink_goal - what the driver wants of a link
 * @NVLINK_GOAL_OFF: no power
 * @NVLINK_GOAL_UP: high speed
 * @NVLINK_GOAL_SLEEP: low power, trained
 */
enum nvlink_goal {
	NVLINK_GOAL_OFF,
	NVLINK_GOAL_UP,
	NVLINK_GOAL_SLEEP,
};

/**
 * struct nvlink_link - a link as the driver knows it
 * @nv: controller
 * @index: number
 * @dev: class device nvlinkN-linkM, or NULL
 * @lock: held while the link is commanded; protects what follows
 * @work: looks at the link and does what is needed; runs after each event
 * @changed: woken after each look
 * @goal: what the driver wants
 * @state: NVLINK_STATE_* when it was looked at last; read without the lock
 * @error: NVLINK_ERROR_* then
 * @speed: MB/s then
 * @since: jiffies when it was seen to enter that state
 * @deadline: jiffies at which that state has lasted too long, where it can
 * @retry_at: jiffies when it is reset again, 0: not decided
 * @up_since: jiffies when it came up
 * @tries: resets by the driver since it was up for a while
 * @resets: resets by the driver in all
 * @given_up: it was reset often enough, and is left alone until somebody asks
 * @alone: it looks for a partner, and there is none
 * @asked: somebody asked for a reset that was not begun yet
 * @ours: the driver brought it to OFF, so nobody else will train it
 * @limit: speed limit that somebody set, MB/s; 0: none
 * @report: limits how often errors are told
 */
struct nvlink_link {
	struct nvlink *nv;
	unsigned int index;
	struct device *dev;
	struct mutex lock; /* see above */
	struct delayed_work work;
	wait_queue_head_t changed;
	enum nvlink_goal goal;
	u32 state;
	u32 error;
	u32 speed;
	unsigned long since;
	unsigned long deadline;
	unsigned long retry_at;
	unsigned long up_since;
	unsigned int tries;
	unsigned int resets;
	bool given_up;
	bool alone;
	bool asked;
	bool ours;
	u32 limit;
	struct ratelimit_state report;
};

/**
 * struct nvlink_gpu - a GPU as user space sees it
 * @nv: controller
 * @index: number
 * @dev: class device nvlinkN-gpuM, or NULL
 */
struct nvlink_gpu {
	struct nvlink *nv;
	unsigned int index;
	struct device *dev;
};

/**
 * struct nvlink - a controller
 * @dev: the platform device
 * @dma_dev: the device that the DMA API maps for: the PCI function, or @dev
 * @class_dev: class device nvlinkN; its references are those of the structure
 * @cdev: character device, for cdev.c
 * @regs: registers
 * @id: N of nvlinkN
 * @facts: what the controller is; does not change after probe
 * @range: DMA windows that the device tree allows
 * @ranges: number of them
 * @state_lock: see the top of this file
 * @srcu: see the top of this file
 * @status: enum nvlink_status; written under @state_lock, see nvlink_alive()
 * @epoch: changes when the contents of GPU memory were lost; read it with
 *	READ_ONCE(); written under @state_lock before @status is ALIVE again
 * @firmware: the register FIRMWARE at probe
 * @generation: the register GENERATION after the newest reset
 * @resets: resets of the controller by the driver
 * @reset_tries: those in a row with no time of health in between
 * @news: what is to be told of it once state_lock is free
 * @reset_failures: how many of them failed since one went well
 * @reset_reason: why a reset is wanted that was not done yet, or NULL
 * @returning: the next reset follows a loss
 * @last_reset: jiffies when the newest one ended
 * @wq: queue of all work items of this controller
 * @recover: looks at what is wrong with the controller, and mends it
 * @health: looks every second whether something is wrong
 * @irq: interrupts, irqs of them: one for each cause, or one for all
 * @irqs: number of them
 * @links_told: it was told that all links to GPUs are up
 * @causes: causes that the hard part of a shared interrupt leaves to its thread
 * @link: links, facts.links of them
 * @gpu: GPUs, facts.gpus of them
 * @debugfs: directory nvlink/nvlinkN
 * @dma: what the data path keeps
 */
struct nvlink {
	struct device *dev;
	struct device *dma_dev;
	struct device class_dev;
	struct cdev cdev;
	void __iomem *regs;
	int id;
	struct nvlink_facts facts;
	struct nvlink_range range[NVLINK_WINDOWS_MAX];
	unsigned int ranges;

	struct mutex state_lock; /* see the top of this file */
	struct srcu_struct srcu;
	enum nvlink_status status;
	unsigned int epoch;
	u32 firmware;
	u32 generation;
	unsigned int resets;
	unsigned int reset_tries;
	unsigned long news;
	unsigned int reset_failures;
	const char *reset_reason;
	bool returning;
	unsigned long last_reset;

	struct workqueue_struct *wq;
	struct delayed_work recover;
	struct delayed_work health;
	int irq[NVLINK_CAUSE_COUNT];
	unsigned int irqs;
	bool links_told;
	atomic_t causes;

	struct nvlink_link link[NVLINK_LINKS_MAX];
	struct nvlink_gpu gpu[NVLINK_GPUS_MAX];
	struct dentry *debugfs;
	struct nvlink_dma *dma;
};

/**
 * struct nvlink_glue - what a bus glue hands to the platform device
 * @restore: make the registers work again after the device was away, or was
 *	isolated; may be NULL; gets the parent device
 * @isolate: keep a device that does not stop from all memory; may be NULL; gets
 *	the parent device
 *
 * Given as platform data. The parent of such a platform device is the one that
 * does DMA.
 */
struct nvlink_glue {
	int (*restore)(struct device *parent);
	void (*isolate)(struct device *parent);
};

static inline u32 nvlink_read(struct nvlink *nv, u32 offset)
{
	return readl(nv->regs + offset);
}

static inline void nvlink_write(struct nvlink *nv, u32 offset, u32 value)
{
	writel(value, nv->regs + offset);
}

static inline u64 nvlink_read64(struct nvlink *nv, u32 low)
{
	u32 lo = nvlink_read(nv, low);

	return (u64)nvlink_read(nv, low + 4) << 32 | lo;
}

static inline void nvlink_write64(struct nvlink *nv, u32 low, u64 value)
{
	nvlink_write(nv, low, lower_32_bits(value));
	nvlink_write(nv, low + 4, upper_32_bits(value));
}

static inline void nvlink_get(struct nvlink *nv)
{
	get_device(&nv->class_dev);
}

/* The last reference has to be dropped where sleeping is allowed. */
static inline void nvlink_put(struct nvlink *nv)
{
	put_device(&nv->class_dev);
}

/* core.c */
extern const struct class nvlink_class;

/* gate.c */
int nvlink_alive(struct nvlink *nv);
int nvlink_enter(struct nvlink *nv);
void nvlink_exit(struct nvlink *nv, int index);

/* reset.c: from any context, interrupts included */
void nvlink_report_dead(struct nvlink *nv);
void nvlink_schedule_reset(struct nvlink *nv, const char *reason);

/* pm.c: see there */
int nvlink_pm_get(struct nvlink *nv);
void nvlink_pm_put(struct nvlink *nv);

/* link.c: for the data path */
bool nvlink_link_up(struct nvlink *nv, unsigned int link);
u32 nvlink_links_up_to_gpu(struct nvlink *nv, unsigned int gpu);
int nvlink_link_reset(struct nvlink *nv, unsigned int link);

/*
 * The data path, for the rest of the driver. The order is: init, start,
 * (stop, start)..., stop, exit. All of these may sleep, except for the three
 * that an interrupt calls.
 *
 * init: memory, DMA mask, rings; touches no register.
 * start: registers are fresh from a reset and the controller is enabled: opens
 *	the DMA windows, enables the channels, takes jobs again.
 * stop: takes no more jobs (they fail with that error from now on), ends all
 *	jobs with that error, signals their fences. Registers may give all ones.
 *	Memory that the engine might still write to is not unmapped before the
 *	channel is disabled, the controller was reset, or it is gone for good.
 * exit: all mappings of dma_dev are undone, also those of buffers whose owners
 *	live on. Nothing of it may be used afterwards; nvlink.dma is NULL.
 * interrupt: hard interrupt context, cause DMA; reads no register.
 * fault: thread, cause FAULT; asks for a reset if a channel is halted.
 * doorbell: thread; bits of the GPUs that rang.
 * cdev_add: adds nvlink.cdev and nvlink.class_dev (cdev_device_add()), whose
 *	devt is set. Called last of all in probe, links and GPUs after it.
 */
int nvlink_dma_init(struct nvlink *nv);
void nvlink_dma_exit(struct nvlink *nv);
int nvlink_dma_start(struct nvlink *nv);
void nvlink_dma_stop(struct nvlink *nv, int error);
void nvlink_dma_interrupt(struct nvlink *nv);
void nvlink_dma_fault(struct nvlink *nv);
void nvlink_doorbell(struct nvlink *nv, u32 gpus);
int nvlink_cdev_add(struct nvlink *nv);
void nvlink_cdev_remove(struct nvlink *nv);
void nvlink_dma_debugfs(struct nvlink *nv, struct dentry *dir);

#endif
