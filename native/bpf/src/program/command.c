// SPDX-License-Identifier: Apache-2.0
#include "program/command.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum command_step {
	STEP_NONE,
	STEP_USER,
	STEP_ACCESS,
	STEP_BEFORE_EXECVE,
	STEP_EXECVE,
};

/* Written by the child without a system call: a filter may already forbid each of them. */
struct command_report {
	volatile enum command_step failed;
	volatile int error;
};

static int keep_only_admin(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};

	data[CAP_TO_INDEX(CAP_SYS_ADMIN)].permitted = CAP_TO_MASK(CAP_SYS_ADMIN);
	data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective = CAP_TO_MASK(CAP_SYS_ADMIN);
	return (int)syscall(SYS_capset, &header, data);
}

static int become(const struct command_plan *plan)
{
	gid_t groups[COMMAND_GROUPS_MAX];
	uid_t uid = (uid_t)plan->uid;
	gid_t gid = (gid_t)plan->gid;

	for (size_t i = 0; i < plan->groups_count; i++)
		groups[i] = (gid_t)plan->groups[i];
	if (plan->uid >= 0 && setgroups(plan->groups_count, groups) != 0)
		return errno;
	if (plan->gid >= 0 && setresgid(gid, gid, gid) != 0)
		return errno;
	if (plan->uid <= 0)
		return plan->uid < 0 || setresuid(uid, uid, uid) == 0 ? 0 : errno;
	if (plan->keep_admin && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0)
		return errno;
	if (setresuid(uid, uid, uid) != 0)
		return errno;
	return plan->keep_admin && keep_only_admin() != 0 ? errno : 0;
}

static void fail(struct command_report *report, enum command_step step, int error)
{
	report->error = error;
	report->failed = step;
	_exit(127);
}

/*
 * Everything that needs a system call is done before the child waits: after the release only the command makes calls. A file that cannot be
 * executed is found before as well, before the command is reported as there.
 */
static void run_child(const struct command_plan *plan, struct command_report *report, int wait_here, int say_here)
{
	int error = become(plan);
	char byte = 0;

	if (error)
		fail(report, STEP_USER, error);
	if (eaccess(plan->file, X_OK) != 0)
		fail(report, STEP_ACCESS, errno);
	sigprocmask(SIG_SETMASK, plan->signals, NULL);
	if (write(say_here, &byte, 1) != 1 || read(wait_here, &byte, 1) != 1)
		_exit(0);
	error = plan->before_execve ? plan->before_execve(plan->context) : 0;
	if (error)
		fail(report, STEP_BEFORE_EXECVE, error);
	execve(plan->file, plan->argv, environ);
	fail(report, STEP_EXECVE, errno);
}

static void close_all(const int *files, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (files[i] >= 0)
			close(files[i]);
	}
}

/* Starts the child. Returns false with errno. */
static bool start(struct command *command, const struct command_plan *plan)
{
	int files[4] = { -1, -1, -1, -1 };
	struct command_report *report =
		mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (report == MAP_FAILED || pipe2(files, O_CLOEXEC) != 0 || pipe2(files + 2, O_CLOEXEC) != 0)
		goto failed;
	command->pid = fork();
	if (command->pid < 0)
		goto failed;
	if (command->pid == 0) {
		/* Its own end of the release pipe would keep it waiting for ever when we die. */
		close(files[1]);
		run_child(plan, report, files[0], files[3]);
	}
	close(files[0]);
	close(files[3]);
	command->release = files[1];
	command->status = files[2];
	command->report = report;
	command->waiting = true;
	command->uid = plan->uid;
	command->gid = plan->gid;
	snprintf(command->file, sizeof(command->file), "%s", plan->file);
	return true;
failed:
	close_all(files, 4);
	if (report != MAP_FAILED)
		munmap(report, sizeof(*report));
	return false;
}

/* Why the child has failed; STEP_NONE when it has not. */
static enum command_step explain(const struct command *command, char *why, size_t size)
{
	const char *error = strerror(command->report->error);
	enum command_step step = command->report->failed;

	switch (step) {
	case STEP_NONE:
		break;
	case STEP_USER:
		snprintf(why, size, "start %s: become user %lld and group %lld: %s", command->file, command->uid, command->gid,
			 error);
		break;
	case STEP_EXECVE:
		/* The file itself was there before. */
		if (command->report->error == ENOENT)
			error = "the interpreter that it names is missing";
		__attribute__((fallthrough));
	case STEP_ACCESS:
		snprintf(why, size, "execute %s: %s", command->file, error);
		break;
	case STEP_BEFORE_EXECVE:
		snprintf(why, size, "start %s: install the filter: %s", command->file, error);
		break;
	}
	return step;
}

/* Waits for the child's byte. Returns false at the end of the pipe: the child has begun with the command, or has ended. */
static bool hear(const struct command *command)
{
	char byte;
	ssize_t count;

	do {
		count = read(command->status, &byte, 1);
	} while (count < 0 && errno == EINTR);
	return count == 1;
}

bool command_prepare(struct command *command, const struct command_plan *plan, char *why, size_t size)
{
	if (!start(command, plan)) {
		snprintf(why, size, "start %s: %s", plan->file, strerror(errno));
		return false;
	}
	command->pidfd = (int)syscall(SYS_pidfd_open, command->pid, 0);
	if (command->pidfd < 0)
		snprintf(why, size, "start %s: pidfd_open: %s", plan->file, strerror(errno));
	else if (hear(command))
		return true;
	else if (explain(command, why, size) == STEP_NONE)
		snprintf(why, size, "start %s: it was ended before it began", plan->file);
	command_abandon(command);
	return false;
}

bool command_release(struct command *command, char *why, size_t size)
{
	char byte = 0;
	ssize_t count;

	/* A child that a signal has ended reads no more; its end is told like that of any command. */
	do {
		count = write(command->release, &byte, 1);
	} while (count < 0 && errno == EINTR);
	close(command->release);
	command->waiting = false;
	hear(command);
	close(command->status);
	if (explain(command, why, size) == STEP_NONE)
		return true;
	waitpid(command->pid, NULL, 0);
	return false;
}

void command_abandon(struct command *command)
{
	if (!command->waiting)
		return;
	command->waiting = false;
	close(command->release);
	close(command->status);
	/*
	 * The end of the pipe is enough for a child that runs. One that a signal has stopped must be killed; where that is not permitted it
	 * will see the end of the pipe when it goes on, and nobody waits for it.
	 */
	if (command->pidfd < 0 || syscall(SYS_pidfd_send_signal, command->pidfd, SIGKILL, NULL, 0) == 0)
		waitpid(command->pid, NULL, 0);
}
