// SPDX-License-Identifier: Apache-2.0
/*
 * Records the system calls of a command and all its descendants, or of all processes of a name, with eBPF. Started by
 * spoc; see schemas/wire/recorder.json for what comes in and goes out.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program/command.h"
#include "recorder/hooks.h"
#include "recorder/processes.h"
#include "program/program.h"
#include "recorder_wire.h"
#include "recorder/seen.h"

enum state {
	IDLE,
	HELD, /* A command is there, and waits for its release. */
	RECORDING, /* A command and its tree. */
	WATCHING, /* A name. */
};

static struct program program = { .name = "recorder" };

static struct {
	enum state state;
	bool exited; /* The command has ended. */
	bool finished; /* The result was sent. */
	bool by_libbpf;
	struct command command;
	struct hooks hooks;
} self = { .hooks.traced_tasks = -1 };

static const struct program_handlers handlers;

static void fail(const char *reason)
{
	program_fail(&program, &handlers, reason);
}

/* The processes of the tree that live. Where the kernel does not say it, all descendants but the decider. */
static int count_living(void)
{
	int living = hooks_count_living(&self.hooks);

	return living >= 0 ? living : processes_below(getpid()) - (program.decider != 0 ? 1 : 0);
}

static void finish(void)
{
	int living;

	/* A recording that is ended before it has begun does not want the command either. */
	command_abandon(&self.command);
	/* Counted before the result is read: what a process does in between is either in the result, or said to be missing. */
	living = count_living();
	seen_emit(&program.out, self.hooks.tree);
	if (living > 0)
		recorder_emit_left(&program.out, living);
	hooks_detach(&self.hooks);
	recorder_emit_complete(&program.out, true);
	self.finished = true;
	program.ended = true;
}

static bool attach(const char *watched, char *why, size_t size)
{
	/* Our own parent may have the watched name: exclude it. */
	int outside = watched ? (int)syscall(SYS_pidfd_open, getppid(), 0) : -1;
	const struct hook_plan plan = { .watched = watched, .outside = outside, .by_libbpf = self.by_libbpf };
	bool attached = hooks_attach(&self.hooks, &plan, why, size);

	if (outside >= 0)
		close(outside);
	return attached;
}

static bool mark(char *why, size_t size)
{
	if (hooks_mark(&self.hooks, self.command.pidfd))
		return true;
	snprintf(why, size, "mark %s for recording: %s", self.command.report->file, strerror(errno));
	return false;
}

