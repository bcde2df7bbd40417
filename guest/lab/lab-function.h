/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NVLAB_LAB_FUNCTION_H
#define NVLAB_LAB_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>

/**
 * lab_function() - the sysfs folder of a controller's PCI function
 * @sysfs: where sysfs is
 * @controller: nvlinkN or a PCI address
 * @path: what to fill in
 * @room: bytes there
 *
 * Return: 0, -ENODEV, or -ENAMETOOLONG.
 */
int lab_function(const char *sysfs, const char *controller, char *path, size_t room);

/**
 * lab_wake() - make the function answer, though nobody drives it or its driver let it sleep
 * @path: its folder
 *
 * Return: whether lab_let_sleep() has to be called.
 */
bool lab_wake(const char *path);

/** lab_let_sleep() - runtime power management decides again */
void lab_let_sleep(const char *path);

#endif
