// SPDX-License-Identifier: Apache-2.0
/*
 * Records the system calls of a command and all its descendants, or of all processes of a name, with eBPF. Started by
 * spoc; see schemas/wire/recorder.json for what comes in and goes out.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program/program.h"
#include "recorder/processes.h"
#include "recorder/recording.h"
#include "recorder_wire.h"
#include "recorder/seen.h"
#include "recorder/trace.h"

enum state {
	IDLE,
	HELD, /* A command is there, and waits for its release. */
	RECORDING, /* A command and its tree. */
	WATCHING, /* A name. */
};

static struct program program = { .name = "recorder", .source = -1 };

static struct {
	enum state state;
	bool exited; /* The command has ended. */
	bool finished; /* The result was sent. */
	struct recording recording;
} self = { .recording = RECORDING_NONE };

static const struct program_handlers handlers;

static void fail(const char *reason)
{
	program_fail(&program, &handlers, reason);
}

/* The processes of the tree that live. Where the kernel does not say it, all descendants but the decider. */
static int count_living(void)
{
	int living = hooks_count_living(&self.recording.hooks);

	return living >= 0 ? living : processes_below(getpid()) - (program.decider != 0 ? 1 : 0);
}

static void emit_result(void)
{
	seen_emit(&program.out, self.recording.hooks.tree);
	if (self.recording.traces)
		trace_emit(&program.out, self.recording.hooks.traced_calls, self.recording.noted);
}

static void finish(void)
{
	int living;

	/* A recording that is ended before it has begun does not want the command either. */
	command_abandon(&self.recording.command);
	/* Counted before the result is read: what a process does in between is either in the result, or said to be missing. */
	living = count_living();
	emit_result();
	accesses_finish(&self.recording.accesses, &program.out);
	if (living > 0)
		recorder_emit_left(&program.out, living);
	hooks_detach(&self.recording.hooks);
	recorder_emit_complete(&program.out, true);
	self.finished = true;
	program.ended = true;
}

/* Records of what a profile of ours refuses come from here on, where one is looked for. */
static void listen_to_accesses(void)
{
	program.source = self.recording.accesses.socket;
}

static void start(const struct recorder_start *message)
{
	char why[PROGRAM_REASON_SIZE];

	if (!self.recording.command.held) {
		fail("start needs a command among the arguments of the recorder");
	} else if (!recording_launch(&self.recording, message, why, sizeof(why))) {
		fail(why);
	} else {
		listen_to_accesses();
		self.state = HELD;
		recorder_emit_started(&program.out, self.recording.command.pid);
	}
}

static void release(void)
{
	char why[PROGRAM_REASON_SIZE];

	if (self.state != HELD)
		fail("no command waits for its release");
	else if (!command_release(&self.recording.command, why, sizeof(why)))
		fail(why);
	else
		self.state = RECORDING;
}

static void watch(const struct recorder_watch *message)
{
	char why[PROGRAM_REASON_SIZE];

	if (message->name[0] == '\0') {
		fail("watch needs a name");
	} else if (!recording_watch(&self.recording, message, why, sizeof(why))) {
		fail(why);
	} else {
		listen_to_accesses();
		self.state = WATCHING;
		recorder_emit_watching(&program.out, processes_named(message->name, getppid()));
	}
}

static void trace(const struct recorder_trace *message)
{
	trace_read_plan(self.recording.noted, message);
	self.recording.traces = true;
}

static void read_now(void)
{
	emit_result();
	recorder_emit_complete(&program.out, false);
}

/* A command that waits for its release takes a signal as one that has just begun would. */
static void pass_on(int number)
{
	if (self.recording.command.pid > 0 && !self.exited)
		kill(self.recording.command.pid, number);
}

static void handle_command(const struct recorder_command *command)
{
	bool running = self.state != IDLE;

	if (command->type == RECORDER_TRACE && !running)
		trace(&command->trace);
	else if (command->type == RECORDER_START && !running)
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
		if (pid == self.recording.command.pid) {
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
		fprintf(stderr, "spoc: the recording has ended without a profile; the command goes on, PID %d\n", self.recording.command.pid);
}

static void take_accesses(void)
{
	accesses_take(&self.recording.accesses, &program.out);
}

static const struct program_handlers handlers = {
	.handle_line = handle_line,
	.handle_signal = handle_signal,
	.handle_source = take_accesses,
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
	self.recording.by_libbpf = program_has_option(argv, "--libbpf");
	if (!program_take_command(&program, &self.recording.command, argv))
		return 2;
	signals = program_open(&program, argv);
	if (signals < 0)
		return 2;
	recorder_emit_hello(&program.out, RECORDER_PROTOCOL);
	program_run(&program, &handlers, signals);
	report_abandoned();
	command_abandon(&self.recording.command);
	accesses_close(&self.recording.accesses);
	hooks_detach(&self.recording.hooks);
	return program_close(&program, signals);
}
