// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../crc32.h"
#include "ring.h"

#define MS UINT64_C(1000)
#define REMOTE(gpu) (NVLINK_REMOTE_GPU | (gpu))

struct pair {
	struct lab *a, *b;
};

/** Both machines live on; steps of a millisecond. */
static void pass(struct pair *pair, unsigned int milliseconds)
{
	for (unsigned int i = 0; i <= milliseconds; i++) {
		for (int turn = 0; turn < 3; turn++) {
			lab_settle(pair->a);
			lab_settle(pair->b);
		}
		if (i == milliseconds)
			break;
		lab_pass(pair->a, MS);
		lab_pass(pair->b, 0);
	}
}

static void prepare(struct lab *lab)
{
	lab_connect(lab);
	lab_set_pci_command(lab, 6);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, 1);
	lab_open_window(lab, 0, 0, UINT64_C(1) << 32, 3);
	lab_use_msix(lab);
}

static void join(struct pair *pair)
{
	int ends[2];

	CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	CHECK(peer_take_connection(pair->a->model, ends[0]));
	CHECK(peer_take_connection(pair->b->model, ends[1]));
	pass(pair, 0);
}

static struct pair open_pair(void)
{
	static const char *const words_a[] = { "--links", "gpu0,gpu1,host0,host0", NULL };
	static const char *const words_b[] = { "--links", "host0,gpu0,gpu1,host0", "--serial", "8", NULL };
	struct pair pair = { lab_open(words_a), lab_open(words_b) };

	prepare(pair.a);
	prepare(pair.b);
	return pair;
}

static void train(struct lab *lab)
{
	for (unsigned int i = 0; i < 4; i++)
		lab_write(lab, NVLINK_REG_LINK_CONTROL(i), NVLINK_COMMAND_TRAIN);
}

static struct pair trained_pair(void)
{
	struct pair pair = open_pair();

	join(&pair);
	train(pair.a);
	train(pair.b);
	pass(&pair, 25);
	return pair;
}

static void close_pair(struct pair *pair)
{
	lab_close(pair->a);
	lab_close(pair->b);
}

static uint32_t state(struct lab *lab, unsigned int link)
{
	return lab_read(lab, NVLINK_REG_LINK_STATE(link));
}

static struct nvlink_completion run(struct pair *pair, const struct nvlink_descriptor *descriptor,
				    unsigned int milliseconds)
{
	ring_enable(pair->a, 0);
	ring_put(pair->a, 0, 0, descriptor);
	ring_tell(pair->a, 0, 1);
	pass(pair, milliseconds);
	return ring_completion(pair->a, 0, 0);
}

static void test_both_sides(void)
{
	struct pair pair = open_pair();

	train(pair.a);
	pass(&pair, 50);
	CHECK_EQUAL(state(pair.a, 0), NVLINK_STATE_HS);
	CHECK_EQUAL(state(pair.a, 2), NVLINK_STATE_DETECT);
	join(&pair);
	pass(&pair, 50);
	CHECK_EQUAL(state(pair.a, 2), NVLINK_STATE_DETECT);
	train(pair.b);
	pass(&pair, 25);
	CHECK_EQUAL(state(pair.a, 2), NVLINK_STATE_HS);
	CHECK_EQUAL(state(pair.a, 3), NVLINK_STATE_HS);
	CHECK_EQUAL(state(pair.b, 0), NVLINK_STATE_HS);
	CHECK_EQUAL(state(pair.b, 3), NVLINK_STATE_HS);
	CHECK_TEXT(lab_command(pair.a, "status"), "\"peer\":true");
	close_pair(&pair);
}

