// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "http.h"
#include "log.h"
#include "options.h"
#include "output.h"
#include "uevent.h"

/* One change brings several uevents: wait until none comes for a moment, but not for ever. */
enum { QUIET = 50, LONGEST = 500 };

/* What could not be written is tried again after so long. */
enum { AGAIN = 1000 };

enum { NEVER = -1 };

struct agent {
	struct options options;
	struct http http;
	int uevents, signals;
	int64_t first, due; /* of the changes that are not written yet; NEVER */
	int64_t metrics;
};

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int take_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Whoever started us goes on; what is open stays open, the lock included. */
static bool go_to_background(void)
{
	pid_t child = fork();
	int nothing;

	if (child < 0)
		return false;
	if (child > 0)
		_exit(0);
	setsid();
	log_to_kernel();
	nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int file = 0; nothing >= 0 && file <= 2; file++)
		dup2(nothing, file);
	return chdir("/") == 0;
}

static void note_change(struct agent *agent, int64_t now)
{
	if (agent->first == NEVER)
		agent->first = now;
	agent->due = now + QUIET;
	if (agent->due > agent->first + LONGEST)
		agent->due = agent->first + LONGEST;
}

static void try_again(struct agent *agent, int64_t now)
{
	agent->first = now;
	agent->due = now + AGAIN;
}

static void take_uevents(struct agent *agent, int64_t now)
{
	bool closed = false;

	if (uevent_drain(agent->uevents, agent->options.uevents >= 0, &closed))
		note_change(agent, now);
	if (closed) {
		log_line("no more uevents come: looking every %d s", agent->options.interval);
		agent->uevents = -1;
	}
}

static void write_what_is_due(struct agent *agent, int64_t now)
{
	bool blind = agent->uevents < 0;

	if (agent->first != NEVER && now >= agent->due) {
		agent->first = NEVER;
		if (!output_all())
			try_again(agent, now);
	}
	if (now >= agent->metrics) {
		agent->metrics = now + agent->options.interval * 1000;
		if (blind)
			output_all();
		else
			output_metrics();
	}
}

static int time_left(const struct agent *agent, int64_t now, int http)
{
	int64_t next = agent->metrics;

	if (agent->first != NEVER && agent->due < next)
		next = agent->due;
	if (http >= 0 && now + http < next)
		next = now + http;
	return next > now ? (int)(next - now) : 0;
}

static int follow(struct agent *agent)
{
	struct pollfd polled[2 + 1 + HTTP_CLIENTS];
	int64_t now = milliseconds();

	agent->metrics = now + agent->options.interval * 1000;
	for (;;) {
		polled[0] = (struct pollfd){ .fd = agent->signals, .events = POLLIN };
		polled[1] = (struct pollfd){ .fd = agent->uevents, .events = POLLIN };
		if (poll(polled, sizeof(polled) / sizeof(*polled),
			 time_left(agent, now, http_poll(&agent->http, polled + 2, now))) < 0 &&
		    errno != EINTR)
			return 1;
		now = milliseconds();
		if (polled[0].revents)
			return 0;
		if (polled[1].revents)
			take_uevents(agent, now);
		write_what_is_due(agent, now);
		http_step(&agent->http, polled + 2, now);
		now = milliseconds();
	}
}

int nvlink_agent(int count, char **words)
{
	static struct agent agent;
	bool written;

	if (!options_parse(&agent.options, count, words))
		return 2;
	if (!output_open(&agent.options))
		return 1;
	if (agent.options.once)
		return !output_all();
	agent.uevents = agent.options.uevents >= 0 ? agent.options.uevents : uevent_open();
	if (agent.uevents < 0)
		log_line("no uevents (%s): looking every %d s", strerror(errno), agent.options.interval);
	agent.http.serve = output_serve;
	if (!http_open(&agent.http, agent.options.listen))
		return 2;
	agent.first = NEVER;
	/* After the socket is there, so that no change falls between the two. */
	written = output_all();
	if (!written)
		try_again(&agent, milliseconds());
	if (agent.options.background && (!written || !go_to_background()))
		return 1;
	output_sign();
	agent.signals = take_signals();
	return follow(&agent);
}
