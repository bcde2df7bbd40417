/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of topology_scan(), each for one kind of device. */
#ifndef NVLAB_SCAN_H
#define NVLAB_SCAN_H

#include "topology.h"

/** scan_place() - fill in where the controller with that class device sits */
void scan_place(struct place *place, const char *folder, const char *sysfs);

/** scan_controller() - fill in all but the number */
void scan_controller(struct controller *controller, const char *folder, const char *sysfs);

/** scan_link() - fill in what its attributes say, but for the counters */
void scan_link(struct link *link, const char *folder);

/** scan_counters() - fill in its counters */
void scan_counters(struct link *link, const char *folder);

/** scan_gpu() - fill in what its attributes say */
void scan_gpu(struct gpu *gpu, const char *folder);

/** scan_adjacency() - fill in the direct links between all GPUs; both ends have to name them */
void scan_adjacency(struct topology *topology, const char *class);

/** same_word() - whether two words differ in case at most */
bool same_word(const char *a, const char *b);

#endif
