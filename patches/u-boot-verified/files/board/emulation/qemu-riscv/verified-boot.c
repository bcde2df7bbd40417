// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The only way to boot of a U-Boot without commands: a signed FIT.
 *
 * Kernel, initramfs, device tree and command line are all taken from the
 * configuration that the signature covers. No file beside the FIT is read,
 * so there is none that could add to it.
 */

#include <bootm.h>
#include <cpu_func.h>
#include <event.h>
#include <fs.h>
#include <hang.h>
#include <image.h>
#include <stdio.h>
#include <linux/errno.h>
#include <linux/sizes.h>

#define FIT_FILE	"boot.itb"
/* The first boot partition of the first disk, else its first partition. */
#define FIT_PARTITION	"0:auto"
#define FIT_ADDRESS	0x84000000
#define FIT_ADDRESS_TEXT	"84000000"

/*
 * Up to where the device tree of the FIT is loaded: what was verified in
 * place is not overwritten before it is used.
 */
#define FIT_MOST_BYTES	(SZ_128M - SZ_64K)

static int load_fit(void)
{
	loff_t size, read;
	int ret;

	/* Each call closes what the one before it opened. */
	ret = fs_set_blk_dev("virtio", FIT_PARTITION, FS_TYPE_FAT);
	if (ret) {
		printf("No FAT partition on virtio %s\n", FIT_PARTITION);
		return ret;
	}
	ret = fs_size(FIT_FILE, &size);
	if (ret) {
		printf("No %s on virtio %s\n", FIT_FILE, FIT_PARTITION);
		return ret;
	}
	if (size <= 0 || size > FIT_MOST_BYTES) {
		printf("%s has %lld bytes, and %d are the most\n", FIT_FILE,
		       size, FIT_MOST_BYTES);
		return -EFBIG;
	}
	ret = fs_set_blk_dev("virtio", FIT_PARTITION, FS_TYPE_FAT);
	if (!ret)
		ret = fs_read(FIT_FILE, FIT_ADDRESS, 0, size, &read);
	if (!ret && read != size)
		ret = -EIO;
	if (ret)
		printf("%s cannot be read (err=%d)\n", FIT_FILE, ret);

	return ret;
}

/* In place of the command line, which is not there. */
static int verified_boot(void)
{
	struct bootm_info bmi;

	if (!load_fit()) {
		bootm_init(&bmi);
		bmi.images = &images;
		bmi.addr_img = FIT_ADDRESS_TEXT;
		bootm_run(&bmi);
	}
	printf("nvlab: nothing was booted\n");
	reset_cpu();
	hang();

	return 0;
}
EVENT_SPY_SIMPLE(EVT_MAIN_LOOP, verified_boot);