static void test_down(void)
{
	struct pair pair = trained_pair();

	lab_command(pair.a, "link 2 down");
	pass(&pair, 1);
	CHECK_EQUAL(state(pair.a, 2), NVLINK_STATE_FAULT);
	CHECK_EQUAL(state(pair.b, 0), NVLINK_STATE_FAULT);
	CHECK_EQUAL(lab_read(pair.b, NVLINK_REG_LINK_ERROR(0)), NVLINK_ERROR_LOST);
	CHECK(lab_interrupts(pair.b, NVLINK_CAUSE_LINK) > 0);
	CHECK_EQUAL(state(pair.b, 3), NVLINK_STATE_HS);
	lab_command(pair.a, "link 2 up");
	lab_write(pair.a, NVLINK_REG_LINK_CONTROL(2), NVLINK_COMMAND_RESET);
	lab_write(pair.b, NVLINK_REG_LINK_CONTROL(0), NVLINK_COMMAND_RESET);
	pass(&pair, 5);
	train(pair.a);
	train(pair.b);
	pass(&pair, 25);
	CHECK_EQUAL(state(pair.a, 2), NVLINK_STATE_HS);
	CHECK_EQUAL(state(pair.b, 0), NVLINK_STATE_HS);
	lab_write(pair.b, NVLINK_REG_LINK_CONTROL(3), NVLINK_COMMAND_OFF);
	pass(&pair, 1);
	CHECK_EQUAL(state(pair.a, 3), NVLINK_STATE_FAULT);
	close_pair(&pair);
}

/** A link that the lab parts is parted for both machines, also while they train it. */
static void test_down_while_training(void)
{
	struct pair pair = trained_pair();

	lab_command(pair.a, "link 2 down");
	pass(&pair, 1);
	lab_write(pair.a, NVLINK_REG_LINK_CONTROL(2), NVLINK_COMMAND_RESET);
	lab_write(pair.b, NVLINK_REG_LINK_CONTROL(0), NVLINK_COMMAND_RESET);
	pass(&pair, 5);
	train(pair.a);
	train(pair.b);
	pass(&pair, 50);
	CHECK_EQUAL(state(pair.a, 2), NVLINK_STATE_DETECT);
	CHECK_EQUAL(state(pair.b, 0), NVLINK_STATE_DETECT);
	lab_pass(pair.b, 60000 * MS);
	CHECK_EQUAL(state(pair.b, 0), NVLINK_STATE_DETECT);
	lab_command(pair.a, "link 2 up");
	pass(&pair, 25);
	CHECK_EQUAL(state(pair.a, 2), NVLINK_STATE_HS);
	CHECK_EQUAL(state(pair.b, 0), NVLINK_STATE_HS);
	close_pair(&pair);
}

static void test_machine_gone(void)
{
	struct pair pair = trained_pair();

	peer_drop(pair.b->model);
	pass(&pair, 1);
	CHECK_EQUAL(state(pair.a, 2), NVLINK_STATE_FAULT);
	CHECK_EQUAL(state(pair.a, 3), NVLINK_STATE_FAULT);
	CHECK_EQUAL(state(pair.b, 0), NVLINK_STATE_FAULT);
	CHECK_EQUAL(state(pair.a, 0), NVLINK_STATE_HS);
	close_pair(&pair);
}

static void test_removal_is_seen(void)
{
	struct pair pair = trained_pair();

	lab_command(pair.b, "remove");
	pass(&pair, 1);
	CHECK_EQUAL(state(pair.a, 2), NVLINK_STATE_FAULT);
	close_pair(&pair);
}

static void test_memory(void)
{
	struct pair pair = trained_pair();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT + 3, 100, 300000);
	struct nvlink_completion completion;
	uint8_t *remote = pair.b->model->gpus[1].memory;

	lab_fill(pair.a->memory, 300003, 11);
	descriptor.destination_gpu = REMOTE(1);
	completion = run(&pair, &descriptor, 5);
	CHECK_EQUAL(completion.error, NVLINK_ERROR_NONE);
	CHECK_EQUAL(completion.bytes, 300000);
	CHECK(memcmp(remote + 100, pair.a->memory + 3, 300000) == 0);
	CHECK_EQUAL(pair.a->model->links[2].tx_bytes + pair.a->model->links[3].tx_bytes, 300000);
	CHECK_EQUAL(pair.b->model->links[0].rx_bytes + pair.b->model->links[3].rx_bytes, 300000);
	CHECK_EQUAL(pair.b->model->links[2].tx_bytes, 300000);

	descriptor = ring_descriptor(NVLINK_OPCODE_WRITE, 100, MEMORY_AT + 0x100000, 300000);
	descriptor.source_gpu = REMOTE(1);
	completion = run(&pair, &descriptor, 5);
	CHECK_EQUAL(completion.error, NVLINK_ERROR_NONE);
	CHECK(memcmp(pair.a->memory + 0x100000, remote + 100, 300000) == 0);
	CHECK_EQUAL(pair.a->model->links[2].rx_bytes + pair.a->model->links[3].rx_bytes, 300000);

	descriptor = ring_descriptor(NVLINK_OPCODE_FILL, 0, 50, 200001);
	descriptor.destination_gpu = REMOTE(0);
	descriptor.pattern = UINT64_C(0x8877665544332211);
	CHECK_EQUAL(run(&pair, &descriptor, 5).error, NVLINK_ERROR_NONE);
	CHECK_EQUAL(pair.b->model->gpus[0].memory[50], 0x11);
	CHECK_EQUAL(pair.b->model->gpus[0].memory[50 + 200000], 0x11);
	CHECK_EQUAL(pair.b->model->gpus[0].memory[50 + 200001], 0);
	close_pair(&pair);
}

