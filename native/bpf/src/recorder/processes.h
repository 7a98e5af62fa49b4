/* SPDX-License-Identifier: Apache-2.0 */
/* Counts of living processes, from /proc. */
#pragma once

#include <sys/types.h>

/*
 * Processes with a name as in /proc/PID/comm, of which 15 bytes count, or whose executable file is called so; all but
 * one.
 */
int processes_named(const char *name, pid_t except);

/* Descendants of a process. */
int processes_below(pid_t ancestor);
