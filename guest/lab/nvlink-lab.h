/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NVLAB_NVLINK_LAB_H
#define NVLAB_NVLINK_LAB_H

/** nvlink_lab() - the applet: prints the answer; 0 done, 1 refused or not reached, 2 wrong use */
int nvlink_lab(int count, char **words);

#endif