static void test_errors(void)
{
	struct pair pair = trained_pair();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 1u << 20, 64);

	descriptor.destination_gpu = REMOTE(0);
	CHECK_EQUAL(run(&pair, &descriptor, 2).error, NVLINK_ERROR_GPU_ADDRESS);
	descriptor.destination = 0;
	descriptor.destination_gpu = REMOTE(2);
	CHECK_EQUAL(run(&pair, &descriptor, 2).error, NVLINK_ERROR_NO_GPU);
	descriptor.destination_gpu = REMOTE(0);
	lab_write(pair.b, NVLINK_REG_LINK_CONTROL(1), NVLINK_COMMAND_OFF);
	CHECK_EQUAL(run(&pair, &descriptor, 2).error, NVLINK_ERROR_LINK_DOWN);
	lab_write(pair.b, NVLINK_REG_LINK_CONTROL(0), NVLINK_COMMAND_OFF);
	lab_write(pair.b, NVLINK_REG_LINK_CONTROL(3), NVLINK_COMMAND_OFF);
	CHECK_EQUAL(run(&pair, &descriptor, 2).error, NVLINK_ERROR_LINK_DOWN);
	close_pair(&pair);
}

/** The other machine is there and does not answer: the watchdog ends the transfer, the channel lives on. */
static void test_silence(void)
{
	struct pair pair = trained_pair();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 64);

	descriptor.destination_gpu = REMOTE(0);
	ring_enable(pair.a, 0);
	ring_put(pair.a, 0, 0, &descriptor);
	ring_tell(pair.a, 0, 1);
	lab_pass(pair.a, 1001 * MS);
	CHECK_EQUAL(ring_completion(pair.a, 0, 0).error, NVLINK_ERROR_WATCHDOG);
	CHECK_EQUAL(lab_read(pair.a, NVLINK_REG_CHANNEL_STATUS(0)), 0);
	pass(&pair, 1);
	CHECK_EQUAL(run(&pair, &descriptor, 2).error, NVLINK_ERROR_NONE);
	close_pair(&pair);
}

static void test_gone_in_transfer(void)
{
	struct pair pair = trained_pair();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_READ, MEMORY_AT, 0, 64);
	uint32_t error;

	descriptor.destination_gpu = REMOTE(0);
	ring_enable(pair.a, 0);
	ring_put(pair.a, 0, 0, &descriptor);
	ring_tell(pair.a, 0, 1);
	lab_settle(pair.a);
	peer_drop(pair.b->model);
	pass(&pair, 1);
	error = ring_completion(pair.a, 0, 0).error;
	CHECK(error == NVLINK_ERROR_REMOTE);
	close_pair(&pair);
}

