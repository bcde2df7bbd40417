/* SPDX-License-Identifier: Apache-2.0 */
/* The one loop of the one thread: file descriptors and timers. */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WATCHERS_MAX 24

/** A file descriptor and who wants to know about it. */
struct watcher {
	int fd; /* -1: unused */
	short events; /* as poll() takes them */
	void (*ready)(void *owner, short events);
	void *owner;
};

/** Fires once after it was set. Embedded in its owner; zero-initialised is a timer that is not set. */
struct timer {
	uint64_t due;
	bool is_set;
	void (*fire)(void *owner);
	void *owner;
	struct timer *next;
};

struct loop {
	struct watcher watchers[WATCHERS_MAX];
	struct timer *timers; /* by time */
};

void loop_init(struct loop *loop);

/** Begins to watch; NULL where there are WATCHERS_MAX already. */
struct watcher *loop_watch(struct loop *loop, int fd, void (*ready)(void *owner, short events), void *owner);

/** Ends it and closes the file; takes NULL. */
void loop_close(struct watcher *watcher);

/** Sets the timer to fire `delay` nanoseconds from now; one that is set already is moved. */
void timer_set(struct loop *loop, struct timer *timer, uint64_t delay);
void timer_cancel(struct loop *loop, struct timer *timer);

/**
 * Waits until something happens, or not at all where `busy`, and handles what happened.
 * Timers that became due meanwhile fire as well.
 */
void loop_once(struct loop *loop, bool busy);

#endif
