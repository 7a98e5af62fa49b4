// SPDX-License-Identifier: Apache-2.0
/*
 * Records the system calls of a command and all its descendants, or of all processes of a name, with eBPF. Started by spoc; see
 * schemas/wire/recorder.json for what comes in and goes out.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "hooks.h"
#include "processes.h"
#include "program.h"
#include "recorder_wire.h"
#include "seen.h"

enum state {
	IDLE,
	WAITING, /* A command is there, and waits for its release. */
	RECORDING, /* A command and its tree. */
	WATCHING, /* A name. */
	ENDED,
};

static struct {
	enum state state;
	int exit_status;
	char **words; /* The command; NULL when there is none. */
	bool by_libbpf;
	sigset_t signals; /* The mask that the command starts with. */
	struct command command;
	struct hooks hooks;
	struct wire_writer out;
	struct wire_lines in;
} self = { .hooks.members = -1 };

static void fail(const char *reason)
{
	recorder_emit_failed(&self.out, reason);
	self.exit_status = 1;
	self.state = ENDED;
}

static void finish(void)
{
	/* Who ends the recording before it has begun does not want the command either. */
	command_abandon(&self.command);
	seen_emit(&self.out, self.hooks.tree);
	hooks_detach(&self.hooks);
	recorder_emit_complete(&self.out, true);
	self.state = ENDED;
}

static bool attach(const char *watched, char *why, size_t size)
{
	/* Whoever asks for a name may bear it. */
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
	/* Who outlives its parent becomes our child: that is how the end of the whole tree is seen. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (!command_prepare(&self.command, plan, why, size))
		return false;
	return attach(NULL, why, size) && mark(plan->file, why, size);
}

static void start(const struct recorder_start *message)
{
	const struct command_plan plan = {
		.file = message->file,
		.words = self.words,
		.uid = message->uid,
		.gid = message->gid,
		.groups = message->groups,
		.groups_count = message->groups_count,
		.signals = &self.signals,
	};
	char why[PROGRAM_REASON_SIZE];

	if (!self.words) {
		fail("start needs a command among the arguments of the recorder");
	} else if (!launch(&plan, why, sizeof(why))) {
		fail(why);
	} else {
		self.state = WAITING;
		recorder_emit_started(&self.out, self.command.pid);
	}
}

static void release(void)
{
	char why[PROGRAM_REASON_SIZE];

	if (self.state != WAITING)
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
		recorder_emit_watching(&self.out, processes_named(message->name, getppid()));
	}
}

static void read_now(void)
{
	seen_emit(&self.out, self.hooks.tree);
	recorder_emit_complete(&self.out, false);
}

static void obey(const struct recorder_command *command)
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
		self.state = ENDED;
	else
		fail(running ? "the recording has begun already" : "there is no recording to read");
}

static void take_commands(void)
{
	const char *line;
	size_t length;
	enum wire_next next = wire_fill(&self.in);

	while (next != WIRE_CLOSED && self.state != ENDED) {
		static struct recorder_command command;
		struct wire_fault fault;

		next = wire_next_line(&self.in, &line, &length);
		if (next == WIRE_WAIT)
			return;
		if (next == WIRE_TOO_LONG)
			fail("a command is too long");
		else if (!recorder_parse_command(line, length, &command, &fault))
			fail(fault.text);
		else
			obey(&command);
	}
	/* Nobody is there any more to read what was seen, or to release the command. */
	self.state = ENDED;
}

static void emit_exit(int status)
{
	int count;

	recorder_emit_exited(&self.out, WIFEXITED(status) ? WEXITSTATUS(status) : 0,
			     WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	count = processes_below(getpid());
	if (count > 0)
		recorder_emit_orphans(&self.out, count);
}

/* Takes what has ended. Without any child left the whole tree has ended, as all orphans become our children. */
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

static void take_signals(int signals)
{
	int number;

	while (self.state != ENDED && (number = program_next_signal(signals)) != 0) {
		if (number == SIGCHLD)
			reap();
		else if (self.state == IDLE)
			self.state = ENDED;
		else
			finish();
	}
}

static int run(int signals)
{
	struct pollfd files[] = {
		{ .fd = PROGRAM_COMMANDS_FD, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};

	recorder_emit_hello(&self.out, RECORDER_PROTOCOL);
	while (self.state != ENDED && !self.out.broken) {
		if (poll(files, 2, -1) < 0)
			continue;
		if (files[1].revents)
			take_signals(signals);
		if (files[0].revents && self.state != ENDED)
			take_commands();
	}
	command_abandon(&self.command);
	hooks_detach(&self.hooks);
	return self.exit_status;
}

int main(int argc, char **argv)
{
	int signals;

	(void)argc;
	if (program_has_option(argv, "--selftest")) {
		self.out.fd = STDOUT_FILENO;
		recorder_test_self(&self.in, &self.out);
		return 0;
	}
	self.words = program_command(argv);
	self.by_libbpf = program_has_option(argv, "--libbpf");
	signals = program_open("recorder", &self.in, &self.out, &self.signals);
	return signals < 0 ? 2 : run(signals);
}
