// SPDX-License-Identifier: Apache-2.0
#include "program/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

bool program_has_option(char **argv, const char *option)
{
	for (argv++; *argv && strcmp(*argv, "--") != 0; argv++) {
		if (strcmp(*argv, option) == 0)
			return true;
	}
	return false;
}

const char *program_option(char **argv, const char *name)
{
	size_t length = strlen(name);

	for (argv++; *argv && strcmp(*argv, "--") != 0; argv++) {
		if (strncmp(*argv, name, length) == 0 && (*argv)[length] == '=')
			return *argv + length + 1;
	}
	return NULL;
}

/* The end of argv behind "--"; empty when there is none. */
static char **arguments_of_command(char **argv)
{
	while (*argv && strcmp(*argv, "--") != 0)
		argv++;
	return *argv ? argv + 1 : argv;
}

/* No child may inherit the wire. */
static bool close_wire_at_exec(const struct program *program)
{
	if (fcntl(PROGRAM_COMMANDS_FD, F_SETFD, FD_CLOEXEC) == 0 && fcntl(PROGRAM_EVENTS_FD, F_SETFD, FD_CLOEXEC) == 0)
		return true;
	fprintf(stderr, "%s: another program starts it, with commands on file descriptor %d and events on %d\n", program->name,
		PROGRAM_COMMANDS_FD, PROGRAM_EVENTS_FD);
	return false;
}

bool program_take_command(const struct program *program, struct command *command, char **argv)
{
	const char *held = program_option(argv, "--held");
	char **arguments = arguments_of_command(argv);
	int count = 0;

	if (!close_wire_at_exec(program))
		return false;
	while (arguments[count])
		count++;
	if (held ? command_adopt(command, (pid_t)strtol(held, NULL, 10)) : count == 0 || command_hold(command, count, arguments))
		return true;
	fprintf(stderr, "%s: hold the command: %s\n", program->name, strerror(errno));
	return false;
}

static void add_all(sigset_t *set, const int *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sigaddset(set, numbers[i]);
}

int program_open(struct program *program, char **argv)
{
	/*
	 * Blocked, and not ignored, so that no child inherits it. The end of a parent that drives us is seen on the wire; it
	 * hears the terminal's signals itself.
	 */
	static const int blocked[] = { SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGTERM, SIGCHLD, SIGPIPE };
	static const int driven[] = { SIGTERM, SIGCHLD };
	static const int launched[] = { SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGTERM, SIGCHLD };
	const char *decider = program_option(argv, "--decider");
	sigset_t mask, heard;
	int signals;

	if (!close_wire_at_exec(program))
		return -1;
	program->in.fd = PROGRAM_COMMANDS_FD;
	program->out.fd = PROGRAM_EVENTS_FD;
	sigemptyset(&mask);
	add_all(&mask, blocked, sizeof(blocked) / sizeof(blocked[0]));
	sigprocmask(SIG_BLOCK, &mask, &program->inherited);
	/* Where it is ignored, the kernel reaps children and keeps no status. */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&heard);
	program->is_launched = decider != NULL;
	if (decider) {
		program->decider = (pid_t)strtol(decider, NULL, 10);
		add_all(&heard, launched, sizeof(launched) / sizeof(launched[0]));
	} else {
		add_all(&heard, driven, sizeof(driven) / sizeof(driven[0]));
	}
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
	/* The other side has gone: events have no reader any more, and the command will not be released. */
	program->ended = true;
}

static void take_signals(struct program *program, const struct program_handlers *handlers, int signals)
{
	struct signalfd_siginfo information;

	while (!program->ended && read(signals, &information, sizeof(information)) == (ssize_t)sizeof(information))
		handlers->handle_signal(&information);
}

void program_run(struct program *program, const struct program_handlers *handlers, int signals)
{
	struct pollfd files[] = {
		{ .fd = program->in.fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		{ .events = POLLIN },
	};

	while (!program->ended && !program->out.broken) {
		/* poll(2) passes over a file descriptor below 0. */
		files[2].fd = handlers->handle_source ? program->source : -1;
		if (poll(files, 3, -1) < 0)
			continue;
		if (files[1].revents)
			take_signals(program, handlers, signals);
		if (files[2].revents && !program->ended)
			handlers->handle_source();
		if (files[0].revents && !program->ended)
			take_commands(program, handlers);
	}
}

bool program_is_from_terminal(const struct signalfd_siginfo *signal)
{
	return signal->ssi_code == SI_KERNEL && (signal->ssi_signo == SIGINT || signal->ssi_signo == SIGQUIT);
}

bool program_has_reaped(struct program *program, pid_t pid, int status)
{
	if (pid != program->decider || pid == 0)
		return false;
	program->decider = 0;
	program->decider_status = status;
	program->ended = true;
	return true;
}

int program_end_by(int number)
{
	const struct rlimit none = { 0, 0 };
	sigset_t set;

	/* The core of this process would explain nothing. */
	setrlimit(RLIMIT_CORE, &none);
	signal(number, SIG_DFL);
	raise(number);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return 128 + number;
}

/*
 * Waits for the decider, which writes a profile perhaps. The second signal that asks us to end does not wait for it any
 * more.
 */
static void wait_for_decider(struct program *program, int signals)
{
	struct pollfd file = { .fd = signals, .events = POLLIN };
	struct signalfd_siginfo information;
	int impatience = 0;
	int status;

	while (waitpid(program->decider, &status, WNOHANG) == 0) {
		poll(&file, 1, -1);
		if (read(signals, &information, sizeof(information)) == (ssize_t)sizeof(information) &&
		    information.ssi_signo != SIGCHLD && ++impatience == 2)
			kill(program->decider, SIGKILL);
	}
	program_has_reaped(program, program->decider, status);
}

int program_close(struct program *program, int signals)
{
	close(program->in.fd);
	close(program->out.fd);
	if (program->decider != 0)
		wait_for_decider(program, signals);
	if (!program->is_launched)
		return program->exit_status;
	if (WIFSIGNALED(program->decider_status))
		return program_end_by(WTERMSIG(program->decider_status));
	if (program->command_signal != 0 && WEXITSTATUS(program->decider_status) == 128 + program->command_signal)
		return program_end_by(program->command_signal);
	return WEXITSTATUS(program->decider_status);
}

int program_exit_code(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

int program_exit_signal(int status)
{
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
