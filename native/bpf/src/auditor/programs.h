/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The programs of the processes that records are about, told to Node.js once for each: before the first record of a
 * process, and again when it has executed another one.
 */
#pragma once

#include "auditor/executed.h"
#include "auditor/report.h"

/* Processes of which is remembered what was told; a number that takes another one's place is told again. */
#define PROGRAMS_MAX 8192

struct told_program {
	pid_t pid;
	uint64_t at; /* Of the program; of one that began before us the start of the process. */
};

struct programs {
	int proc; /* The host's /proc. */
	long ticks; /* Per second. */
	struct executed executed;
	struct executed_program found;
	struct told_program told[PROGRAMS_MAX];
};

/*
 * Tells the program of a process of a container, unless it is the one that was told. Of a process that began before us
 * /proc tells the arguments; of one that has ended, too, nothing is told.
 */
void programs_tell(struct programs *programs, struct report *report, pid_t pid, const char *id);
