// SPDX-License-Identifier: Apache-2.0
#include "auditor/process.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* All hierarchies of version 1, with the longest paths that kubelets make. */
#define CGROUP_TEXT_SIZE 8192

/* The field of the start time, counted from the state (proc_pid_stat(5): 22 and 3). */
#define START_AFTER_STATE 19

static ssize_t read_text(int folder, const char *path, char *text, size_t size)
{
	int file = openat(folder, path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t count = 1;

	if (file < 0)
		return -1;
	while (count > 0 && used < size - 1) {
		count = read(file, text + used, size - 1 - used);
		if (count > 0)
			used += (size_t)count;
	}
	close(file);
	text[used] = '\0';
	return count < 0 ? -1 : (ssize_t)used;
}

/* The name, in brackets, may hold brackets and blanks: its end is the last one of the line. */
bool process_parse(const char *text, struct process *process)
{
	const char *at = strrchr(text, ')');
	char *end;

	if (!at || at[1] != ' ' || at[2] == '\0')
		return false;
	process->state = at[2];
	at += 2;
	for (int field = 0; field < START_AFTER_STATE; field++) {
		at = strchr(at, ' ');
		if (!at)
			return false;
		at++;
	}
	process->start = strtoull(at, &end, 10);
	return end != at;
}

bool process_read(int proc, pid_t pid, struct process *process)
{
	char path[32], text[1024];

	snprintf(path, sizeof(path), "%d/stat", pid);
	return read_text(proc, path, text, sizeof(text)) > 0 && process_parse(text, process);
}

/* The first id below the kubelet's groups, which are those of a pod; without such groups the last. */
static bool container_of_path(const char *path, char *id)
{
	const char *below = strstr(path, "kubepods");
	bool found = false;

	for (const char *at = below ? below : path; *at;) {
		size_t digits = strspn(at, "0123456789abcdef");

		if (digits == CONTAINER_ID_LENGTH) {
			memcpy(id, at, CONTAINER_ID_LENGTH);
			id[CONTAINER_ID_LENGTH] = '\0';
			found = true;
			if (below)
				return true;
		}
		at += digits;
		while (*at && !isxdigit((unsigned char)*at))
			at++;
		/* Capital letters are no digits of an id. */
		while (*at >= 'A' && *at <= 'F')
			at++;
	}
	return found;
}

bool container_of_text(char *text, char *id)
{
	char other[CONTAINER_ID_LENGTH + 1];
	bool found = false;

	for (char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (strncmp(line, "0::", 3) == 0 && container_of_path(line, id))
			return true;
		found = found || container_of_path(line, other);
	}
	if (found)
		memcpy(id, other, sizeof(other));
	return found;
}

static bool container_at(int proc, const char *path, char *id)
{
	char text[CGROUP_TEXT_SIZE];

	return read_text(proc, path, text, sizeof(text)) > 0 && container_of_text(text, id);
}

static bool has_ended(char state)
{
	return state == 'Z' || state == 'X';
}

/* The main thread has ended, and with it what the process's own files show; its other threads still tell. */
static bool container_of_threads(int proc, pid_t pid, char *id)
{
	char path[64];
	int file;
	DIR *tasks;
	struct dirent *entry;
	bool found = false;

	snprintf(path, sizeof(path), "%d/task", pid);
	file = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tasks = file < 0 ? NULL : fdopendir(file);
	if (!tasks) {
		if (file >= 0)
			close(file);
		return false;
	}
	while (!found && (entry = readdir(tasks))) {
		int thread = atoi(entry->d_name);

		if (thread <= 0 || thread == pid)
			continue;
		snprintf(path, sizeof(path), "%d/task/%d/cgroup", pid, thread);
		found = container_at(proc, path, id);
	}
	closedir(tasks);
	return found;
}

enum membership process_container(int proc, pid_t pid, const struct process *process, char *id)
{
	char path[32];
	struct process after;

	snprintf(path, sizeof(path), "%d/cgroup", pid);
	if (container_at(proc, path, id) || (has_ended(process->state) && container_of_threads(proc, pid, id)))
		return MEMBER_OF_CONTAINER;
	/* A process that has ended shows "/", which does not mean that it was one of the host's. */
	if (!process_read(proc, pid, &after) || after.start != process->start || has_ended(after.state))
		return MEMBER_OF_UNKNOWN;
	return MEMBER_OF_HOST;
}
