// SPDX-License-Identifier: Apache-2.0
#include "enabler/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "enabler/host_files.h"
#include "enabler/say.h"

/* A name is taken only where somebody guesses the nanosecond. */
#define ATTEMPTS 8

bool aside_is(const char *name)
{
	return strncmp(name, ASIDE_PREFIX, strlen(ASIDE_PREFIX)) == 0;
}

/* A name of somebody else's, fit for a line of the log. */
static void print_name(char room[NAME_MAX + 1], const char *name)
{
	size_t length = 0;

	for (; name[length] && length < NAME_MAX; length++) {
		const unsigned char byte = (unsigned char)name[length];

		room[length] = (char)(byte <= ' ' || byte >= 0x7f || byte == '"' || byte == '\\' ? '?' : byte);
	}
	room[length] = '\0';
}

/* Nobody but root gets into it. A file keeps its owner and mode: it may have a second name elsewhere. */
static void seal(int directory, const char *name)
{
	const int entry = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (entry < 0)
		return;
	if (fchown(entry, 0, 0) != 0 || fchmod(entry, 0700) != 0)
		host_complain("%s cannot be closed to others: %s", name, strerror(errno));
	close(entry);
}

bool aside_move(int directory, const char *path, const char *name)
{
	char shown[NAME_MAX + 1], aside[NAME_MAX + 1];
	struct timespec now;

	print_name(shown, name);
	for (int i = 0; i < ATTEMPTS; i++) {
		clock_gettime(CLOCK_REALTIME, &now);
		snprintf(aside, sizeof(aside), ASIDE_PREFIX "%lld-%09ld", (long long)now.tv_sec, now.tv_nsec);
		if (renameat(directory, name, directory, aside) != 0)
			continue;
		seal(directory, aside);
		SAY("moved aside: %s/%s was in the way and is %s now; look at it, then remove it", path, shown, aside);
		return true;
	}
	return host_complain("%s/%s is in the way and cannot be moved aside: %s", path, shown, strerror(errno));
}
