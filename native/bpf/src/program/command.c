// SPDX-License-Identifier: Apache-2.0
#include "program/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program/held_child.h"

static void close_all(const int *files, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (files[i] >= 0)
			close(files[i]);
	}
}

static struct command_report *map_report(int file)
{
	return mmap(NULL, sizeof(struct command_report), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
}

/*
 * Makes room for the report where the limit of files is meant for the command. Gives the limit back that the child has
 * to restore.
 */
static struct rlimit lift_file_limit(void)
{
	struct rlimit before = { RLIM_INFINITY, RLIM_INFINITY }, lifted;

	getrlimit(RLIMIT_FSIZE, &before);
	lifted = (struct rlimit){ before.rlim_max, before.rlim_max };
	setrlimit(RLIMIT_FSIZE, &lifted);
	return before;
}

bool command_hold(struct command *command, int argc, char *const *argv)
{
	int files[5] = { -1, -1, -1, -1, memfd_create("report", MFD_CLOEXEC) };
	struct rlimit limit = lift_file_limit();

	if (files[4] < 0 || ftruncate(files[4], sizeof(struct command_report)) != 0 || pipe2(files, O_CLOEXEC) != 0 ||
	    pipe2(files + 2, O_CLOEXEC) != 0)
		goto failed;
	command->report = map_report(files[4]);
	if (command->report == MAP_FAILED)
		goto failed;
	command->pid = fork();
	if (command->pid < 0)
		goto failed;
	if (command->pid == 0) {
		setrlimit(RLIMIT_FSIZE, &limit);
		/* Its own end of the release pipe would keep it waiting for ever when we die. */
		close(files[1]);
		held_child_run(command->report, argc, argv, files[0], files[3]);
	}
	close(files[0]);
	close(files[3]);
	command->release = files[1];
	command->status = files[2];
	command->report_fd = files[4];
	command->pidfd = -1;
	command->held = true;
	return true;
failed:
	close_all(files, 5);
	return false;
}

bool command_adopt(struct command *command, pid_t pid)
{
	command->pid = pid;
	command->release = COMMAND_RELEASE_FD;
	command->status = COMMAND_STATUS_FD;
	command->report_fd = COMMAND_REPORT_FD;
	command->pidfd = -1;
	for (int file = COMMAND_RELEASE_FD; file <= COMMAND_REPORT_FD; file++) {
		if (fcntl(file, F_SETFD, FD_CLOEXEC) != 0)
			return false;
	}
	command->report = map_report(COMMAND_REPORT_FD);
	command->held = command->report != MAP_FAILED;
	return command->held;
}

/* Writes why the child has failed. Returns false when it has not. */
static bool explain(const struct command *command, char *why, size_t size)
{
	const struct command_report *report = command->report;
	const char *error = strerror(report->error);

	switch ((enum held_step)report->failed) {
	case HELD_STEP_NONE:
		return false;
	case HELD_STEP_PROFILE:
		snprintf(why, size, "start %s: ask for its AppArmor profile: %s", report->file, error);
		break;
	case HELD_STEP_USER:
		snprintf(why, size, "start %s: become user %lld and group %lld: %s", report->file, command->uid,
			 command->gid, error);
		break;
	case HELD_STEP_NAME:
		snprintf(why, size, "'' names no command");
		break;
	case HELD_STEP_FIND:
		snprintf(why, size, "%s: command not found", report->file);
		break;
	case HELD_STEP_EXECVE:
		/* The file itself was there before. */
		if (report->error == ENOENT)
			error = "the interpreter that it names is missing";
		__attribute__((fallthrough));
	case HELD_STEP_ACCESS:
		snprintf(why, size, "execute %s: %s", report->file, error);
		break;
	case HELD_STEP_FILTER:
		snprintf(why, size, "start %s: install the filter: %s", report->file, error);
		break;
	}
	return true;
}

/*
 * Waits for the child's byte. Returns false at the end of the pipe: the child has begun with the command, or has ended.
 */
static bool hear(const struct command *command)
{
	char byte;
	ssize_t count;

	do {
		count = read(command->status, &byte, 1);
	} while (count < 0 && errno == EINTR);
	return count == 1;
}

/* A child that a signal has ended reads no more: that it has ended is seen on the other pipe. */
static void send(const struct command *command, const void *bytes, size_t size)
{
	size_t written = 0;

	while (written < size) {
		ssize_t count = write(command->release, (const char *)bytes + written, size - written);

		if (count < 0 && errno != EINTR)
			return;
		written += count > 0 ? (size_t)count : 0;
	}
}

bool command_prepare(struct command *command, const struct command_plan *plan, char *why, size_t size)
{
	command->uid = plan->uid;
	command->gid = plan->gid;
	command->pidfd = (int)syscall(SYS_pidfd_open, command->pid, 0);
	if (command->pidfd < 0) {
		snprintf(why, size, "start the command: pidfd_open: %s", strerror(errno));
	} else {
		send(command, plan, sizeof(*plan));
		if (hear(command))
			return true;
		if (!explain(command, why, size))
			snprintf(why, size, "start the command: it was ended before it began");
	}
	command_abandon(command);
	return false;
}

bool command_release(struct command *command, char *why, size_t size)
{
	char byte = 0;

	send(command, &byte, 1);
	close(command->release);
	command->held = false;
	hear(command);
	close(command->status);
	if (!explain(command, why, size))
		return true;
	waitpid(command->pid, NULL, 0);
	return false;
}

void command_abandon(struct command *command)
{
	if (!command->held)
		return;
	command->held = false;
	close(command->release);
	close(command->status);
	/*
	 * The end of the pipe is enough for a child that runs. One that a signal has stopped must be killed; where that is not
	 * permitted it will see the end of the pipe when it goes on, and nobody waits for it.
	 */
	if (kill(command->pid, SIGKILL) == 0)
		waitpid(command->pid, NULL, 0);
}
