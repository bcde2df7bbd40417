/* SPDX-License-Identifier: Apache-2.0 */
/* The whole controller: every part beside the others. */
#ifndef MODEL_H
#define MODEL_H

#include "channel.h"
#include "contract.h"
#include "control.h"
#include "device.h"
#include "gpu.h"
#include "irq.h"
#include "link.h"
#include "loop.h"
#include "mailbox.h"
#include "options.h"
#include "pci.h"
#include "peer.h"
#include "registers.h"
#include "vfio.h"
#include "window.h"

struct model {
	struct options options;
	struct loop loop;
	struct vfio vfio;
	struct pci pci;
	struct irq irq;
	struct global global;
	struct lie lies[LIES_MAX];
	struct link links[NVLINK_LINKS_MAX];
	struct gpu gpus[NVLINK_GPUS_MAX];
	struct window windows[NVLINK_WINDOWS_MAX];
	struct engine engine;
	struct peer peer;
	struct control control;
	struct mailbox mailbox;
	bool is_removed;
	bool has_to_quit;
};

#endif
