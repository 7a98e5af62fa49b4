/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the held command under a kept filter, without Node.js: with the lines that `spoc run` logs, and its end. */
#pragma once

#include "program/command.h"
#include "runner/kept_filter.h"

/* Returns the exit status, or ends by the signal that ended the command. */
int confined_run(struct command *command, struct command_plan *plan, const char *profile, const struct kept_notes *notes);
