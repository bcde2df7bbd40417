/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model with a host that plays QEMU and a guest: speaks vfio-user, has memory that is mapped page by page, and
 * counts what an IOMMU would report. Time is virtual and passes only when a test says so.
 */
#ifndef LAB_H
#define LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../model.h"
#include "suite.h"

#define MEMORY_AT UINT64_C(0x80000000)
#define MEMORY_BYTES (UINT64_C(4) << 20)
#define MEMORY_PAGES (MEMORY_BYTES / 4096)

struct lab {
	struct model *model;
	int socket; /* the host's end; -1: there is no host */
	uint16_t next_id;
	uint8_t memory[MEMORY_BYTES];
	uint8_t readable[MEMORY_PAGES], writable[MEMORY_PAGES];
	unsigned int faults; /* one for each four bytes that were refused */
	unsigned int reads, writes; /* messages that asked for host memory */
	uint32_t longest; /* bytes of the longest of them */
	bool answers_nothing; /* messages for host memory stay unanswered */
	struct vfio_message reply; /* of the last request */
	bool has_reply;
	int eventfd[NVLINK_CAUSE_COUNT];
};

/** A model of the usual topology (two adjacent GPUs with two links each), words of the command line added. */
struct lab *lab_open(const char *const *words);

/** The same with a host connected, windows open over all of its memory, bus master on and the controller enabled. */
struct lab *lab_open_ready(void);
void lab_close(struct lab *lab);

/** Connects the host and exchanges versions. */
void lab_connect(struct lab *lab);

/** The host goes away. */
void lab_disconnect(struct lab *lab);

/** Everything that can happen without time passing happens. */
void lab_settle(struct lab *lab);

/** Time passes. */
void lab_pass(struct lab *lab, uint64_t microseconds);

/** Time passes, and no model runs meanwhile. */
void lab_stall(uint64_t microseconds);

/** Until the next lab is opened, time is that of the system. */
void lab_use_system_clock(void);

/** Sends a request; the reply is in lab->reply. False: there was none. */
bool lab_request(struct lab *lab, uint16_t command, uint32_t flags, const void *body, size_t size,
		 const int *files, size_t file_count);

/** 0, or the errno of the reply; -1: no reply. */
int lab_request_error(struct lab *lab, uint16_t command, const void *body, size_t size);

void lab_read_region(struct lab *lab, uint32_t region, uint64_t offset, void *data, uint32_t count);
void lab_write_region(struct lab *lab, uint32_t region, uint64_t offset, const void *data, uint32_t count);
uint32_t lab_read(struct lab *lab, uint32_t offset);
void lab_write(struct lab *lab, uint32_t offset, uint32_t value);

/** Bits of PCI_COMMAND. */
void lab_set_pci_command(struct lab *lab, uint16_t bits);

/** MSI-X for every cause, enabled; lab_interrupts says how often a cause came since it was last asked. */
void lab_use_msix(struct lab *lab);
uint64_t lab_interrupts(struct lab *lab, unsigned int cause);

void lab_open_window(struct lab *lab, unsigned int n, uint64_t base, uint64_t size, uint32_t control);

/** Makes pages of host memory accessible or not: offsets in it. */
void lab_map(struct lab *lab, uint64_t offset, uint64_t length, bool can_read, bool can_write);

/** Trains all links and waits until they are up. */
void lab_train(struct lab *lab);

/** Runs a lab command; the answer lives until the next one. */
const char *lab_command(struct lab *lab, const char *line);

/** Something that looks random, the same for the same seed. */
void lab_fill(uint8_t *bytes, size_t length, uint32_t seed);

#endif
