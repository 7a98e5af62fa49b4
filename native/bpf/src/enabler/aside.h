/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moving things out of the way in directories that are ours. A daemon that was taken over may have put anything there;
 * nothing of it is removed or followed, since it may be evidence, and may be somebody's.
 */
#pragma once

#include <stdbool.h>

/* Begin of the names of what was moved aside, by us and by the daemon (src/core/status/moved-aside.ts). */
#define ASIDE_PREFIX ".moved-aside-"

/* Whether an entry is one that was moved aside. Nothing in it is looked at. */
bool aside_is(const char *name);

/*
 * Gives the entry `name` of a directory another name in it, says so in the log, and makes it root's where it is a
 * directory. Returns false after a complaint. `path` is the directory's, for the words.
 */
bool aside_move(int directory, const char *path, const char *name);
