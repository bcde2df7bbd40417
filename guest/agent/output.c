// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "log.h"
#include "publish.h"
#include "render.h"

static const char *sysfs;
static struct topology topology;
static struct document topology_json, labels_json, features, metrics, lock;
static int lock_file;

static bool failed(const char *path)
{
	log_line("%s: %s", path, strerror(errno));
	return false;
}

/* The lock lasts as long as a process has the file open, so its descriptor is never closed. */
static bool be_the_only_one(void)
{
	lock_file = open(lock.path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (lock_file < 0)
		return failed(lock.path);
	if (flock(lock_file, LOCK_EX | LOCK_NB) == 0)
		return true;
	log_line("%s: another agent writes there", lock.path);
	return false;
}

bool output_open(const struct options *options)
{
	const struct {
		struct document *document;
		const char *folder, *name;
	} places[] = {
		{ &lock, options->run, "nvlink-agent.lock" },
		{ &topology_json, options->run, "nvlink-topology.json" },
		{ &labels_json, options->run, "nvlink-labels.json" },
		{ &metrics, options->run, "node-exporter/nvlink.prom" },
		{ &features, options->features, "nvlink" },
	};

	sysfs = options->sysfs;
	for (unsigned int i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (!document_place(places[i].document, places[i].folder, places[i].name))
			return failed(places[i].folder);
	return be_the_only_one();
}

void output_sign(void)
{
	if (ftruncate(lock_file, 0) < 0 || dprintf(lock_file, "%d\n", (int)getpid()) < 0)
		failed(lock.path);
}

static bool publish(struct document *document, void (*render)(struct text *, const struct topology *))
{
	struct text text = { 0 };

	render(&text, &topology);
	return document_publish(document, &text) || failed(document->path);
}

bool output_all(void)
{
	bool written = true;

	topology_scan(&topology, sysfs);
	topology_count(&topology, sysfs);
	written &= publish(&labels_json, render_labels_json);
	written &= publish(&features, render_labels);
	written &= publish(&metrics, render_metrics);
	/* Last, so that whoever waits for it finds the others up to date. */
	written &= publish(&topology_json, render_json);
	return written;
}

bool output_metrics(void)
{
	topology_scan(&topology, sysfs);
	topology_count(&topology, sysfs);
	return publish(&metrics, render_metrics);
}

const char *output_serve(const char *path, struct text *body)
{
	if (strcmp(path, "/healthz") == 0) {
		text_add(body, "ok\n");
		return "text/plain";
	}
	if (strcmp(path, "/topology.json") == 0) {
		topology_scan(&topology, sysfs);
		render_json(body, &topology);
		return "application/json";
	}
	if (strcmp(path, "/metrics") == 0) {
		topology_scan(&topology, sysfs);
		topology_count(&topology, sysfs);
		render_metrics(body, &topology);
		return "text/plain; version=0.0.4; charset=utf-8";
	}
	return NULL;
}
