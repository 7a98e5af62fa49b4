// SPDX-License-Identifier: Apache-2.0
#include "enabler/hand_over.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enabler/aside.h"
#include "enabler/host_files.h"

/* The operator has directories of files. More levels are somebody's attempt to use up our file descriptors. */
#define DEPTH_MAX 32

static const char *hand_over_entries(int directory, unsigned int depth);

/*
 * Files keep their owners. Every operator before us wrote its files as our user, too, so what belongs to somebody else
 * is not an operator's; the daemon tells by the owner which files it may delete. The owner of a directory is changed by
 * a file descriptor: the entry that was looked at is the one that is given away. Returns the reason if it is not.
 */
static const char *hand_over_entry(int directory, const char *name, unsigned int depth)
{
	const int entry = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const char *reason = NULL;
	struct stat stats;

	if (entry < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? NULL : strerror(errno);
	if (fstat(entry, &stats) != 0)
		reason = strerror(errno);
	else if ((stats.st_uid != HOST_OWNER || stats.st_gid != HOST_OWNER) && fchown(entry, HOST_OWNER, HOST_OWNER) != 0)
		reason = strerror(errno);
	else if ((stats.st_mode & S_IRWXU) != S_IRWXU && fchmod(entry, (stats.st_mode & ALLPERMS) | S_IRWXU) != 0)
		reason = strerror(errno);
	if (!reason)
		return hand_over_entries(entry, depth + 1);
	close(entry);
	return reason;
}

static bool is_ours_to_enter(const char *name)
{
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !aside_is(name);
}

/* The next entry to enter; NULL at the end, with the reason if there is one. */
static const char *next_name(DIR *entries, const char **reason)
{
	const struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(entries);
	} while (entry && !is_ours_to_enter(entry->d_name));
	*reason = entry || errno == 0 ? NULL : strerror(errno);
	return entry ? entry->d_name : NULL;
}

/* Closes the directory. */
static const char *hand_over_entries(int directory, unsigned int depth)
{
	DIR *entries = fdopendir(directory);
	const char *reason = depth > DEPTH_MAX ? "its directories are too deep" : NULL;
	const char *name;

	if (!entries) {
		reason = strerror(errno);
		close(directory);
		return reason;
	}
	while (!reason && (name = next_name(entries, &reason)))
		reason = hand_over_entry(directory, name, depth);
	closedir(entries);
	return reason;
}

/* Trouble of the node or of its disk: it says nothing of the entry, which is likely to be a good directory of ours. */
static bool is_trouble_of_node(int reason)
{
	return reason == EMFILE || reason == ENFILE || reason == ENOMEM || reason == EIO || reason == ENOSPC || reason == EDQUOT;
}

/* Closes the directory. An entry that cannot be given away is in the way of all the rest. */
static const char *hand_over_or_move(int directory, const char *path)
{
	DIR *entries = fdopendir(directory);
	const char *reason = NULL;
	const char *name, *fault;

	if (!entries) {
		reason = strerror(errno);
		close(directory);
		return reason;
	}
	while (!reason && (name = next_name(entries, &reason))) {
		fault = hand_over_entry(directory, name, 0);
		if (fault && is_trouble_of_node(errno))
			reason = fault;
		else if (fault && !aside_move(directory, path, name))
			reason = "something is in the way";
	}
	closedir(entries);
	return reason;
}

bool host_hand_over(int directory, const char *path)
{
	const int again = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *reason = again < 0 ? strerror(errno) : hand_over_or_move(again, path);

	return !reason || host_complain("what is in %s cannot be given to user %d: %s", path, HOST_OWNER, reason);
}
