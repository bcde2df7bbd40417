// SPDX-License-Identifier: Apache-2.0
/* dma-bufs: ours in another process and at another controller, those of others at our controllers. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../ktap.h"
#include "controller.h"
#include "exporter.h"
#include "link.h"
#include "pattern.h"
#include "place.h"
#include "share.h"
#include "system-file.h"
#include "tests.h"

#define SIZE (1u << 20)

/** The other process: gets system memory and GPU memory, finds text 1 and 2, leaves text 3 and 4. */
static bool other_process(int socket)
{
	int system = receive_file(socket), gpu = receive_file(socket), device = device_open(0);
	struct buffer here, there, own;
	uint8_t *memory = map_file(system, SIZE);
	volatile uint32_t *word = (volatile uint32_t *)memory;
	bool good;

	if (!memory || !buffer_import(&here, device, system) || !buffer_import(&there, device, gpu) ||
	    !buffer_allocate(&own, device, NVLINK_WHERE_SYSTEM, SIZE))
		return false;
	good = here.size == SIZE && here.where == NVLINK_WHERE_SYSTEM && there.where == 0;
	good = good && access_begin(system) && pattern_holds(memory, SIZE, 1) && access_end(system);
	good = good && copy(&own, 0, &there, 0, SIZE) && pattern_holds(own.memory, SIZE, 2);
	/* Ping, and pong. */
	*word = 1;
	good = tell(socket) && await(socket) && *word == 2 && good;
	/* Through the engine, into memory that the first process allocated. */
	pattern_write(own.memory, SIZE, 3);
	good = good && copy(&here, 0, &own, 0, SIZE);
	pattern_write(own.memory, SIZE, 4);
	good = good && copy(&there, 0, &own, 0, SIZE);
	return good && tell(socket) && await(socket) &&
	       /* The first process has given everything up by now. */
	       pattern_holds(memory, SIZE, 3) && copy(&own, 0, &there, 0, SIZE) &&
	       pattern_holds(own.memory, SIZE, 4);
}

static void between_processes(int device)
{
	struct buffer here, there, own;
	volatile uint32_t *word;
	int socket, system, gpu;
	pid_t process = process_start(other_process, &socket);
	bool good;

	good = buffer_allocate(&here, device, NVLINK_WHERE_SYSTEM, SIZE) && buffer_allocate(&there, device, 0, SIZE) &&
	       buffer_allocate(&own, device, NVLINK_WHERE_SYSTEM, SIZE);
	if (!ktap_check(good && process > 0, "two processes: buffers"))
		exit(1);
	pattern_write(here.memory, SIZE, 2);
	good = copy(&there, 0, &here, 0, SIZE);
	pattern_write(here.memory, SIZE, 1);
	system = buffer_export(&here);
	gpu = buffer_export(&there);
	good = good && send_file(socket, system) && send_file(socket, gpu) && await(socket);
	ktap_check(good, "two processes: one hands its dma-bufs to the other");
	word = (volatile uint32_t *)here.memory;
	good = *word == 1;
	*word = 2;
	ktap_check(good && tell(socket) && await(socket), "two processes: what one writes the other sees, both ways");
	ktap_check(pattern_holds(here.memory, SIZE, 3), "two processes: system memory as the other left it");
	ktap_check(copy(&own, 0, &there, 0, SIZE) && pattern_holds(own.memory, SIZE, 4),
		   "two processes: GPU memory as the other left it");
	close(system);
	close(gpu);
	ktap_check(buffer_free(&here) && buffer_free(&there) && buffer_free(&own) && tell(socket) &&
			   process_succeeded(process),
		   "two processes: memory lives on for the other one");
	close(socket);
}

