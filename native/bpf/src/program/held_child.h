/* SPDX-License-Identifier: Apache-2.0 */
/* The child's side of command.h. */
#pragma once

#include "program/command.h"

enum held_step {
	HELD_STEP_NONE,
	HELD_STEP_PROFILE,
	HELD_STEP_USER,
	HELD_STEP_NAME,
	HELD_STEP_FIND,
	HELD_STEP_ACCESS,
	HELD_STEP_FILTER,
	HELD_STEP_EXECVE,
};

/* Reads the plan from one descriptor, announces itself on the other, waits, and becomes the command. */
_Noreturn void held_child_run(struct command_report *report, int argc, char *const *argv, int wait_here, int say_here);
