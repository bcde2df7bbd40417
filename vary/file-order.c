// SPDX-License-Identifier: Apache-2.0
/*
 * Preloaded into a build: readdir gives the entries of each folder in another order, as another file system
 * would. The order depends on NVLAB_FILE_ORDER (a number) and the names alone, so that what it breaks breaks again.
 * Does not reach programs that are linked statically, nor glob and nftw of the C library.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))
#define BUCKETS 64

/* What is left to give of an open folder. */
struct listing {
	DIR *dir;
	struct listing *next;
	struct dirent **entries;
	size_t count;
	size_t given;
};

static struct listing *buckets[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

_Static_assert(sizeof(struct dirent) == sizeof(struct dirent64), "readdir and readdir64 give the same");

static void *next_symbol(const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (symbol == NULL)
		abort();
	return symbol;
}

static struct listing **find(DIR *dir)
{
	struct listing **at = &buckets[((uintptr_t)dir >> 4) % BUCKETS];

	while (*at != NULL && (*at)->dir != dir)
		at = &(*at)->next;
	return at;
}

static void forget(DIR *dir)
{
	pthread_mutex_lock(&lock);
	struct listing **at = find(dir);
	struct listing *listing = *at;

	if (listing != NULL)
		*at = listing->next;
	pthread_mutex_unlock(&lock);
	if (listing == NULL)
		return;
	for (size_t index = 0; index < listing->count; index++)
		free(listing->entries[index]);
	free(listing->entries);
	free(listing);
}

/* FNV-1a, seeded, with a finish that spreads the last bytes of a name over all bits. */
static uint64_t rank_of(const char *name, uint64_t seed)
{
	uint64_t hash = 14695981039346656037u ^ (seed * 0x9e3779b97f4a7c15u);

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 1099511628211u;
	hash ^= hash >> 31;
	hash *= 0xbf58476d1ce4e5b9u;
	return hash ^ (hash >> 29);
}

static uint64_t seed_of_environment(void)
{
	const char *text = getenv("NVLAB_FILE_ORDER");

	return text == NULL ? 1 : strtoull(text, NULL, 10);
}

static int by_rank(const void *left, const void *right, void *seed)
{
	uint64_t a = rank_of((*(struct dirent *const *)left)->d_name, *(uint64_t *)seed);
	uint64_t b = rank_of((*(struct dirent *const *)right)->d_name, *(uint64_t *)seed);

	return (a > b) - (a < b);
}

static void shuffle(struct dirent **entries, size_t count)
{
	uint64_t seed = seed_of_environment();

	if (count > 1)
		qsort_r(entries, count, sizeof(*entries), by_rank, &seed);
}

static struct dirent *copy_of(const struct dirent *entry)
{
	struct dirent *copy = malloc(entry->d_reclen > sizeof(*entry) ? entry->d_reclen : sizeof(*entry));

	if (copy != NULL)
		memcpy(copy, entry, entry->d_reclen);
	return copy;
}

/* Reads a folder to its end. NULL where memory or the folder fails: it is then given as it comes. */
static struct listing *read_all(DIR *dir)
{
	struct dirent *(*read_next)(DIR *) = (struct dirent *(*)(DIR *))next_symbol("readdir");
	struct listing *listing = calloc(1, sizeof(*listing));
	size_t room = 0;

	if (listing == NULL)
		return NULL;
	listing->dir = dir;
	for (struct dirent *entry = read_next(dir); entry != NULL; entry = read_next(dir)) {
		if (listing->count == room) {
			room = room == 0 ? 32 : room * 2;
			struct dirent **more = realloc(listing->entries, room * sizeof(*more));

			if (more == NULL)
				abort();
			listing->entries = more;
		}
		struct dirent *copy = copy_of(entry);

		if (copy == NULL)
			abort();
		listing->entries[listing->count++] = copy;
	}
	shuffle(listing->entries, listing->count);
	return listing;
}

EXPORT struct dirent *readdir(DIR *dir)
{
	pthread_mutex_lock(&lock);
	struct listing **at = find(dir);

	if (*at == NULL)
		*at = read_all(dir);
	struct listing *listing = *at;
	struct dirent *entry = NULL;

	if (listing != NULL && listing->given < listing->count)
		entry = listing->entries[listing->given++];
	pthread_mutex_unlock(&lock);
	return entry;
}

EXPORT struct dirent64 *readdir64(DIR *dir)
{
	return (struct dirent64 *)readdir(dir);
}

EXPORT int closedir(DIR *dir)
{
	int (*close_dir)(DIR *) = (int (*)(DIR *))next_symbol("closedir");

	forget(dir);
	return close_dir(dir);
}

EXPORT void rewinddir(DIR *dir)
{
	void (*rewind_dir)(DIR *) = (void (*)(DIR *))next_symbol("rewinddir");

	forget(dir);
	rewind_dir(dir);
}

EXPORT long telldir(DIR *dir)
{
	pthread_mutex_lock(&lock);
	struct listing *listing = *find(dir);
	long at = listing == NULL ? 0 : (long)listing->given;

	pthread_mutex_unlock(&lock);
	return at;
}

EXPORT void seekdir(DIR *dir, long at)
{
	pthread_mutex_lock(&lock);
	struct listing *listing = *find(dir);

	if (listing != NULL && at >= 0 && (size_t)at <= listing->count)
		listing->given = (size_t)at;
	pthread_mutex_unlock(&lock);
}

typedef int select_entry(const struct dirent *entry);
typedef int compare_entries(const struct dirent **left, const struct dirent **right);
typedef int scan(const char *path, struct dirent ***entries, select_entry *wanted, compare_entries *compare);

/* Who asks for an order gets it. */
EXPORT int scandir(const char *path, struct dirent ***entries, select_entry *wanted, compare_entries *compare)
{
	scan *scan_next = (scan *)next_symbol("scandir");
	int count = scan_next(path, entries, wanted, compare);

	if (compare == NULL && count > 0)
		shuffle(*entries, (size_t)count);
	return count;
}