/** The memory of another exporter goes to the GPU and comes back changed, and the CPU sees it. */
static void of_other_exporter(int device, int file, uint8_t *memory, const char *name)
{
	struct buffer foreign, there;
	char text[80];
	bool good;

#define NAME(what) (snprintf(text, sizeof(text), "%s: " what, name), text)
	good = file >= 0 && memory && buffer_import(&foreign, device, file) && foreign.size == SIZE &&
	       buffer_allocate(&there, device, 0, SIZE);
	if (!ktap_check(good, NAME("import")))
		exit(1);
	good = access_begin(file);
	pattern_write(memory, SIZE, 5);
	ktap_check(good && access_end(file) && copy(&there, 0, &foreign, 0, SIZE), NAME("copy to a GPU"));
	ktap_check(copy(&foreign, 1, &there, 0, SIZE - 1) && access_begin(file), NAME("copy back, one byte further"));
	ktap_check(pattern_holds(memory + 1, SIZE - 1, 5) && memory[0] == pattern_at(0, 5), NAME("the CPU sees it"));
	access_end(file);
	errno = 0;
	ktap_check(buffer_export(&foreign) < 0 && errno == EINVAL, NAME("is not exported a second time"));
	buffer_free(&there);
	ktap_check(buffer_free(&foreign), NAME("give back"));
	munmap(memory, SIZE);
	close(file);
#undef NAME
}

static bool import_fails(int device, int file, int error)
{
	struct buffer buffer;

	errno = 0;
	if (buffer_import(&buffer, device, file)) {
		buffer_free(&buffer);
		return false;
	}
	if (errno == error)
		errno = 0;
	return errno == 0;
}

static void wrong_ones(int device, int other)
{
	struct buffer there;
	int gpu, memory = memfd_create("no dma-buf", MFD_CLOEXEC);

	if (!buffer_allocate(&there, device, 0, SIZE))
		exit(1);
	gpu = buffer_export(&there);
	ktap_check(gpu >= 0 && !map_file(gpu, SIZE), "GPU memory: is not mapped for the CPU");
	ktap_check(import_fails(other, gpu, EXDEV), "GPU memory: another controller refuses it");
	ktap_check(import_fails(device, memory, EINVAL), "a file that is no dma-buf is refused");
	ktap_check(import_fails(device, -1, EBADF), "a file that is not open is refused");
	close(memory);
	close(gpu);
	buffer_free(&there);
}

/** One buffer at two controllers: each has it at an address of its own. */
static bool at_two_controllers(int device, int other)
{
	struct buffer here, foreign, there, elsewhere;
	int file;
	bool good;

	if (!buffer_allocate(&here, device, NVLINK_WHERE_SYSTEM, SIZE) || (file = buffer_export(&here)) < 0 ||
	    !buffer_import(&foreign, other, file) || !buffer_allocate(&there, device, 0, SIZE) ||
	    !buffer_allocate(&elsewhere, other, 0, SIZE))
		return false;
	close(file);
	pattern_write(here.memory, SIZE, 6);
	good = copy(&there, 0, &here, 0, SIZE) && copy(&elsewhere, 0, &foreign, 0, SIZE);
	memset(here.memory, 0, SIZE);
	good = good && copy(&foreign, 0, &elsewhere, 0, SIZE) && pattern_holds(here.memory, SIZE, 6);
	buffer_free(&elsewhere);
	buffer_free(&foreign);
	buffer_free(&there);
	buffer_free(&here);
	return good;
}

int test_sharing(void)
{
	char addresses[4][16];
	uint8_t *memory = NULL;
	int device, other, file, before;

	if (controllers_find(addresses, 4) < 2)
		return ktap_skip_all("no two controllers");
	links_wait(0, 10000);
	links_wait(1, 10000);
	device = device_open(0);
	other = device_open(1);
	before = places_taken(0);
	ktap_plan(24);
	between_processes(device);
	file = memfd_buffer(SIZE, &memory);
	of_other_exporter(device, file, memory, "udmabuf");
	file = heap_buffer(SIZE);
	of_other_exporter(device, file, map_file(file, SIZE), "system heap");
	wrong_ones(device, other);
	ktap_check(at_two_controllers(device, other), "one buffer at two controllers");
	ktap_check(places_taken(0) == before, "nothing is left");
	close(other);
	close(device);
	return ktap_finish();
}