static void test_call(void)
{
	struct pair pair = trained_pair();
	struct nvlink_descriptor descriptor = ring_descriptor(NVLINK_OPCODE_CALL, MEMORY_AT, MEMORY_AT + 4096,
							      64);
	struct nvlink_call request = { .command = NVLINK_CALL_CHECKSUM, .argument = { 10, 900000 } };
	struct nvlink_answer answer;

	lab_fill(pair.b->model->gpus[1].memory, 1 << 20, 12);
	descriptor.destination_gpu = REMOTE(1);
	descriptor.pattern = sizeof(answer);
	memcpy(pair.a->memory, &request, sizeof(request));
	CHECK_EQUAL(run(&pair, &descriptor, 3).error, NVLINK_ERROR_NONE);
	memcpy(&answer, pair.a->memory + 4096, sizeof(answer));
	CHECK_EQUAL(answer.error, NVLINK_ERROR_NONE);
	CHECK_EQUAL(answer.result[0], crc32_add(0, pair.b->model->gpus[1].memory + 10, 900000));
	request.command = NVLINK_CALL_INFO;
	memcpy(pair.a->memory, &request, sizeof(request));
	CHECK_EQUAL(run(&pair, &descriptor, 3).error, NVLINK_ERROR_NONE);
	memcpy(&answer, pair.a->memory + 4096, sizeof(answer));
	CHECK_EQUAL(answer.result[0], 1 << 20);
	CHECK_EQUAL(answer.result[1], 8 << 8 | 1);
	request.command = 77;
	memcpy(pair.a->memory, &request, sizeof(request));
	CHECK_EQUAL(run(&pair, &descriptor, 3).error, NVLINK_ERROR_CALL);
	close_pair(&pair);
}

static void test_sockets(const char *listen, const char *connect)
{
	const char *const words_a[] = { "--links", "host0", "--trained", "--peer-connect", connect, NULL };
	const char *const words_b[] = { "--links", "host0", "--trained", "--peer-listen", listen, NULL };
	struct pair pair = { .a = lab_open(words_a) };

	pair.b = lab_open(words_b);
	pass(&pair, 500);
	CHECK(peer_is_there(&pair.a->model->peer));
	CHECK_EQUAL(pair.a->model->links[0].state, NVLINK_STATE_HS);
	CHECK_EQUAL(pair.b->model->links[0].state, NVLINK_STATE_HS);
	peer_drop(pair.b->model);
	pass(&pair, 10);
	CHECK_EQUAL(pair.a->model->links[0].state, NVLINK_STATE_FAULT);
	pass(&pair, 500);
	CHECK(peer_is_there(&pair.b->model->peer));
	close_pair(&pair);
}

static void test_unix(void)
{
	char path[64], address[80];

	snprintf(path, sizeof(path), "/tmp/nvlink-peer-%ld", (long)getpid());
	snprintf(address, sizeof(address), "unix:%s", path);
	test_sockets(address, address);
	CHECK(access(path, F_OK) != 0);
}

static void test_tcp(void)
{
	char address[64];

	snprintf(address, sizeof(address), "tcp:127.0.0.1:%u", 20000u + (unsigned int)getpid() % 20000u);
	test_sockets(address, address);
}

static void send_message(struct lab *lab, int fd, const struct peer_header *header)
{
	send(fd, header, sizeof(*header), MSG_NOSIGNAL);
	lab_settle(lab);
}

static const struct peer_header hello = {
	.magic = PEER_MAGIC, .kind = PEER_HELLO, .argument = PEER_VERSION, .count = 2
};

/** A model with a host link, and our end of its connection with another machine. */
static struct lab *lab_with_peer(int *end)
{
	static const char *const words[] = { "--links", "gpu0,host0,host0", NULL };
	struct lab *lab = lab_open(words);
	int ends[2];

	CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	CHECK(peer_take_connection(lab->model, ends[1]));
	lab_settle(lab);
	*end = ends[0];
	return lab;
}

/** The time-out of the credits begins when the partner is there, however long it was waited for. */
static void test_no_credits(void)
{
	static const struct peer_header detects = {
		.magic = PEER_MAGIC, .kind = PEER_STATE, .argument = NVLINK_STATE_DETECT
	};
	int end;
	struct lab *lab = lab_with_peer(&end);

	lab_connect(lab);
	lab_write(lab, NVLINK_REG_GLOBAL_CONTROL, 1);
	send_message(lab, end, &hello);
	lab_write(lab, NVLINK_REG_LINK_CONTROL(1), NVLINK_COMMAND_TRAIN);
	lab_pass(lab, 60000 * MS);
	CHECK_EQUAL(state(lab, 1), NVLINK_STATE_DETECT);
	send_message(lab, end, &detects);
	lab_pass(lab, (NVLINK_TIME_HS_MS - 10) * MS);
	CHECK_EQUAL(state(lab, 1), NVLINK_STATE_INITTL);
	lab_pass(lab, 20 * MS);
	CHECK_EQUAL(state(lab, 1), NVLINK_STATE_FAIL);
	CHECK_EQUAL(lab_read(lab, NVLINK_REG_LINK_ERROR(1)), NVLINK_ERROR_TRAINING);
	close(end);
	lab_close(lab);
}

