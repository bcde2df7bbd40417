/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a name piece by piece. Each moves @at on where it succeeds. */
#ifndef NVLAB_TAKE_H
#define NVLAB_TAKE_H

#include <stdbool.h>

/** take_word() - true where @at goes on with @word */
bool take_word(const char **at, const char *word);

/** take_number() - true where @at goes on with a number below a million, written without zeros before it */
bool take_number(const char **at, unsigned int *number);

#endif
