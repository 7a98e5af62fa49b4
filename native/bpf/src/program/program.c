// SPDX-License-Identifier: Apache-2.0
#include "program/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

char **program_command(char **argv)
{
	for (argv++; *argv; argv++) {
		if (strcmp(*argv, "--") == 0)
			return argv[1] ? argv + 1 : NULL;
	}
	return NULL;
}

bool program_has_option(char **argv, const char *option)
{
	for (argv++; *argv && strcmp(*argv, "--") != 0; argv++) {
		if (strcmp(*argv, option) == 0)
			return true;
	}
	return false;
}

int program_open(struct program *program)
{
	/*
	 * The terminal's signals are for the command; blocked here, and not ignored, so that the command does not inherit it. The end of
	 * our parent is seen on the wire.
	 */
	static const int blocked[] = { SIGINT, SIGQUIT, SIGHUP, SIGPIPE, SIGCHLD, SIGTERM };
	sigset_t mask, heard;
	int signals;

	if (fcntl(PROGRAM_COMMANDS_FD, F_SETFD, FD_CLOEXEC) != 0 || fcntl(PROGRAM_EVENTS_FD, F_SETFD, FD_CLOEXEC) != 0) {
		fprintf(stderr, "%s: started by spoc, it takes commands on file descriptor %d and emits events on %d\n",
			program->name, PROGRAM_COMMANDS_FD, PROGRAM_EVENTS_FD);
		return -1;
	}
	program->in.fd = PROGRAM_COMMANDS_FD;
	program->out.fd = PROGRAM_EVENTS_FD;
	sigemptyset(&mask);
	for (size_t i = 0; i < sizeof(blocked) / sizeof(blocked[0]); i++)
		sigaddset(&mask, blocked[i]);
	sigprocmask(SIG_BLOCK, &mask, &program->inherited);
	sigemptyset(&heard);
	sigaddset(&heard, SIGCHLD);
	sigaddset(&heard, SIGTERM);
	signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		fprintf(stderr, "%s: signalfd: %s\n", program->name, strerror(errno));
	return signals;
}

void program_fail(struct program *program, const struct program_handlers *handlers, const char *reason)
{
	handlers->emit_failed(&program->out, reason);
	program->exit_status = 1;
	program->ended = true;
}

static void take_commands(struct program *program, const struct program_handlers *handlers)
{
	const char *line;
	size_t length;
	enum wire_next next = wire_fill(&program->in);

	while (next != WIRE_CLOSED && !program->ended) {
		struct wire_fault fault;

		next = wire_next_line(&program->in, &line, &length);
		if (next == WIRE_WAIT)
			return;
		if (next == WIRE_TOO_LONG)
			program_fail(program, handlers, "a command is too long");
		else if (!handlers->handle_line(line, length, &fault))
			program_fail(program, handlers, fault.text);
	}
	/* The other side has gone: nobody reads events any more, or could release the command. */
	program->ended = true;
}

static void take_signals(struct program *program, const struct program_handlers *handlers, int signals)
{
	struct signalfd_siginfo information;

	while (!program->ended && read(signals, &information, sizeof(information)) == (ssize_t)sizeof(information))
		handlers->handle_signal((int)information.ssi_signo);
}

void program_run(struct program *program, const struct program_handlers *handlers, int signals)
{
	struct pollfd files[] = {
		{ .fd = program->in.fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};

	while (!program->ended && !program->out.broken) {
		if (poll(files, 2, -1) < 0)
			continue;
		if (files[1].revents)
			take_signals(program, handlers, signals);
		if (files[0].revents && !program->ended)
			take_commands(program, handlers);
	}
}

int program_exit_code(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

int program_exit_signal(int status)
{
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
