// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a command under a seccomp filter that spoc describes in numbers. The filter is installed in the child, and the next thing that the
 * child does is execve: nothing but the command is confined. See schemas/wire/runner.json for what comes in and goes out.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program/capability.h"
#include "program/command.h"
#include "runner/filter.h"
#include "program/program.h"
#include "runner_wire.h"

enum state {
	IDLE,
	HELD, /* The command is there, and waits for its release. */
	RUNNING,
};

static struct program program = { .name = "runner" };

static struct {
	enum state state;
	bool privileged; /* May install a filter without giving up set-user-id programs. */
	char **argv; /* The command; NULL when there is none. */
	struct command command;
	struct filter filter;
} self;

static const struct program_handlers handlers;

static void fail(const char *reason)
{
	program_fail(&program, &handlers, reason);
}

/*
 * Runs in the child. The kernel wants CAP_SYS_ADMIN or no_new_privs from a process that installs a filter. With the capability, which the child
 * keeps over the change of its user and loses by execve, set-user-id programs work under the filter as they do without; without it
 * there is no choice.
 */
static int install_filter(const void *context)
{
	const struct filter *filter = context;
	const struct sock_fprog code = {
		.len = (unsigned short)filter->instruction_count,
		.filter = (struct sock_filter *)filter->instructions,
	};

	if (!self.privileged && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return errno;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter->flags, &code) == 0 ? 0 : errno;
}

static const char *action_word(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_PROCESS:
		return "SCMP_ACT_KILL_PROCESS";
	case SECCOMP_RET_KILL_THREAD:
		return "SCMP_ACT_KILL_THREAD";
	case SECCOMP_RET_TRAP:
		return "SCMP_ACT_TRAP";
	case SECCOMP_RET_ERRNO:
		return "SCMP_ACT_ERRNO";
	default:
		return "SCMP_ACT_TRACE";
	}
}

/* The command's execve is the first call under the filter, as with every container runtime. */
static bool permits_execve(const struct command_plan *plan, char *why, size_t size)
{
	const struct seccomp_data data = {
		.nr = __NR_execve,
		.arch = filter_native_arch(),
		.args = { (uintptr_t)plan->file, (uintptr_t)plan->argv, (uintptr_t)environ },
	};
	int64_t action = filter_evaluate(&self.filter, &data);

	if (action < 0 || action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG)
		return true;
	snprintf(why, size, "the profile answers execve with %s, so that %s cannot be started under it: allow execve",
		 action_word((uint32_t)action), plan->file);
	return false;
}

static void start(const struct runner_start *message)
{
	const struct command_plan plan = {
		.file = message->file,
		.argv = self.argv,
		.uid = message->uid,
		.gid = message->gid,
		.groups = message->groups,
		.groups_count = message->groups_count,
		.signals = &program.inherited,
		.keep_admin = self.privileged,
		.before_execve = install_filter,
		.context = &self.filter,
	};
	char why[PROGRAM_REASON_SIZE];

	if (!self.argv) {
		fail("start needs a command among the arguments of the runner");
		return;
	}
	if (!filter_finish(&self.filter, why, sizeof(why)) || !permits_execve(&plan, why, sizeof(why)) ||
	    !command_prepare(&self.command, &plan, why, sizeof(why))) {
		fail(why);
		return;
	}
	self.state = HELD;
	runner_emit_started(&program.out, self.command.pid);
}

static void release(void)
{
	char why[PROGRAM_REASON_SIZE];

	if (self.state != HELD)
		fail("no command waits for its release");
	else if (!command_release(&self.command, why, sizeof(why)))
		fail(why);
	else
		self.state = RUNNING;
}

/* Whether there is a process that a signal could be for. One that is held takes it as the command would that has just begun. */
static bool has_process(void)
{
	return self.state == HELD || self.state == RUNNING;
}

static void describe(const struct runner_command *command)
{
	static struct filter_unknown unknown;
	char why[PROGRAM_REASON_SIZE];

	if (!filter_take(&self.filter, command, &unknown, why, sizeof(why)))
		fail(why);
	else if (unknown.count > 0)
		runner_emit_unknown(&program.out, unknown.arch, unknown.numbers, unknown.count);
}

static void handle_command(const struct runner_command *command)
{
	if (command->type == RUNNER_SIGNAL && has_process())
		kill(self.command.pid, (int)command->signal.number);
	else if (command->type == RUNNER_TRY)
		fail("the command try is for try_syscalls, not for the runner");
	else if (command->type == RUNNER_RELEASE)
		release();
	else if (has_process())
		fail("the command is there already");
	else if (command->type == RUNNER_START)
		start(&command->start);
	else if (command->type != RUNNER_SIGNAL)
		describe(command);
}

static bool handle_line(const char *line, size_t length, struct wire_fault *fault)
{
	static struct runner_command command;

	if (!runner_parse_command(line, length, &command, fault))
		return false;
	handle_command(&command);
	return true;
}

static void reap(void)
{
	int status;

	if (!has_process() || waitpid(self.command.pid, &status, WNOHANG) != self.command.pid)
		return;
	runner_emit_exited(&program.out, program_exit_code(status), program_exit_signal(status));
	program.ended = true;
}

static void handle_signal(int number)
{
	if (number == SIGCHLD)
		reap();
	else if (has_process())
		kill(self.command.pid, number);
	else
		program.ended = true;
}

static const struct program_handlers handlers = {
	.handle_line = handle_line,
	.handle_signal = handle_signal,
	.emit_failed = runner_emit_failed,
};

int main(int argc, char **argv)
{
	int signals;

	(void)argc;
	if (program_has_option(argv, "--selftest")) {
		program.out.fd = STDOUT_FILENO;
		runner_test_self(&program.in, &program.out);
		return 0;
	}
	self.argv = program_command(argv);
	self.privileged = capability_is_effective(CAP_SYS_ADMIN);
	signals = program_open(&program);
	if (signals < 0)
		return 2;
	runner_emit_hello(&program.out, RUNNER_PROTOCOL);
	program_run(&program, &handlers, signals);
	command_abandon(&self.command);
	filter_free(&self.filter);
	return program.exit_status;
}
