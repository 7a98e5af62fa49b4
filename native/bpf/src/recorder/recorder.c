// SPDX-License-Identifier: Apache-2.0
/*
 * Records the system calls of a command and all its descendants, or of all processes of a name, with eBPF. Started by spoc; see
 * schemas/wire/recorder.json for what comes in and goes out.
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
	char **argv; /* The command; NULL when there is none. */
	bool by_libbpf;
	struct command command;
	struct hooks hooks;
} self = { .hooks.traced_tasks = -1 };

static const struct program_handlers handlers;

static void fail(const char *reason)
{
	program_fail(&program, &handlers, reason);
}

static void finish(void)
{
	/* A recording that is ended before it has begun does not want the command either. */
	command_abandon(&self.command);
	seen_emit(&program.out, self.hooks.tree);
	hooks_detach(&self.hooks);
	recorder_emit_complete(&program.out, true);
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

static bool mark(const char *file, char *why, size_t size)
{
	if (hooks_mark(&self.hooks, self.command.pidfd))
		return true;
	snprintf(why, size, "mark %s for recording: %s", file, strerror(errno));
	return false;
}

static bool launch(const struct command_plan *plan, char *why, size_t size)
{
	/* A process that outlives its parent becomes our child, so the end of the whole tree is seen. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (!command_prepare(&self.command, plan, why, size))
		return false;
	return attach(NULL, why, size) && mark(plan->file, why, size);
}

static void start(const struct recorder_start *message)
{
	const struct command_plan plan = {
		.file = message->file,
		.argv = self.argv,
		.uid = message->uid,
		.gid = message->gid,
		.groups = message->groups,
		.groups_count = message->groups_count,
		.signals = &program.inherited,
	};
	char why[PROGRAM_REASON_SIZE];

	if (!self.argv) {
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

	recorder_emit_exited(&program.out, program_exit_code(status), program_exit_signal(status));
	count = processes_below(getpid());
	if (count > 0)
		recorder_emit_orphans(&program.out, count);
}

/* Reaps processes that have ended. Without any child left the whole tree has ended, as all orphans become our children. */
static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		if (pid == self.command.pid)
			emit_exit(status);
	}
	if (pid < 0 && errno == ECHILD && self.state != WATCHING)
		finish();
}

static void handle_signal(int number)
{
	if (number == SIGCHLD)
		reap();
	else if (self.state == IDLE)
		program.ended = true;
	else
		finish();
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
	self.argv = program_command(argv);
	self.by_libbpf = program_has_option(argv, "--libbpf");
	signals = program_open(&program);
	if (signals < 0)
		return 2;
	recorder_emit_hello(&program.out, RECORDER_PROTOCOL);
	program_run(&program, &handlers, signals);
	command_abandon(&self.command);
	hooks_detach(&self.hooks);
	return program.exit_status;
}
