// SPDX-License-Identifier: Apache-2.0
#include "selinux_policy/interrupted.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "selinux_policy/words.h"

static bool is_there(const char *folder, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return access(path, F_OK) == 0;
}

/* The lock of libsemanage's transactions, until the descriptor is closed. Returns -1 with errno. */
static int lock_transactions(const char *store)
{
	char path[PATH_MAX];
	int lock;

	snprintf(path, sizeof(path), "%s/semanage.trans.LOCK", store);
	lock = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0) {
		close(lock);
		lock = -1;
	}
	return lock;
}

bool interrupted_restore(const char *store)
{
	char active[PATH_MAX], previous[PATH_MAX];
	bool ok = true;
	int lock;

	if (is_there(store, "active") || !is_there(store, "previous") || !is_there(store, "tmp"))
		return true;
	snprintf(active, sizeof(active), "%s/active", store);
	snprintf(previous, sizeof(previous), "%s/previous", store);
	lock = lock_transactions(store);
	/* The process that has the lock is between the renames now, and goes on. */
	if (lock < 0)
		ok = errno == EWOULDBLOCK;
	else if (!is_there(store, "active"))
		ok = rename(previous, active) == 0;
	if (!ok)
		words_add("put %s back: %s", active, strerror(errno));
	if (lock >= 0)
		close(lock);
	return ok;
}

enum interrupted interrupted_where(const char *store, const char *final)
{
	if (is_there(store, "tmp"))
		return INTERRUPTED_BEFORE;
	return access(final, F_OK) == 0 ? INTERRUPTED_AFTER : INTERRUPTED_NOT;
}
