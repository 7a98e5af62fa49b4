/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Node.js process that reads the command line and decides. It is started clean: of the caller's environment it gets
 * what it has to know, so that no NODE_OPTIONS, LD_PRELOAD or the like of the command's reaches it, and limits that are
 * meant for the command are lifted for it.
 */
#pragma once

#include <sys/types.h>

#include "launcher/layout.h"

/* Descriptors that a decider may be given besides the caller's; below 0: none. */
struct decider_files {
	int commands; /* Where it writes commands to the program. */
	int events; /* Where it reads the program's events. */
	int profile; /* The profile's text as it was read for the kept filters. */
};

/*
 * Becomes Node.js with spoc's arguments. Returns only when that fails, with a status after a sentence on standard
 * error.
 */
int decider_become(const struct layout *layout, char *const *arguments, const struct decider_files *files);

/* Starts it as a child; -1 with errno. */
pid_t decider_start(const struct layout *layout, char *const *arguments, const struct decider_files *files);
