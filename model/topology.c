// SPDX-License-Identifier: Apache-2.0
#include "topology.h"

#include <string.h>

#include "number.h"

/** Copies the text up to the next comma into the word and goes behind it; false: the end, or too long a word. */
static bool next_word(const char **text, char *word, size_t room)
{
	size_t length = strcspn(*text, ",");

	if (length == 0 || length >= room)
		return false;
	memcpy(word, *text, length);
	word[length] = '\0';
	*text += length;
	if (**text != ',')
		return true;
	(*text)++;
	return **text != '\0';
}

static bool read_link(struct link_option *link, const char *word)
{
	uint64_t index;

	if (strncmp(word, "gpu", 3) == 0) {
		link->peer = NVLINK_PEER_GPU;
		word += 3;
	} else if (strncmp(word, "host", 4) == 0) {
		link->peer = NVLINK_PEER_HOST;
		word += 4;
	} else {
		return false;
	}
	if (!number_read(word, NVLINK_GPUS_MAX - 1, &index))
		return false;
	link->index = (uint8_t)index;
	return true;
}

bool topology_read_links(struct options *options, const char *text)
{
	char word[16];

	options->links = 0;
	while (*text != '\0') {
		if (options->links == NVLINK_LINKS_MAX || !next_word(&text, word, sizeof(word)) ||
		    !read_link(&options->link[options->links], word))
			return false;
		options->links++;
	}
	return options->links > 0;
}

bool topology_read_gpus(struct options *options, const char *text)
{
	char word[24];
	uint64_t bytes;

	options->gpus = 0;
	while (*text != '\0') {
		if (options->gpus == NVLINK_GPUS_MAX || !next_word(&text, word, sizeof(word)) ||
		    !number_read_size(word, GPU_BYTES_MAX, &bytes) || bytes == 0 || bytes % 4096 != 0)
			return false;
		options->gpu_bytes[options->gpus++] = bytes;
	}
	return options->gpus > 0;
}

static bool read_pair(struct options *options, char *word)
{
	char *second = strchr(word, '-');
	char *links = second == NULL ? NULL : strchr(second, ':');
	uint64_t a, b, count;

	if (links == NULL)
		return false;
	*second++ = '\0';
	*links++ = '\0';
	if (!number_read(word, NVLINK_GPUS_MAX - 1, &a) || !number_read(second, NVLINK_GPUS_MAX - 1, &b) ||
	    !number_read(links, 15, &count) || a == b)
		return false;
	options->adjacent[a][b] = options->adjacent[b][a] = (uint8_t)count;
	return true;
}

bool topology_read_adjacent(struct options *options, const char *text)
{
	char word[24];

	while (*text != '\0') {
		if (!next_word(&text, word, sizeof(word)) || !read_pair(options, word))
			return false;
	}
	return true;
}

const char *topology_fault(const struct options *options)
{
	for (unsigned int i = 0; i < options->links; i++) {
		if (options->link[i].peer == NVLINK_PEER_GPU && options->link[i].index >= options->gpus)
			return "a link leads to a GPU that there is not";
	}
	for (unsigned int a = 0; a < NVLINK_GPUS_MAX; a++) {
		for (unsigned int b = options->gpus; b < NVLINK_GPUS_MAX; b++) {
			if (options->adjacent[a][b] != 0)
				return "a GPU is adjacent to one that there is not";
		}
	}
	return NULL;
}
