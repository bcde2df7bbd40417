// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Let the person who starts QEMU add to the kernel command line in a FIT.
 *
 * QEMU keeps its -append text in /chosen/bootargs of the device tree it hands
 * to the firmware, which is U-Boot's control device tree. The kernel gets
 * another tree, the one in the FIT, whose own bootargs stay in front.
 */

#define LOG_CATEGORY LOGC_BOOT

#include <event.h>
#include <log.h>
#include <malloc.h>
#include <dm/ofnode.h>
#include <linux/errno.h>
#include <linux/libfdt.h>

static int append_bootargs(void *ctx, struct event *event)
{
	void *fdt = oftree_lookup_fdt(event->data.ft_fixup.tree);
	const char *extra, *own;
	char *joined;
	size_t size;
	int chosen, ret;

	extra = ofnode_read_chosen_string("bootargs");
	if (!extra || !*extra)
		return 0;

	chosen = fdt_path_offset(fdt, "/chosen");
	if (chosen < 0)
		return log_msg_ret("chosen", -ENOENT);

	own = fdt_getprop(fdt, chosen, "bootargs", NULL);
	if (!own)
		own = "";

	size = strlen(own) + strlen(extra) + 2;
	joined = malloc(size);
	if (!joined)
		return log_msg_ret("join", -ENOMEM);

	snprintf(joined, size, "%s%s%s", own, *own ? " " : "", extra);
	ret = fdt_setprop_string(fdt, chosen, "bootargs", joined);
	free(joined);
	if (ret)
		return log_msg_ret("set", -ENOSPC);

	printf("## Appended by QEMU: %s\n", extra);

	return 0;
}
EVENT_SPY_FULL(EVT_FT_FIXUP, append_bootargs);
