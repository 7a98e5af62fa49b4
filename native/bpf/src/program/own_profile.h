/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An AppArmor profile that is in the kernel for one command: how the command gets it, and how it is taken out again.
 * Where it was loaded, so that it is there, is not known here.
 */
#pragma once

#include <stdbool.h>

/* Room for the longest name that the wire carries. */
#define OWN_PROFILE_SIZE 4096

/* Asks the kernel to put this process under the profile with its next execve. Returns 0 or an errno. */
int own_profile_at_exec(const char *name);

/*
 * Takes the profile out of the kernel, with those of programs that ran within it. Processes that run under it are
 * confined no more. Returns 0 or an errno; ENOENT for one that is not there, which the audit log tells of as well.
 */
int own_profile_remove(const char *name);

/* Whether a process runs under the profile, or under one within it. */
bool own_profile_is_used(const char *name);
