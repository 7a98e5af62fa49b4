// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a program that works on input of strangers, so that it cannot take more of the node than it is given: its memory
 * and processor time are limited, it writes no files, it gets no privilege, it ends with its parent, and where memory
 * runs out in spite of that it goes first.
 *
 *   bounded MEBIBYTES SECONDS PROGRAM [ARGUMENT...]
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* As of a shell that cannot run a command. */
#define CANNOT_RUN 126

static bool limit(int resource, rlim_t most)
{
	const struct rlimit value = { .rlim_cur = most, .rlim_max = most };

	return setrlimit(resource, &value) == 0;
}

/* SIGXCPU tells which limit it was; a program that goes on in spite of it is killed a second later. */
static bool limit_time(rlim_t seconds)
{
	const struct rlimit value = { .rlim_cur = seconds, .rlim_max = seconds + 1 };

	return setrlimit(RLIMIT_CPU, &value) == 0;
}

/* A whole number from 1 to 999999; 0 for everything else. */
static rlim_t number(const char *text)
{
	const size_t length = strlen(text);

	return length == 0 || length > 6 || strspn(text, "0123456789") != length ? 0 : strtoul(text, NULL, 10);
}

static bool bind_to_parent(pid_t parent)
{
	return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

/* The kernel takes this process first. Without it the limits hold all the same. */
static void volunteer(void)
{
	const int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (file < 0)
		return;
	if (write(file, "1000", 4) < 0)
		fprintf(stderr, "oom_score_adj cannot be set: %s\n", strerror(errno));
	close(file);
}

int main(int argc, char **argv)
{
	const pid_t parent = getppid();
	const rlim_t mebibytes = argc > 3 ? number(argv[1]) : 0;
	const rlim_t seconds = argc > 3 ? number(argv[2]) : 0;

	if (mebibytes == 0 || seconds == 0) {
		fputs("usage: bounded MEBIBYTES SECONDS PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	volunteer();
	if (bind_to_parent(parent) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit(RLIMIT_AS, mebibytes << 20) &&
	    limit_time(seconds) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0))
		execv(argv[3], argv + 3);
	fprintf(stderr, "%s cannot be run: %s\n", argv[3], strerror(errno));
	return CANNOT_RUN;
}
