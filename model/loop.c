// SPDX-License-Identifier: Apache-2.0
#include "loop.h"

#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

void loop_init(struct loop *loop)
{
	loop->timers = NULL;
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		loop->watchers[i].fd = -1;
}

struct watcher *loop_watch(struct loop *loop, int fd, void (*ready)(void *owner, short events), void *owner)
{
	for (size_t i = 0; i < WATCHERS_MAX; i++) {
		if (loop->watchers[i].fd >= 0)
			continue;
		loop->watchers[i] =
			(struct watcher){ .fd = fd, .events = POLLIN, .ready = ready, .owner = owner };
		return &loop->watchers[i];
	}
	return NULL;
}

void loop_close(struct watcher *watcher)
{
	if (watcher == NULL)
		return;
	close(watcher->fd);
	watcher->fd = -1;
}

void timer_cancel(struct loop *loop, struct timer *timer)
{
	struct timer **place = &loop->timers;

	if (!timer->is_set)
		return;
	while (*place != timer)
		place = &(*place)->next;
	*place = timer->next;
	timer->is_set = false;
}

void timer_set(struct loop *loop, struct timer *timer, uint64_t delay)
{
	struct timer **place = &loop->timers;

	timer_cancel(loop, timer);
	timer->due = clock_now() + delay;
	timer->is_set = true;
	while (*place != NULL && (*place)->due <= timer->due)
		place = &(*place)->next;
	timer->next = *place;
	*place = timer;
}

static void fire_timers(struct loop *loop)
{
	uint64_t now = clock_now();

	while (loop->timers != NULL && loop->timers->due <= now) {
		struct timer *timer = loop->timers;

		loop->timers = timer->next;
		timer->is_set = false;
		timer->fire(timer->owner);
	}
}

static void wait_for_files(struct pollfd *files, size_t count, const struct loop *loop, bool busy)
{
	struct timespec wait = { 0 };

	if (!busy && loop->timers == NULL && !clock_is_virtual()) {
		ppoll(files, count, NULL, NULL);
		return;
	}
	if (!busy && loop->timers != NULL && !clock_is_virtual()) {
		uint64_t now = clock_now();
		uint64_t delay = loop->timers->due > now ? loop->timers->due - now : 0;

		wait.tv_sec = (time_t)(delay / NS_PER_S);
		wait.tv_nsec = (long)(delay % NS_PER_S);
	}
	ppoll(files, count, &wait, NULL);
}

void loop_once(struct loop *loop, bool busy)
{
	struct pollfd files[WATCHERS_MAX];
	struct watcher *watched[WATCHERS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < WATCHERS_MAX; i++) {
		struct watcher *watcher = &loop->watchers[i];

		if (watcher->fd < 0)
			continue;
		files[count] = (struct pollfd){ .fd = watcher->fd, .events = watcher->events };
		watched[count++] = watcher;
	}
	wait_for_files(files, count, loop, busy);
	for (size_t i = 0; i < count; i++) {
		/* An earlier handler may have closed this file, and a new one may have its place. */
		if (files[i].revents != 0 && watched[i]->fd == files[i].fd)
			watched[i]->ready(watched[i]->owner, files[i].revents);
	}
	fire_timers(loop);
}
