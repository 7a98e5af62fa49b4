// SPDX-License-Identifier: Apache-2.0
#include "runner/kept_filter.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The folder of root, whose HOME may be that of the user behind sudo. */
#define ROOT_PARENT "/var/cache"

#define FOLDER_NAME "security-profiles-operator-filters"

#define MAGIC "spoc filter 1\n"

struct header {
	char magic[16];
	char key[KEPT_FILTER_KEY_SIZE];
	uint32_t flags;
	uint32_t instruction_count;
	uint32_t notes_size;
};

struct entry {
	struct header header;
	struct sock_filter instructions[BPF_MAXINSNS];
	char notes[sizeof(((struct kept_notes *)NULL)->text)];
	uint8_t digest[SHA256_SIZE]; /* Follows at once what there is of instructions and notes. */
};

/* Names of files are the first digits of the key, so that their number is limited, and the newest of two stays. */
struct name {
	char text[8];
};

static struct name name_of(const char *key, const char *end)
{
	struct name name;

	snprintf(name.text, sizeof(name.text), "%.2s%s", key, end);
	return name;
}

void kept_notes_add(struct kept_notes *notes, const char *line)
{
	int size = snprintf(notes->text + notes->size, sizeof(notes->text) - notes->size, "%s\n", line);

	if (line[0] == '\0' || size < 0 || (size_t)size >= sizeof(notes->text) - notes->size)
		notes->overflowed = true;
	else
		notes->size += (size_t)size;
}

/* Whether a file is this user's, and no other user may write it. */
static bool is_own(const struct stat *status)
{
	return status->st_uid == geteuid() && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* The parent may be root's as well, and a link on the way to it is the user's own affair. */
static int open_parent(void)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	char file[COMMAND_FILE_SIZE];
	struct stat status;
	int folder;

	if (geteuid() == 0)
		snprintf(file, sizeof(file), ROOT_PARENT);
	else if (cache && cache[0] == '/')
		snprintf(file, sizeof(file), "%s", cache);
	else if (home && home[0] == '/')
		snprintf(file, sizeof(file), "%s/.cache", home);
	else
		return -1;
	mkdir(file, 0700);
	folder = open(file, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder >= 0 && (fstat(folder, &status) != 0 || !is_own(&status))) {
		close(folder);
		return -1;
	}
	return folder;
}

