/* SPDX-License-Identifier: Apache-2.0 */
/* What is written about a topology. Each appends to a text. */
#ifndef NVLAB_RENDER_H
#define NVLAB_RENDER_H

#include "text.h"
#include "topology.h"

/** Version of the form of the topology's JSON; schema/nvlink-topology.schema.json describes it. */
#define TOPOLOGY_VERSION 1

/** render_json() - the topology as JSON */
void render_json(struct text *text, const struct topology *topology);

/** render_metrics() - counters and states in Prometheus' text format */
void render_metrics(struct text *text, const struct topology *topology);

/** render_labels() - labels for a scheduler as lines of an NFD local feature file */
void render_labels(struct text *text, const struct topology *topology);

/** render_labels_json() - the same facts as one JSON object, with complete lists */
void render_labels_json(struct text *text, const struct topology *topology);

/** render_matrix() - the matrix of ways between GPUs, with legend */
void render_matrix(struct text *text, const struct topology *topology);

/** render_links() - a table of the links */
void render_links(struct text *text, const struct topology *topology);

/** way_word() - the word for a way: X, NV2, PHB, NODE, SYS or N/A */
const char *way_word(const struct topology *topology, unsigned int a, unsigned int b, char word[8]);

/** render_pairs() - pairs of GPUs with a direct way, such as 0-1,2-3 with @separator ','; gives their number */
unsigned int render_pairs(struct text *text, const struct topology *topology, char separator);

/** render_groups() - groups of GPUs, such as 0-1-2,3 with @separator ',' */
void render_groups(struct text *text, const struct topology *topology, char separator);

#endif
