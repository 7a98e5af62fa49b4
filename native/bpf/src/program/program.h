/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part that all programs with a wire share: where commands come from, where events go, the signals that are handled, and the event
 * loop. A program fills in its handlers and keeps its own state.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "program/wire.h"

/* File descriptors 0 to 2 are those of the user's command. */
#define PROGRAM_COMMANDS_FD 3
#define PROGRAM_EVENTS_FD 4

/* Room for a sentence with a path in it, as the schemas have it. */
#define PROGRAM_REASON_SIZE 5121

/* A program with a wire. The loop runs until ended is set, or until nobody reads the events any more. */
struct program {
	const char *name;
	bool ended;
	int exit_status;
	sigset_t inherited; /* The signal mask that the program was started with, for the user's command. */
	struct wire_writer out;
	struct wire_lines in;
};

/* The difference between programs. */
struct program_handlers {
	/* Handles a line that came in; returns false with a fault where it is no command of the protocol. */
	bool (*handle_line)(const char *line, size_t length, struct wire_fault *fault);
	/* Handles SIGCHLD or SIGTERM. */
	void (*handle_signal)(int number);
	/* Emits that the program cannot go on, with the reason as a sentence. */
	void (*emit_failed)(struct wire_writer *out, const char *reason);
};

/* The command in the arguments of a program, which follows "--"; NULL when there is none. */
char **program_command(char **argv);

bool program_has_option(char **argv, const char *option);

/*
 * Takes hold of the wire and blocks the signals: a child that gets the inherited mask back inherits nothing of it. Returns the file
 * descriptor on which SIGCHLD and SIGTERM arrive, or -1 after an explanation on standard error.
 */
int program_open(struct program *program);

/* Handles commands and signals until the program has ended. The caller emits hello before, and closes what it has opened after. */
void program_run(struct program *program, const struct program_handlers *handlers, int signals);

/* Emits the reason and ends the program with status 1. */
void program_fail(struct program *program, const struct program_handlers *handlers, const char *reason);

/* The exit code of a wait status; 0 when a signal ended the process. */
int program_exit_code(int status);

/* The signal of a wait status; 0 when the process exited. */
int program_exit_signal(int status);
