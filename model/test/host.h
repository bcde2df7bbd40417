/* SPDX-License-Identifier: Apache-2.0 */
/* The vfio-user client that plays QEMU. */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>

struct lab;

/** Takes what the model sent: answers requests for host memory, keeps replies. False: there was nothing. */
bool host_serve(struct lab *lab);

#endif
