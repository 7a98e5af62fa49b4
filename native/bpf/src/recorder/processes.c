// SPDX-License-Identifier: Apache-2.0
#include "recorder/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recorder/recorder.h"

/*
 * Deeper trees than this are a loop: a process that ended while its line was followed, and whose number was given away
 * again.
 */
#define DEPTH_MAX 4096

struct process {
	char name[64];
	char state;
	pid_t parent;
};

/* Reads /proc/PID/stat: number, name in brackets (which may hold brackets), state, parent. */
static bool read_process(pid_t pid, struct process *process)
{
	char path[32], text[256];
	char *first, *last;
	ssize_t count;
	int file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	count = read(file, text, sizeof(text) - 1);
	close(file);
	if (count <= 0)
		return false;
	text[count] = '\0';
	first = strchr(text, '(');
	last = strrchr(text, ')');
	if (!first || !last || last < first || sscanf(last + 1, " %c %d", &process->state, &process->parent) != 2)
		return false;
	*last = '\0';
	snprintf(process->name, sizeof(process->name), "%s", first + 1);
	return true;
}

static bool is_alive(const struct process *process)
{
	return process->state != 'Z' && process->state != 'X';
}

/*
 * Whether the executable file of a process is called so. Of another user's process that is not always told, and then it
 * is not.
 */
static bool executes(pid_t pid, const char *name)
{
	static const char deleted[] = " (deleted)";
	char path[32], file[PATH_MAX];
	ssize_t length;
	char *last;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	length = readlink(path, file, sizeof(file) - 1);
	if (length <= 0)
		return false;
	file[length] = '\0';
	if ((size_t)length > strlen(deleted) && strcmp(file + length - strlen(deleted), deleted) == 0)
		file[(size_t)length - strlen(deleted)] = '\0';
	last = strrchr(file, '/');
	return last && strcmp(last + 1, name) == 0;
}

struct wanted {
	const char *name;
	pid_t except;
};

static bool is_named(pid_t pid, const struct process *process, const void *context)
{
	const struct wanted *wanted = context;

	return pid != wanted->except &&
	       (strncmp(process->name, wanted->name, RECORDER_COMM_BYTES) == 0 || executes(pid, wanted->name));
}

static bool is_below(pid_t pid, const struct process *process, const void *ancestor)
{
	pid_t wanted = *(const pid_t *)ancestor;
	struct process above = *process;

	(void)pid;
	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		if (above.parent == wanted)
			return true;
		if (above.parent <= 1 || !read_process(above.parent, &above))
			return false;
	}
	return false;
}

static int count_processes(bool (*counts)(pid_t, const struct process *, const void *), const void *context)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (folder && (entry = readdir(folder))) {
		struct process process;
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid <= 0 || *end != '\0' || !read_process((pid_t)pid, &process))
			continue;
		if (is_alive(&process) && counts((pid_t)pid, &process, context))
			count++;
	}
	if (folder)
		closedir(folder);
	return count;
}

int processes_named(const char *name, pid_t except)
{
	const struct wanted wanted = { name, except };

	return count_processes(is_named, &wanted);
}

int processes_below(pid_t ancestor)
{
	return count_processes(is_below, &ancestor);
}
