/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the command line that say which links and GPUs there are. */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include "options.h"

/** As in gpu0,gpu0,host1 */
bool topology_read_links(struct options *options, const char *text);

/** As in 64M,1G */
bool topology_read_gpus(struct options *options, const char *text);

/** As in 0-1:2,1-2:4 (two links between the GPUs 0 and 1, four between 1 and 2) */
bool topology_read_adjacent(struct options *options, const char *text);

/** What is wrong with links, GPUs and adjacency taken together; NULL: nothing. */
const char *topology_fault(const struct options *options);

#endif
