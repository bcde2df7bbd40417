// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab.h"

static int client(struct lab *lab)
{
	int ends[2];

	CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	control_take_connection(lab->model, ends[1]);
	return ends[0];
}

static const char *say(struct lab *lab, int fd, const char *text)
{
	static char answer[COMMAND_ANSWER_MAX];
	ssize_t got;

	send(fd, text, strlen(text), MSG_NOSIGNAL);
	lab_settle(lab);
	got = recv(fd, answer, sizeof(answer) - 1, 0);
	answer[got > 0 ? got : 0] = '\0';
	return answer;
}

static void test_lines(void)
{
	struct lab *lab = lab_open(NULL);
	int fd = client(lab);

	CHECK(strcmp(say(lab, fd, "link 0 up\n"), "{\"ok\":true}\n") == 0);
	CHECK(strcmp(say(lab, fd, "link 0 up\nlink 1 up\n"), "{\"ok\":true}\n{\"ok\":true}\n") == 0);
	CHECK(strcmp(say(lab, fd, "link 0"), "") == 0);
	CHECK(strcmp(say(lab, fd, " up\r\n"), "{\"ok\":true}\n") == 0);
	CHECK_TEXT(say(lab, fd, "\n"), "\"ok\":false");
	close(fd);
	lab_settle(lab);
	CHECK(!lab->model->has_to_quit);
	lab_close(lab);
}

static void test_many(void)
{
	struct lab *lab = lab_open(NULL);
	int fds[CONTROL_CLIENTS_MAX + 1];
	char byte;

	for (size_t i = 0; i <= CONTROL_CLIENTS_MAX; i++)
		fds[i] = client(lab);
	CHECK_EQUAL(recv(fds[CONTROL_CLIENTS_MAX], &byte, 1, 0), 0);
	CHECK_TEXT(say(lab, fds[0], "status\n"), "\"ok\":true");
	for (size_t i = 0; i <= CONTROL_CLIENTS_MAX; i++)
		close(fds[i]);
	lab_settle(lab);
	fds[0] = client(lab);
	CHECK_TEXT(say(lab, fds[0], "status\n"), "\"ok\":true");
	close(fds[0]);
	lab_close(lab);
}

static void test_endless_line(void)
{
	struct lab *lab = lab_open(NULL);
	int fd = client(lab);
	char text[COMMAND_LINE_MAX + 2];

	memset(text, 'x', sizeof(text));
	send(fd, text, sizeof(text), MSG_NOSIGNAL);
	lab_settle(lab);
	CHECK(lab->model->control.clients[0].watcher == NULL);
	close(fd);
	lab_close(lab);
}

static void test_deaf(void)
{
	struct lab *lab = lab_open(NULL);
	int fd = client(lab);

	for (int i = 0; i < 2000 && lab->model->control.clients[0].watcher != NULL; i++) {
		send(fd, "status\n", 7, MSG_NOSIGNAL);
		loop_once(&lab->model->loop, true);
	}
	CHECK(lab->model->control.clients[0].watcher == NULL);
	close(fd);
	lab_close(lab);
}

static const struct test tests[] = {
	{ "a line is a command, in whatever pieces it comes", test_lines },
	{ "clients come and go, and one too many is sent away", test_many },
	{ "a line without an end is cut off", test_endless_line },
	{ "a client that does not read its answers is cut off", test_deaf },
};

const struct suite control_suite = SUITE("control socket", tests);
