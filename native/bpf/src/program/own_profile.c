// SPDX-License-Identifier: Apache-2.0
#include "program/own_profile.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Room for the name of a profile with those of programs that ran within it. */
#define LABEL_SIZE 8192

/* One write, since the kernel takes a request as a whole. Returns 0 or an errno. */
static int put(const char *path, const char *text)
{
	const int out = open(path, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (out < 0)
		return errno;
	if (write(out, text, strlen(text)) < 0)
		error = errno;
	close(out);
	return error;
}

int own_profile_at_exec(const char *name)
{
	char request[OWN_PROFILE_SIZE + 8];
	int error;

	snprintf(request, sizeof(request), "exec %s", name);
	error = put("/proc/self/attr/apparmor/exec", request);
	/* Kernels before 5.8 have no folder for each security module. */
	return error == ENOENT ? put("/proc/self/attr/exec", request) : error;
}

int own_profile_remove(const char *name)
{
	return put("/sys/kernel/security/apparmor/.remove", name);
}

/* Reads the label of a process. Returns false where there is none, or the process has ended. */
static bool read_label(const char *pid, char label[LABEL_SIZE])
{
	char path[64];
	ssize_t length;
	int in;

	snprintf(path, sizeof(path), "/proc/%.20s/attr/current", pid);
	in = open(path, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return false;
	length = read(in, label, LABEL_SIZE - 1);
	close(in);
	label[length > 0 ? length : 0] = '\0';
	return length > 0;
}

/* A label is the name, with those of the programs within it behind "//", and a mode in brackets. */
static bool is_of(const char *label, const char *name)
{
	size_t length = strlen(name);

	return strncmp(label, name, length) == 0 &&
	       (label[length] == '\0' || label[length] == ' ' || strncmp(label + length, "//", 2) == 0);
}

bool own_profile_is_used(const char *name)
{
	DIR *processes = opendir("/proc");
	char label[LABEL_SIZE];
	struct dirent *entry;
	bool used = false;

	while (processes && !used && (entry = readdir(processes)))
		used = isdigit((unsigned char)entry->d_name[0]) && read_label(entry->d_name, label) && is_of(label, name);
	if (processes)
		closedir(processes);
	return used;
}
