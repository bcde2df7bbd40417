/* SPDX-License-Identifier: Apache-2.0 */
/* The files that the agent writes, and what it serves. */
#ifndef NVLAB_OUTPUT_H
#define NVLAB_OUTPUT_H

#include <stdbool.h>

#include "options.h"
#include "text.h"

/** output_open() - make sure that this is the only agent that writes there; false after a message */
bool output_open(const struct options *options);

/** output_sign() - write this process's number to the lock's file */
void output_sign(void);

/** output_all() - look at sysfs and write every file that is not as it should be; false after a message */
bool output_all(void);

/** output_metrics() - write the file of metrics */
bool output_metrics(void);

/** output_serve() - what is under a path: appends it and gives its media type, NULL where there is nothing */
const char *output_serve(const char *path, struct text *body);

#endif