int kept_filter_open_folder(void)
{
	int parent = open_parent();
	struct stat status;
	int folder = -1;

	if (parent < 0)
		return -1;
	mkdirat(parent, FOLDER_NAME, 0700);
	folder = openat(parent, FOLDER_NAME, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	close(parent);
	if (folder >= 0 && (fstat(folder, &status) != 0 || !is_own(&status))) {
		close(folder);
		return -1;
	}
	return folder;
}

/* A program is taken as the same as long as nothing was written to its file, and no other file was put in its place. */
static bool add_program(struct sha256 *hash, const char *file)
{
	struct stat status;
	uint64_t facts[5];

	if (stat(file, &status) != 0)
		return false;
	facts[0] = status.st_dev;
	facts[1] = status.st_ino;
	facts[2] = (uint64_t)status.st_size;
	facts[3] = (uint64_t)status.st_ctim.tv_sec;
	facts[4] = (uint64_t)status.st_ctim.tv_nsec;
	sha256_add(hash, facts, sizeof(facts));
	return true;
}

bool kept_filter_key(const char *const *programs, const void *text, size_t size, char key[KEPT_FILTER_KEY_SIZE])
{
	uint8_t digest[SHA256_SIZE];
	struct utsname machine = {};
	struct sha256 hash;

	sha256_begin(&hash);
	for (; *programs; programs++) {
		if (!add_program(&hash, *programs))
			return false;
	}
	/* Rules of published profiles may depend on the kernel. */
	if (uname(&machine) != 0)
		return false;
	sha256_add(&hash, machine.release, sizeof(machine.release));
	sha256_add(&hash, text, size);
	sha256_end(&hash, digest);
	for (int i = 0; i < SHA256_SIZE; i++)
		snprintf(key + 2 * i, 3, "%02x", digest[i]);
	return true;
}

static void digest_of(const void *bytes, size_t size, uint8_t digest[SHA256_SIZE])
{
	struct sha256 hash;

	sha256_begin(&hash);
	sha256_add(&hash, bytes, size);
	sha256_end(&hash, digest);
}

/* Reads a file that is trusted into bytes. Returns its size; 0 when it is not. */
static size_t read_entry(int folder, const char *key, void *bytes, size_t room)
{
	int file = openat(folder, name_of(key, "").text, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	ssize_t size = 0;

	if (file < 0)
		return 0;
	if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && is_own(&status) && status.st_size > 0 &&
	    (size_t)status.st_size <= room)
		size = read(file, bytes, room);
	close(file);
	return size == status.st_size ? (size_t)size : 0;
}

/* Whether the bytes are an entry for the key: all sizes as it says, and the digest right. */
static bool is_valid(const uint8_t *bytes, size_t size, const char *key)
{
	const struct header *header = (const struct header *)bytes;
	uint8_t digest[SHA256_SIZE];
	size_t body;

	if (size < sizeof(*header) + SHA256_SIZE || memcmp(header->magic, MAGIC, sizeof(MAGIC)) != 0 ||
	    memcmp(header->key, key, sizeof(header->key)) != 0)
		return false;
	if (header->instruction_count == 0 || header->instruction_count > BPF_MAXINSNS ||
	    header->notes_size > sizeof(((struct kept_notes *)NULL)->text))
		return false;
	body = sizeof(*header) + header->instruction_count * sizeof(struct sock_filter) + header->notes_size;
	if (size != body + SHA256_SIZE)
		return false;
	digest_of(bytes, body, digest);
	return memcmp(digest, bytes + body, SHA256_SIZE) == 0;
}

bool kept_filter_load(int folder, const char *key, struct command_plan *plan, struct kept_notes *notes)
{
	static _Alignas(struct header) uint8_t bytes[sizeof(struct entry)];
	const struct header *header = (const struct header *)bytes;
	size_t size = read_entry(folder, key, bytes, sizeof(bytes));
	size_t length;

	if (!is_valid(bytes, size, key))
		return false;
	length = header->instruction_count * sizeof(struct sock_filter);
	plan->filter_flags = header->flags;
	plan->instruction_count = header->instruction_count;
	memcpy(plan->instructions, bytes + sizeof(*header), length);
	notes->size = header->notes_size;
	memcpy(notes->text, bytes + sizeof(*header) + length, notes->size);
	return true;
}

void kept_filter_store(int folder, const char *key, const struct command_plan *plan, const struct kept_notes *notes)
{
	static _Alignas(struct header) uint8_t bytes[sizeof(struct entry)];
	struct header *header = (struct header *)bytes;
	size_t length = plan->instruction_count * sizeof(struct sock_filter);
	size_t size = sizeof(*header) + length + notes->size;
	struct name draft = name_of(key, ".new");
	bool written;
	int file;

	if (notes->overflowed || plan->instruction_count == 0 || strlen(key) != KEPT_FILTER_KEY_SIZE - 1)
		return;
	memcpy(header->magic, MAGIC, sizeof(MAGIC));
	memcpy(header->key, key, sizeof(header->key));
	header->flags = plan->filter_flags;
	header->instruction_count = plan->instruction_count;
	header->notes_size = (uint32_t)notes->size;
	memcpy(bytes + sizeof(*header), plan->instructions, length);
	memcpy(bytes + sizeof(*header) + length, notes->text, notes->size);
	digest_of(bytes, size, bytes + size);
	size += SHA256_SIZE;
	/*
	 * Another process that keeps the same filter wins; a draft that was left behind by a crash is in the way of one other
	 * call.
	 */
	file = openat(folder, draft.text, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	written = file >= 0 && write(file, bytes, size) == (ssize_t)size;
	if (file >= 0)
		close(file);
	if (!written || renameat(folder, draft.text, folder, name_of(key, "").text) != 0)
		unlinkat(folder, draft.text, 0);
}