/** Who never says who it is does not keep the other machine from its place. */
static void test_no_greeting(void)
{
	int end;
	struct lab *lab = lab_with_peer(&end);

	lab_pass(lab, 1900 * MS);
	CHECK(lab->model->peer.connection != NULL);
	lab_pass(lab, 200 * MS);
	CHECK(lab->model->peer.connection == NULL);
	close(end);
	lab_close(lab);
	lab = lab_with_peer(&end);
	send_message(lab, end, &hello);
	lab_pass(lab, 60000 * MS);
	CHECK(peer_is_there(&lab->model->peer));
	close(end);
	lab_close(lab);
}

/** What another program could send instead of a model. */
static void test_nonsense(void)
{
	static const struct {
		bool greets;
		struct peer_header header;
	} wrong[] = {
		{ false, { .magic = 1, .kind = PEER_HELLO, .argument = PEER_VERSION } },
		{ false, { .magic = PEER_MAGIC, .kind = PEER_HELLO, .argument = PEER_VERSION + 1 } },
		{ false, { .magic = PEER_MAGIC, .kind = PEER_STATE } },
		{ true, { .magic = PEER_MAGIC, .kind = PEER_HELLO, .argument = PEER_VERSION } },
		{ true, { .magic = PEER_MAGIC, .kind = PEER_STATE, .port = 2 } },
		{ true, { .magic = PEER_MAGIC, .kind = PEER_STATE, .argument = NVLINK_STATE_COUNT } },
		{ true, { .magic = PEER_MAGIC, .kind = PEER_READ, .length = PEER_DATA_MAX + 1 } },
		{ true, { .magic = PEER_MAGIC, .kind = PEER_READ, .count = PEER_DATA_MAX + 1 } },
		{ true, { .magic = PEER_MAGIC, .kind = PEER_READ, .count = 0 } },
		{ true, { .magic = PEER_MAGIC, .kind = PEER_WRITE, .length = 0 } },
		{ true, { .magic = PEER_MAGIC, .kind = PEER_CALL, .length = 0 } },
		{ true, { .magic = PEER_MAGIC, .kind = PEER_KINDS } },
		{ true, { .magic = PEER_MAGIC, .kind = 0xffff } },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int end;
		struct lab *lab = lab_with_peer(&end);

		if (wrong[i].greets) {
			send_message(lab, end, &hello);
			CHECK(peer_is_there(&lab->model->peer));
		}
		send_message(lab, end, &wrong[i].header);
		CHECK(lab->model->peer.connection == NULL);
		close(end);
		lab_close(lab);
	}
}

static const struct test tests[] = {
	{ "a host link trains when both machines train it", test_both_sides },
	{ "a link that goes down on one machine is lost on the other", test_down },
	{ "a link that is down on one machine waits on both", test_down_while_training },
	{ "credits that never come end training, however long the partner was waited for", test_no_credits },
	{ "a connection that does not greet is ended", test_no_greeting },
	{ "the other machine's end is the end of the links to it", test_machine_gone },
	{ "a controller that is removed is missed by the other machine", test_removal_is_seen },
	{ "memory of the other machine's GPUs is read, written and filled", test_memory },
	{ "the other machine's errors come back", test_errors },
	{ "another machine that does not answer is the watchdog's business", test_silence },
	{ "another machine that leaves in the middle ends the transfer", test_gone_in_transfer },
	{ "calls reach the other machine's GPUs", test_call },
	{ "models meet over a unix socket, and again after they were parted", test_unix },
	{ "models meet over TCP on the loopback interface", test_tcp },
	{ "messages that are none end the connection", test_nonsense },
};

const struct suite peer_suite = SUITE("peers", tests);
