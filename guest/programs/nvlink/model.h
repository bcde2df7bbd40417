/* SPDX-License-Identifier: Apache-2.0 */
/* What the controller's model is told and asked through the lab mailbox, behind the driver's back. */
#ifndef NVLAB_MODEL_H
#define NVLAB_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Room for the longest answer. */
#define MODEL_ANSWER 8192

/** Let the model of the Nth controller do something; says on stdout why it did not. */
bool model_do(unsigned int controller, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** The same, with the answer (JSON). */
bool model_ask(unsigned int controller, char *answer, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/** CRC-32 of a range of a GPU's memory, computed where that memory is; -1 where it could not. */
long long model_checksum(unsigned int controller, unsigned int gpu, uint64_t offset, uint64_t length);

#endif
