/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NVLAB_AGENT_H
#define NVLAB_AGENT_H

/** nvlink_agent() - the applet: 0 ended as asked, 1 something did not work, 2 wrong use */
int nvlink_agent(int count, char **words);

/** nvlink_topo() - the applet that prints the topology: 0 done, 1 there is none, 2 wrong use */
int nvlink_topo(int count, char **words);

#endif
