// SPDX-License-Identifier: Apache-2.0
/* nvlink-model: an NVLink Fusion controller of nvlab's contract, as a PCI device that QEMU reaches by vfio-user. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "model.h"

static void told_to_end(void *owner, short events)
{
	struct model *model = owner;

	(void)events;
	model->has_to_quit = true;
}

/** SIGTERM, SIGINT and SIGHUP end the loop; a socket that nobody reads is no reason to die. */
static bool catch_signals(struct model *model)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd >= 0 && loop_watch(&model->loop, fd, told_to_end, model) != NULL;
}

static bool cannot(const char *what, const char *path)
{
	fprintf(stderr, "nvlink-model: cannot %s %s: %s\n", what, path, strerror(errno));
	return false;
}

static bool start(struct model *model)
{
	loop_init(&model->loop);
	if (!catch_signals(model))
		return cannot("catch", "signals");
	if (!device_init(model))
		return cannot("make room for", "the GPUs' memory");
	if (!control_listen(model, model->options.control))
		return cannot("listen at", model->options.control);
	if (!vfio_listen(model, model->options.socket)) {
		unlink(model->options.control);
		return cannot("listen at", model->options.socket);
	}
	if (peer_start(model))
		return true;
	unlink(model->options.control);
	unlink(model->options.socket);
	return false;
}

static void run(struct model *model)
{
	bool is_busy = false;

	while (!model->has_to_quit) {
		loop_once(&model->loop, is_busy);
		is_busy = engine_run(model);
		is_busy |= peer_run_calls(model);
	}
}

static void end(struct model *model)
{
	unlink(model->options.socket);
	unlink(model->options.control);
	vfio_drop(model);
	loop_close(model->vfio.listener);
	peer_close(model);
	control_close(&model->control);
	device_free(model);
}

int main(int count, char **words)
{
	struct model *model = calloc(1, sizeof(*model));
	int status = EXIT_FAILURE;

	if (model == NULL)
		return EXIT_FAILURE;
	switch (options_read(&model->options, count, words, stderr)) {
	case OPTIONS_HELP:
		options_print_help(stdout);
		status = EXIT_SUCCESS;
		break;
	case OPTIONS_WRONG:
		status = 2;
		break;
	default:
		if (start(model)) {
			run(model);
			end(model);
			status = EXIT_SUCCESS;
		}
	}
	free(model);
	return status;
}
