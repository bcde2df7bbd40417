// SPDX-License-Identifier: Apache-2.0
/* The program itself, as it is started: NVLINK_MODEL names it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../vfio_protocol.h"
#include "suite.h"

#define WAIT_MS 10000

struct place {
	char folder[32];
	char socket[64], control[64];
};

static struct place place_of_its_own(void)
{
	struct place place = { .folder = "/tmp/nvlink-XXXXXX" };

	CHECK(mkdtemp(place.folder) != NULL);
	snprintf(place.socket, sizeof(place.socket), "%s/vfio", place.folder);
	snprintf(place.control, sizeof(place.control), "%s/control", place.folder);
	return place;
}

static void leave(const struct place *place)
{
	unlink(place->socket);
	unlink(place->control);
	CHECK_EQUAL(rmdir(place->folder), 0);
}

static pid_t start(const struct place *place, const char *option)
{
	pid_t child = fork();
	int nowhere;

	if (child != 0)
		return child;
	nowhere = open("/dev/null", O_RDWR);
	dup2(nowhere, 2);
	execl(getenv("NVLINK_MODEL"), "nvlink-model", "--socket", place->socket, "--control", place->control,
	      option, (char *)NULL);
	_exit(127);
}

/** The status with which the program ends; -1: it does not. */
static int end_of(pid_t child)
{
	for (int i = 0; i < WAIT_MS; i++) {
		int status;

		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		usleep(1000);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return -1;
}

/** Connects as soon as something listens; -1: nothing does. */
static int reach(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	for (int i = 0; i < WAIT_MS; i++) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
			return fd;
		close(fd);
		usleep(1000);
	}
	return -1;
}

static bool answers(int control)
{
	struct pollfd file = { .fd = control, .events = POLLIN };
	char answer[8192] = "";

	return send(control, "status\n", 7, MSG_NOSIGNAL) == 7 && poll(&file, 1, WAIT_MS) == 1 &&
	       recv(control, answer, sizeof(answer) - 1, 0) > 0 && strstr(answer, "\"ok\":true") != NULL;
}

static void exchange_versions(int fd)
{
	struct {
		struct vfio_header header;
		struct vfio_version version;
		char capabilities[4];
	} message = { { .command = VFIO_VERSION, .size = sizeof(message) }, { 0, 1 }, "{}" };
	char answer[256];

	CHECK_EQUAL(send(fd, &message, sizeof(message), MSG_NOSIGNAL), sizeof(message));
	CHECK(recv(fd, answer, sizeof(answer), 0) > (ssize_t)sizeof(struct vfio_header));
}

static bool exists(const char *path)
{
	struct stat found;

	return lstat(path, &found) == 0;
}

static void test_ends_cleanly(void)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };

	for (size_t i = 0; i < 3; i++) {
		struct place place = place_of_its_own();
		pid_t child = start(&place, "--trained");
		int control = reach(place.control);
		struct stat found;

		CHECK(answers(control));
		CHECK(stat(place.socket, &found) == 0 && (found.st_mode & 077) == 0);
		kill(child, signals[i]);
		CHECK_EQUAL(end_of(child), 0);
		CHECK(!exists(place.socket) && !exists(place.control));
		close(control);
		leave(&place);
	}
}

static void test_quit(void)
{
	struct place place = place_of_its_own();
	pid_t child = start(&place, "--trained");
	int control = reach(place.control);

	CHECK_EQUAL(send(control, "quit\n", 5, MSG_NOSIGNAL), 5);
	CHECK_EQUAL(end_of(child), 0);
	CHECK(!exists(place.socket) && !exists(place.control));
	close(control);
	leave(&place);
}

static void test_live_socket(void)
{
	struct place place = place_of_its_own();
	pid_t first = start(&place, "--trained"), second;
	int control = reach(place.control);

	second = start(&place, "--trained");
	CHECK_EQUAL(end_of(second), 1);
	CHECK(answers(control));
	CHECK(exists(place.socket) && exists(place.control));
	kill(first, SIGTERM);
	CHECK_EQUAL(end_of(first), 0);
	close(control);
	leave(&place);
}

static void test_stale_socket(void)
{
	struct place place = place_of_its_own();
	pid_t child = start(&place, "--trained");
	int control = reach(place.control);

	close(control);
	kill(child, SIGKILL);
	CHECK_EQUAL(end_of(child), 128 + SIGKILL);
	CHECK(exists(place.socket));
	child = start(&place, "--trained");
	control = reach(place.control);
	CHECK(answers(control));
	kill(child, SIGTERM);
	CHECK_EQUAL(end_of(child), 0);
	close(control);
	leave(&place);
}

static void test_other_file(void)
{
	struct place place = place_of_its_own();
	int fd = open(place.socket, O_CREAT | O_WRONLY, 0600);

	close(fd);
	CHECK_EQUAL(end_of(start(&place, "--trained")), 1);
	CHECK(exists(place.socket) && !exists(place.control));
	leave(&place);
}

static void test_host_leaves(void)
{
	struct place place = place_of_its_own();
	pid_t child = start(&place, "--trained");
	int host = reach(place.socket), control = reach(place.control);

	/* Somebody who only knocks is no host. */
	close(host);
	CHECK(answers(control));
	host = reach(place.socket);
	exchange_versions(host);
	close(host);
	CHECK_EQUAL(end_of(child), 0);
	close(control);
	leave(&place);
}

static void test_persist(void)
{
	struct place place = place_of_its_own();
	pid_t child = start(&place, "--persist");
	int host, control = reach(place.control);

	for (int i = 0; i < 2; i++) {
		host = reach(place.socket);
		exchange_versions(host);
		close(host);
		CHECK(answers(control));
	}
	kill(child, SIGTERM);
	CHECK_EQUAL(end_of(child), 0);
	close(control);
	leave(&place);
}

static void test_wrong_options(void)
{
	struct place place = place_of_its_own();

	CHECK_EQUAL(end_of(start(&place, "--nonsense")), 2);
	CHECK_EQUAL(end_of(start(&place, "--peer-listen=tcp:192.0.2.1:99")), 1);
	CHECK_EQUAL(end_of(start(&place, "--peer-connect=tcp:localhost")), 1);
	CHECK(!exists(place.socket) && !exists(place.control));
	leave(&place);
}

static const struct test tests[] = {
	{ "it ends when told and leaves no socket behind", test_ends_cleanly },
	{ "it ends when a command says so", test_quit },
	{ "it does not start where another one listens, and leaves that alone", test_live_socket },
	{ "it takes the place of one that was killed", test_stale_socket },
	{ "it does not touch a file that is no socket", test_other_file },
	{ "it ends with its host, not with somebody who only knocks", test_host_leaves },
	{ "with --persist it awaits the next host", test_persist },
	{ "it does not start with options that cannot be", test_wrong_options },
};

const struct suite process_suite = SUITE("process", tests);
