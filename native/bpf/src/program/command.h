/* SPDX-License-Identifier: Apache-2.0 */
/* The user's command as a child: it prepares everything, waits for its release, and the next thing that it does is execve. */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The largest number of supplementary groups that the wire carries. */
#define COMMAND_GROUPS_MAX 1024

/* Room for the longest path that the wire carries. */
#define COMMAND_FILE_SIZE 4096

struct command_plan {
	const char *file;
	char *const *argv;
	int64_t uid; /* Below 0: stay. */
	int64_t gid; /* Below 0: stay. */
	const int64_t *groups;
	size_t groups_count;
	const sigset_t *signals; /* The mask that the command starts with. */
	bool keep_admin; /* Keep CAP_SYS_ADMIN over the change of the user, until execve. */
	/* Called in the child right before execve; NULL for nothing. Returns 0 or an errno. */
	int (*before_execve)(const void *context);
	const void *context;
};

struct command {
	pid_t pid;
	int pidfd;
	int release; /* Writing here releases it, closing ends it. */
	int status; /* Carries a byte when it waits; is closed when the command runs, or has failed to. */
	bool waiting;
	char file[COMMAND_FILE_SIZE]; /* What it is to execute, and as whom. */
	long long uid;
	long long gid;
	struct command_report *report; /* Shared with the child. */
};

/* Starts the child, and returns when it waits for its release. Returns false and writes a sentence when it will not. */
bool command_prepare(struct command *command, const struct command_plan *plan, char *why, size_t size);

/* Lets it go on and waits until the command runs. Returns false and writes a sentence when it does not. */
bool command_release(struct command *command, char *why, size_t size);

/* Ends a child that was not released; does nothing when there is none. */
void command_abandon(struct command *command);
