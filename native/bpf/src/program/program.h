/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part that all programs with a wire share: where commands come from, where events go, the signals that are
 * handled, and the event loop. A program fills in its handlers and keeps its own state.
 *
 * A program is started in one of two ways. The launcher gives it a command that is held already, and a decider: the
 * Node.js process at the other end of the wire, a child of the program, which reads the command line and whose end
 * becomes that of the program. Or any parent drives it: the wire leads to that parent, and the command follows "--" in
 * the arguments.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/types.h>

#include "program/command.h"
#include "program/wire.h"

/* File descriptors 0 to 2 are those of the user's command. */
#define PROGRAM_COMMANDS_FD 3
#define PROGRAM_EVENTS_FD 4

/* Room for a sentence with a path in it, as the schemas have it. */
#define PROGRAM_REASON_SIZE 5121

/* A program with a wire. The loop runs until ended is set, or until the events have no reader any more. */
struct program {
	const char *name;
	bool ended;
	int exit_status;
	bool is_launched; /* There is a decider, or there was one. */
	pid_t decider; /* Our child at the other end of the wire; 0 where a parent drives us, or when it has been reaped. */
	int decider_status; /* How it ended. */
	int command_signal; /* The signal that ended the command; 0: none. */
	sigset_t inherited; /* The signal mask that the program was started with. */
	int source; /* A file descriptor for handle_source; below 0 while there is none. */
	struct wire_writer out;
	struct wire_lines in;
};

/* The difference between programs. */
struct program_handlers {
	/* Handles a line that came in; returns false with a fault where it is no command of the protocol. */
	bool (*handle_line)(const char *line, size_t length, struct wire_fault *fault);
	/* Handles SIGCHLD, or a signal that asks the program to end or is to be passed on. */
	void (*handle_signal)(const struct signalfd_siginfo *signal);
	/* Handles what there is to read at the program's source. NULL where the program never has one. */
	void (*handle_source)(void);
	/* Emits that the program cannot go on, with the reason as a sentence. */
	void (*emit_failed)(struct wire_writer *out, const char *reason);
};

bool program_has_option(char **argv, const char *option);

/* The value of an option "--name=value" before "--"; NULL when it is not there. */
const char *program_option(char **argv, const char *name);

/*
 * Takes over the launcher's command, or holds the one behind "--" where a parent drives us. To be called before
 * anything else changes. Returns false after an explanation on standard error. Without a command it does nothing.
 */
bool program_take_command(const struct program *program, struct command *command, char **argv);

/*
 * Takes hold of the wire and blocks the signals: a child that gets the inherited mask back inherits nothing of it.
 * Returns the file descriptor on which signals arrive, or -1 after an explanation on standard error.
 */
int program_open(struct program *program, char **argv);

/*
 * Handles commands and signals until the program has ended. The caller emits hello before, and closes what it has
 * opened after.
 */
void program_run(struct program *program, const struct program_handlers *handlers, int signals);

/* Emits the reason and ends the program with status 1. */
void program_fail(struct program *program, const struct program_handlers *handlers, const char *reason);

/* Whether the terminal sent the signal, which it sends to all of its foreground processes, the command among them. */
bool program_is_from_terminal(const struct signalfd_siginfo *signal);

/* Notes the end of a child that was reaped. Returns whether it was the decider. */
bool program_has_reaped(struct program *program, pid_t pid, int status);

/*
 * Closes the wire and returns the exit status; where there is a decider, waits for it and ends with its status. Where
 * that is 128 + the signal that ended the command, as a shell has it, the signal ends this process, too.
 */
int program_close(struct program *program, int signals);

/* Ends this process by a signal; returns a status for the case that the signal does not end it. */
int program_end_by(int number);

/* The exit code of a wait status; 0 when a signal ended the process. */
int program_exit_code(int status);

/* The signal of a wait status; 0 when the process exited. */
int program_exit_signal(int status);
