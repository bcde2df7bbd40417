// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "lab-function.h"

/* Layout of the mailbox, in bytes. */
enum { SIZE = 0x2000, COMMAND_BYTES = 0, ANSWER_BYTES = 4, COMMAND = 0x100, ANSWER = 0x400 };

static const uint32_t nothing = UINT32_MAX;

static uint32_t get(const struct lab *lab, size_t offset)
{
	return lab->mailbox[offset / 4];
}

static void put(struct lab *lab, size_t offset, uint32_t value)
{
	lab->mailbox[offset / 4] = value;
}

int lab_open(struct lab *lab, const char *sysfs, const char *controller)
{
	char path[sizeof(lab->function) + 16];
	void *mailbox;
	int error;

	error = lab_function(sysfs, controller, lab->function, sizeof(lab->function));
	if (error)
		return error;
	snprintf(path, sizeof(path), "%s/resource2", lab->function);
	lab->resource = open(path, O_RDWR | O_CLOEXEC);
	if (lab->resource < 0)
		return errno == ENOENT ? -ENODEV : -errno;
	if (flock(lab->resource, LOCK_EX) < 0)
		goto failed;
	lab->kept_awake = lab_wake(lab->function);
	mailbox = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, lab->resource, 0);
	if (mailbox == MAP_FAILED)
		goto asleep;
	lab->mailbox = mailbox;
	return 0;
asleep:
	error = -errno;
	if (lab->kept_awake)
		lab_let_sleep(lab->function);
	close(lab->resource);
	return error;
failed:
	error = -errno;
	close(lab->resource);
	return error;
}

static void send_command(struct lab *lab, const char *command, size_t length)
{
	for (size_t at = 0; at < length; at += 4) {
		uint32_t word = 0;

		for (size_t byte = 0; byte < 4 && at + byte < length; byte++)
			word |= (uint32_t)(unsigned char)command[at + byte] << 8 * byte;
		put(lab, COMMAND + at, word);
	}
	put(lab, COMMAND_BYTES, (uint32_t)length);
}

/* The model executes before it serves the next access, so this rarely waits. */
static int await_answer(const struct lab *lab, uint32_t *length)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	for (int tries = 0; tries < 2000; tries++) {
		*length = get(lab, ANSWER_BYTES);
		if (*length == nothing)
			return -EIO;
		if (*length != 0)
			return *length < LAB_ANSWER_ROOM ? 0 : -EIO;
		nanosleep(&pause, NULL);
	}
	return -ETIMEDOUT;
}

int lab_command(struct lab *lab, const char *command, char *answer, size_t room)
{
	static const char done[] = "{\"ok\":true";
	size_t length = strlen(command);
	uint32_t bytes, word = 0;
	int error;

	if (length == 0 || length > LAB_COMMAND_MAX)
		return -E2BIG;
	send_command(lab, command, length);
	error = await_answer(lab, &bytes);
	if (error)
		return error;
	if (bytes >= room)
		return -ENOBUFS;
	for (uint32_t at = 0; at < bytes; at++) {
		if (at % 4 == 0)
			word = get(lab, ANSWER + at);
		answer[at] = (char)(word >> 8 * (at % 4));
	}
	answer[bytes] = '\0';
	return strncmp(answer, done, sizeof(done) - 1) == 0 ? 0 : 1;
}

void lab_close(struct lab *lab)
{
	munmap((void *)lab->mailbox, SIZE);
	if (lab->kept_awake)
		lab_let_sleep(lab->function);
	close(lab->resource);
}