static bool launch(const struct command_plan *plan, char *why, size_t size)
{
	/* A process that outlives its parent becomes our child, so the end of the whole tree is seen. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	return command_prepare(&self.command, plan, why, size) && attach(NULL, why, size) && mark(why, size);
}

static void plan_command(struct command_plan *plan, const struct recorder_start *message)
{
	plan->argument_count = (uint32_t)message->arguments;
	plan->uid = message->uid;
	plan->gid = message->gid;
	plan->group_count = (uint32_t)message->groups_count;
	for (size_t i = 0; i < message->groups_count; i++)
		plan->groups[i] = (gid_t)message->groups[i];
	snprintf(plan->user, sizeof(plan->user), "%s", message->user);
	snprintf(plan->home, sizeof(plan->home), "%s", message->home);
}

static void start(const struct recorder_start *message)
{
	static struct command_plan plan;
	char why[PROGRAM_REASON_SIZE];

	plan_command(&plan, message);
	if (!self.command.held) {
		fail("start needs a command among the arguments of the recorder");
	} else if (!launch(&plan, why, sizeof(why))) {
		fail(why);
	} else {
		self.state = HELD;
		recorder_emit_started(&program.out, self.command.pid);
	}
}

static void release(void)
{
	char why[PROGRAM_REASON_SIZE];

	if (self.state != HELD)
		fail("no command waits for its release");
	else if (!command_release(&self.command, why, sizeof(why)))
		fail(why);
	else
		self.state = RECORDING;
}

static void watch(const struct recorder_watch *message)
{
	char why[PROGRAM_REASON_SIZE];

	if (message->name[0] == '\0') {
		fail("watch needs a name");
	} else if (!attach(message->name, why, sizeof(why))) {
		fail(why);
	} else {
		self.state = WATCHING;
		recorder_emit_watching(&program.out, processes_named(message->name, getppid()));
	}
}

static void read_now(void)
{
	seen_emit(&program.out, self.hooks.tree);
	recorder_emit_complete(&program.out, false);
}

/* A command that waits for its release takes a signal as one that has just begun would. */
static void pass_on(int number)
{
	if (self.command.pid > 0 && !self.exited)
		kill(self.command.pid, number);
}

static void handle_command(const struct recorder_command *command)
{
	bool running = self.state != IDLE;

	if (command->type == RECORDER_START && !running)
		start(&command->start);
	else if (command->type == RECORDER_WATCH && !running)
		watch(&command->watch);
	else if (command->type == RECORDER_RELEASE)
		release();
	else if (command->type == RECORDER_READ && running)
		read_now();
	else if (command->type == RECORDER_SIGNAL)
		pass_on((int)command->signal.number);
	else if (command->type == RECORDER_STOP && running)
		finish();
	else if (command->type == RECORDER_STOP)
		program.ended = true;
	else
		fail(running ? "the recording has begun already" : "there is no recording to read");
}

static bool handle_line(const char *line, size_t length, struct wire_fault *fault)
{
	static struct recorder_command command;

	if (!recorder_parse_command(line, length, &command, fault))
		return false;
	handle_command(&command);
	return true;
}

static void emit_exit(int status)
{
	int count;

	program.command_signal = program_exit_signal(status);
	recorder_emit_exited(&program.out, program_exit_code(status), program_exit_signal(status));
	count = count_living();
	if (count > 0)
		recorder_emit_orphans(&program.out, count);
}

/*
 * Whether nothing of the tree is left to be recorded. A decider is a child of ours as well, so that no children left is
 * not the question.
 */
static bool has_tree_ended(void)
{
	return self.exited && count_living() == 0;
}

/* Reaps processes that have ended. All orphans become our children: each end of one may be that of the tree. */
static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		if (program_has_reaped(&program, pid, status))
			return;
		if (pid == self.command.pid) {
			self.exited = true;
			emit_exit(status);
		}
	}
	if (self.state != WATCHING && ((pid < 0 && errno == ECHILD) || has_tree_ended()))
		finish();
}

static void handle_signal(const struct signalfd_siginfo *signal)
{
	int number = (int)signal->ssi_signo;

	if (number == SIGCHLD)
		reap();
	else if (number == SIGUSR1 || number == SIGUSR2)
		pass_on(number);
	else if (program.decider != 0)
		recorder_emit_interrupt(&program.out, number, program_is_from_terminal(signal));
	else if (self.state == IDLE)
		program.ended = true;
	else
		finish();
}

/* Node.js has ended before the recording has: there will be no profile, and the command is not left without a word. */
static void report_abandoned(void)
{
	if (self.state == RECORDING && !self.exited && !self.finished && program.is_launched)
		fprintf(stderr, "spoc: the recording has ended without a profile; the command goes on, PID %d\n", self.command.pid);
}

static const struct program_handlers handlers = {
	.handle_line = handle_line,
	.handle_signal = handle_signal,
	.emit_failed = recorder_emit_failed,
};

int main(int argc, char **argv)
{
	int signals;

	(void)argc;
	if (program_has_option(argv, "--selftest")) {
		program.out.fd = STDOUT_FILENO;
		recorder_test_self(&program.in, &program.out);
		return 0;
	}
	self.by_libbpf = program_has_option(argv, "--libbpf");
	if (!program_take_command(&program, &self.command, argv))
		return 2;
	signals = program_open(&program, argv);
	if (signals < 0)
		return 2;
	recorder_emit_hello(&program.out, RECORDER_PROTOCOL);
	program_run(&program, &handlers, signals);
	report_abandoned();
	command_abandon(&self.command);
	hooks_detach(&self.hooks);
	return program_close(&program, signals);
}
