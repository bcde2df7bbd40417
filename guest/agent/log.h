/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NVLAB_LOG_H
#define NVLAB_LOG_H

/** log_line() - tell whoever looks: on standard error, or in the kernel's log after log_to_kernel() */
__attribute__((format(printf, 1, 2))) void log_line(const char *format, ...);

/** log_to_kernel() - the program is in the background now */
void log_to_kernel(void);

#endif
