// SPDX-License-Identifier: Apache-2.0
#include "command.h"

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

/* Everything that needs a system call is done before the child waits: what comes after the release is what the command does. */
static void run_child(const struct command_plan *plan, struct command_report *report, int wait_here)
{
	int error = become(plan);
	char byte;

	if (error)
		fail(report, STEP_USER, error);
	sigprocmask(SIG_SETMASK, plan->signals, NULL);
	if (read(wait_here, &byte, 1) != 1)
		_exit(0);
	error = plan->before_execve ? plan->before_execve(plan->context) : 0;
	if (error)
		fail(report, STEP_BEFORE_EXECVE, error);
	execve(plan->file, plan->words, environ);
	fail(report, STEP_EXECVE, errno);
}

static void close_all(const int *files, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (files[i] >= 0)
			close(files[i]);
	}
}

bool command_prepare(struct command *command, const struct command_plan *plan, char *why, size_t size)
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
		run_child(plan, report, files[0]);
	}
	command->pidfd = (int)syscall(SYS_pidfd_open, command->pid, 0);
	command->release = files[1];
	command->status = files[2];
	command->report = report;
	close(files[0]);
	close(files[3]);
	if (command->pidfd >= 0)
		return true;
	snprintf(why, size, "start %s: pidfd_open: %s", plan->file, strerror(errno));
	command_abandon(command);
	return false;
failed:
	snprintf(why, size, "start %s: %s", plan->file, strerror(errno));
	close_all(files, 4);
	if (report != MAP_FAILED)
		munmap(report, sizeof(*report));
	return false;
}

static bool is_running(const struct command *command, const struct command_plan *plan, char *why, size_t size)
{
	const char *error = strerror(command->report->error);

	switch (command->report->failed) {
	case STEP_NONE:
		return true;
	case STEP_USER:
		snprintf(why, size, "start %s: become user %lld and group %lld: %s", plan->file, (long long)plan->uid,
			 (long long)plan->gid, error);
		return false;
	case STEP_BEFORE_EXECVE:
		snprintf(why, size, "start %s: install the filter: %s", plan->file, error);
		return false;
	case STEP_EXECVE:
		snprintf(why, size, "execute %s: %s", plan->file, error);
		return false;
	}
	return false;
}

bool command_release(struct command *command, const struct command_plan *plan, char *why, size_t size)
{
	char byte = 0;
	ssize_t count;

	/* A child that failed early reads no more; its report says why. */
	do {
		count = write(command->release, &byte, 1);
	} while (count < 0 && errno == EINTR);
	close(command->release);
	do {
		count = read(command->status, &byte, 1);
	} while (count < 0 && errno == EINTR);
	close(command->status);
	if (is_running(command, plan, why, size))
		return true;
	waitpid(command->pid, NULL, 0);
	return false;
}

void command_abandon(struct command *command)
{
	close(command->release);
	close(command->status);
	if (command->pidfd >= 0)
		close(command->pidfd);
	waitpid(command->pid, NULL, 0);
}
