/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The user's command as a child that is held: it is forked before anything of its world has been touched (environment,
 * descriptors, signal mask and dispositions, limits, working directory, umask, scheduling), prepares everything when it
 * gets its plan, waits for its release, and the next thing that it does is execve.
 */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "program/own_profile.h"

/* The largest number of supplementary groups that the wire carries. */
#define COMMAND_GROUPS_MAX 1024

/* Room for the longest path that the wire carries. */
#define COMMAND_FILE_SIZE 4096

/* Where a program that the launcher starts finds what belongs to the held command. */
#define COMMAND_RELEASE_FD 5
#define COMMAND_STATUS_FD 6
#define COMMAND_REPORT_FD 7

/* The answer of the decision on how to run the command. Travels as bytes between processes of one build. */
struct command_plan {
	uint32_t argument_count; /* So many of the last arguments of the child are the command. */
	int64_t uid; /* Below 0: stay. */
	int64_t gid; /* Below 0: stay. */
	uint32_t group_count;
	gid_t groups[COMMAND_GROUPS_MAX];
	char user[257]; /* Empty: USER, LOGNAME and HOME stay. */
	char home[COMMAND_FILE_SIZE];
	char profile[OWN_PROFILE_SIZE]; /* An AppArmor profile that the command gets; empty: none. */
	bool keep_admin; /* Keep CAP_SYS_ADMIN over the change of the user, until execve. */
	bool no_new_privs;
	uint32_t filter_flags; /* SECCOMP_FILTER_FLAG_* */
	uint32_t instruction_count; /* 0: no filter. */
	struct sock_filter instructions[BPF_MAXINSNS];
};

/* Shared with the child, which writes it without a system call: a filter may already forbid each of them. */
struct command_report {
	volatile int failed; /* A step of command.c; 0: none. */
	volatile int error;
	char file[COMMAND_FILE_SIZE]; /* Found in PATH. */
};

struct command {
	pid_t pid;
	int pidfd;
	int release; /* The plan, and the release, are written here; closing it ends the child. */
	int status; /* Carries a byte when the child waits for its release; is closed when the command runs, or has failed to. */
	int report_fd;
	bool held;
	long long uid;
	long long gid;
	struct command_report *report;
};

/*
 * Forks the child, whose command is at the end of argv. Returns false with errno. To be called before anything changes
 * that a command would inherit.
 */
bool command_hold(struct command *command, int argc, char *const *argv);

/* Takes over a child that was forked before execve, with its descriptors in their places. Returns false with errno. */
bool command_adopt(struct command *command, pid_t pid);

/*
 * Gives the child its plan, and returns when it waits for its release. Returns false and writes a sentence when it will
 * not.
 */
bool command_prepare(struct command *command, const struct command_plan *plan, char *why, size_t size);

/* Lets it go on and waits until the command runs. Returns false and writes a sentence when it does not. */
bool command_release(struct command *command, char *why, size_t size);

/* Ends a child that was not released; does nothing when there is none. */
void command_abandon(struct command *command);
