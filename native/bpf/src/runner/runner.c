// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a command under a seccomp filter that spoc describes in numbers. The filter is installed in the child, and the
 * next thing that the child does is execve: nothing but the command is confined. See schemas/wire/runner.json for what
 * comes in and goes out.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program/capability.h"
#include "program/command.h"
#include "program/own_profile.h"
#include "runner/filter.h"
#include "runner/kept_filter.h"
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
	struct command command;
	struct command_plan plan;
	struct filter filter;
	const char *kept; /* The key under which the filter is kept; NULL: it is not kept. */
	struct kept_notes notes;
	char profile[OWN_PROFILE_SIZE]; /* An AppArmor profile that is ours; empty: none. */
	bool has_unknown; /* Calls were left out, which only the decider reports. */
} self;

static const struct program_handlers handlers;

static void fail(const char *reason)
{
	program_fail(&program, &handlers, reason);
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
static bool permits_execve(char *why, size_t size)
{
	const struct seccomp_data data = { .nr = __NR_execve, .arch = filter_native_arch() };
	int64_t action = filter_evaluate(&self.filter, &data);

	if (self.filter.instruction_count == 0 || action < 0 || action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG)
		return true;
	snprintf(why, size, "the profile answers execve with %s, so that %s cannot be started under it: allow execve",
		 action_word((uint32_t)action), self.command.report->file);
	return false;
}

/*
 * The kernel wants CAP_SYS_ADMIN or no_new_privs from a process that installs a filter. With the capability, which the
 * child keeps over the change of its user and loses by execve, set-user-id programs work under the filter as they do
 * without; without it there is no choice.
 */
static void plan_command(struct command_plan *plan, const struct runner_start *message)
{
	bool privileged = capability_is_effective(CAP_SYS_ADMIN);
	bool filtered = self.filter.instruction_count > 0;

	plan->argument_count = (uint32_t)message->arguments;
	plan->uid = message->uid;
	plan->gid = message->gid;
	plan->group_count = (uint32_t)message->groups_count;
	for (size_t i = 0; i < message->groups_count; i++)
		plan->groups[i] = (gid_t)message->groups[i];
	snprintf(plan->user, sizeof(plan->user), "%s", message->user);
	snprintf(plan->home, sizeof(plan->home), "%s", message->home);
	snprintf(plan->profile, sizeof(plan->profile), "%s", message->profile);
	plan->keep_admin = filtered && privileged;
	plan->no_new_privs = filtered && !privileged;
	plan->filter_flags = self.filter.flags;
	plan->instruction_count = (uint32_t)self.filter.instruction_count;
	memcpy(plan->instructions, self.filter.instructions, self.filter.instruction_count * sizeof(plan->instructions[0]));
}

/* Whether an AppArmor profile alone confines the command. */
static bool is_profile_all(const struct runner_start *message)
{
	return message->profile[0] != '\0' && !self.filter.begun;
}

static void start(const struct runner_start *message)
{
	char why[PROGRAM_REASON_SIZE];

	snprintf(self.profile, sizeof(self.profile), "%s", message->profile);
	if (!is_profile_all(message) && !filter_finish(&self.filter, why, sizeof(why))) {
		fail(why);
		return;
	}
	plan_command(&self.plan, message);
	if (!self.command.held) {
		fail("start needs a command among the arguments of the runner");
		return;
	}
	if (!command_prepare(&self.command, &self.plan, why, sizeof(why)) ||
	    !permits_execve(why, sizeof(why))) {
		fail(why);
		return;
	}
	self.state = HELD;
	runner_emit_started(&program.out, self.command.pid);
}

/* Keeps the filter for the next call with the same profile. That it cannot be kept costs time and nothing else. */
static void keep_filter(void)
{
	if (self.kept && !self.has_unknown)
		kept_filter_store(KEPT_FILTER_FOLDER_FD, self.kept, &self.plan, &self.notes);
}

static void begin(void)
{
	self.state = RUNNING;
	keep_filter();
}

static void release(void)
{
	char why[PROGRAM_REASON_SIZE];

	if (self.state != HELD)
		fail("no command waits for its release");
	else if (!command_release(&self.command, why, sizeof(why)))
		fail(why);
	else
		begin();
}

/*
 * Whether there is a process that a signal could be for. One that is held takes it as the command would that has just
 * begun.
 */
static bool has_process(void)
{
	return self.state == HELD || self.state == RUNNING;
}

static void report_unknown(const struct filter_unknown *unknown)
{
	self.has_unknown = true;
	runner_emit_unknown(&program.out, unknown->arch, unknown->numbers, unknown->count);
}

static void describe(const struct runner_command *command)
{
	static struct filter_unknown unknown;
	char why[PROGRAM_REASON_SIZE];

	if (!filter_take(&self.filter, command, &unknown, why, sizeof(why)))
		fail(why);
	else if (unknown.count > 0)
		report_unknown(&unknown);
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
	else if (command->type == RUNNER_NOTE)
		kept_notes_add(&self.notes, command->note.text);
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

/* A process that runs under a profile that is taken away is confined no more. */
static void leave_profile(void)
{
	if (self.profile[0] == '\0')
		return;
	if (own_profile_is_used(self.profile))
		runner_emit_kept(&program.out);
	else
		own_profile_remove(self.profile);
	self.profile[0] = '\0';
}

static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (program_has_reaped(&program, pid, status))
			return;
		if (pid != self.command.pid || !has_process())
			continue;
		self.command.held = false;
		leave_profile();
		program.command_signal = program_exit_signal(status);
		runner_emit_exited(&program.out, program_exit_code(status), program_exit_signal(status));
		program.ended = true;
	}
}

/* Before there is a command, the signal ends the decider, and by that the program. */
static void handle_signal(const struct signalfd_siginfo *signal)
{
	int number = (int)signal->ssi_signo;

	if (number == SIGCHLD)
		reap();
	else if (has_process() && !program_is_from_terminal(signal))
		kill(self.command.pid, number);
	else if (!has_process() && program.decider != 0)
		kill(program.decider, SIGKILL);
	else if (!has_process())
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
	self.kept = program_option(argv, "--keep");
	if (!program_take_command(&program, &self.command, argv))
		return 2;
	signals = program_open(&program, argv);
	if (signals < 0)
		return 2;
	runner_emit_hello(&program.out, RUNNER_PROTOCOL);
	program_run(&program, &handlers, signals);
	command_abandon(&self.command);
	leave_profile();
	filter_free(&self.filter);
	return program_close(&program, signals);
}
