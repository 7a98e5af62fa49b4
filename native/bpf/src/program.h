/* SPDX-License-Identifier: Apache-2.0 */
/* What our programs have in common: where commands come from, where events go, and which signals they hear. */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include "wire.h"

/* File descriptors 0 to 2 are those of the user's command. */
#define PROGRAM_COMMANDS_FD 3
#define PROGRAM_EVENTS_FD 4

/* Room for a sentence with a path in it, as the schemas have it. */
#define PROGRAM_REASON_SIZE 5121

/* The command among the words of a program, which follows "--"; NULL when there is none. */
char **program_command(char **words);

bool program_has_option(char **words, const char *option);

/*
 * Takes hold of the wire and of the signals: nothing of it is left to a child that gets the mask back which is returned. Returns the
 * file descriptor on which SIGCHLD and SIGTERM arrive, or -1 after an explanation on standard error.
 */
int program_open(const char *name, struct wire_lines *in, struct wire_writer *out, sigset_t *inherited);

/* Takes a signal from that file descriptor; 0 when there is none. */
int program_next_signal(int signals);
