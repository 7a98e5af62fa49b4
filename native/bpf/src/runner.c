// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a command under a seccomp filter that spoc describes in numbers. The filter is installed in the child, and the next thing that the
 * child does is execve: nothing but the command is confined. See schemas/wire/runner.json for what comes in and goes out.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "filter.h"
#include "program.h"
#include "runner_wire.h"

enum state {
	IDLE,
	WAITING, /* The command is there, and waits for its release. */
	RUNNING,
	ENDED,
};

static struct {
	enum state state;
	int exit_status;
	bool privileged; /* May install a filter without giving up set-user-id programs. */
	char **words; /* The command; NULL when there is none. */
	sigset_t signals; /* The mask that the command starts with. */
	struct command command;
	struct filter filter;
	struct wire_writer out;
	struct wire_lines in;
} self;

static void fail(const char *reason)
{
	runner_emit_failed(&self.out, reason);
	self.exit_status = 1;
	self.state = ENDED;
}

static bool is_privileged(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};

	if (syscall(SYS_capget, &header, data) != 0)
		return false;
	return data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective & CAP_TO_MASK(CAP_SYS_ADMIN);
}

/*
 * Runs in the child. The kernel wants CAP_SYS_ADMIN or no_new_privs from whoever installs a filter. With the capability, which the child
 * keeps over the change of its user and loses by execve, set-user-id programs work under the filter as they do without; without it
 * there is no choice.
 */
static int install_filter(const void *context)
{
	const struct filter *filter = context;
	const struct sock_fprog program = {
		.len = (unsigned short)filter->instruction_count,
		.filter = (struct sock_filter *)filter->instructions,
	};

	if (!self.privileged && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return errno;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter->flags, &program) == 0 ? 0 : errno;
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
		.args = { (uintptr_t)plan->file, (uintptr_t)plan->words, (uintptr_t)environ },
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
		.words = self.words,
		.uid = message->uid,
		.gid = message->gid,
		.groups = message->groups,
		.groups_count = message->groups_count,
		.signals = &self.signals,
		.keep_admin = self.privileged,
		.before_execve = install_filter,
		.context = &self.filter,
	};
	char why[PROGRAM_REASON_SIZE];

	if (!self.words) {
		fail("start needs a command among the arguments of the runner");
		return;
	}
	if (!filter_finish(&self.filter, why, sizeof(why)) || !permits_execve(&plan, why, sizeof(why)) ||
	    !command_prepare(&self.command, &plan, why, sizeof(why))) {
		fail(why);
		return;
	}
	self.state = WAITING;
	runner_emit_started(&self.out, self.command.pid);
}

static void release(void)
{
	char why[PROGRAM_REASON_SIZE];

	if (self.state != WAITING)
		fail("no command waits for its release");
	else if (!command_release(&self.command, why, sizeof(why)))
		fail(why);
	else
		self.state = RUNNING;
}

/* Whether there is a process that a signal could be for. One that waits takes it as the command would that has just begun. */
static bool has_process(void)
{
	return self.state == WAITING || self.state == RUNNING;
}

static void describe(const struct runner_command *command)
{
	static struct filter_unknown unknown;
	char why[PROGRAM_REASON_SIZE];

	if (!filter_take(&self.filter, command, &unknown, why, sizeof(why)))
		fail(why);
	else if (unknown.count > 0)
		runner_emit_unknown(&self.out, unknown.arch, unknown.numbers, unknown.count);
}

static void obey(const struct runner_command *command)
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

static void take_commands(void)
{
	const char *line;
	size_t length;
	enum wire_next next = wire_fill(&self.in);

	while (next != WIRE_CLOSED && self.state != ENDED) {
		static struct runner_command command;
		struct wire_fault fault;

		next = wire_next_line(&self.in, &line, &length);
		if (next == WIRE_WAIT)
			return;
		if (next == WIRE_TOO_LONG)
			fail("a command is too long");
		else if (!runner_parse_command(line, length, &command, &fault))
			fail(fault.text);
		else
			obey(&command);
	}
	self.state = ENDED;
}

static void reap(void)
{
	int status;

	if (!has_process() || waitpid(self.command.pid, &status, WNOHANG) != self.command.pid)
		return;
	runner_emit_exited(&self.out, WIFEXITED(status) ? WEXITSTATUS(status) : 0,
			   WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	self.state = ENDED;
}

static void take_signals(int signals)
{
	int number;

	while (self.state != ENDED && (number = program_next_signal(signals)) != 0) {
		if (number == SIGCHLD)
			reap();
		else if (has_process())
			kill(self.command.pid, number);
		else
			self.state = ENDED;
	}
}

static int run(int signals)
{
	struct pollfd files[] = {
		{ .fd = PROGRAM_COMMANDS_FD, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};

	runner_emit_hello(&self.out, RUNNER_PROTOCOL);
	while (self.state != ENDED && !self.out.broken) {
		if (poll(files, 2, -1) < 0)
			continue;
		if (files[1].revents)
			take_signals(signals);
		if (files[0].revents && self.state != ENDED)
			take_commands();
	}
	command_abandon(&self.command);
	filter_free(&self.filter);
	return self.exit_status;
}

int main(int argc, char **argv)
{
	int signals;

	(void)argc;
	if (program_has_option(argv, "--selftest")) {
		self.out.fd = STDOUT_FILENO;
		runner_test_self(&self.in, &self.out);
		return 0;
	}
	self.words = program_command(argv);
	self.privileged = is_privileged();
	signals = program_open("runner", &self.in, &self.out, &self.signals);
	return signals < 0 ? 2 : run(signals);
}
