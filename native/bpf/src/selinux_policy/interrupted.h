/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transaction of libsemanage whose process was killed. The library builds the next store beside the one that is in
 * effect, exchanges them by two renames, and copies the files of the policy after that; nothing in it finishes what an
 * earlier process has begun (libsemanage 3.4, as test/native/interrupted-policy.test.ts makes it).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* How far it had come. */
enum interrupted {
	INTERRUPTED_NOT,
	INTERRUPTED_BEFORE, /* The store is the one of before; what was to take its place lies beside it. */
	INTERRUPTED_AFTER, /* The store is the new one, and files of the policy may be those of before. */
};

/* Puts the store back where the process ended between the two renames. Returns false with words. */
bool interrupted_restore(const char *store);

/*
 * store: the folder of one policy, such as /var/lib/selinux/targeted
 * final: the folder in which the library gathers the files of the policy
 */
enum interrupted interrupted_where(const char *store, const char *final);
