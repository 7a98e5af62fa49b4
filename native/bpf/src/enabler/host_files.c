// SPDX-License-Identifier: Apache-2.0
#include "enabler/host_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The operator has directories of files. More levels are somebody's attempt to use up our file descriptors. */
#define DEPTH_MAX 32

/* The draft that a killed run leaves of a file or link; the next run removes it. */
#define DRAFT ".non-root-enabler.new"

bool host_complain(const char *format, ...)
{
	va_list values;

	fputs("Error: ", stderr);
	va_start(values, format);
	vfprintf(stderr, format, values);
	va_end(values);
	fputc('\n', stderr);
	return false;
}

bool host_is_clean(const char *path)
{
	if (strlen(path) >= PATH_MAX || *path != '/')
		return false;
	for (const char *byte = path; *byte; byte++) {
		if ((unsigned char)*byte < ' ' || *byte == 0x7f || *byte == '"' || *byte == '\\')
			return false;
	}
	while (*path) {
		size_t length = strcspn(++path, "/");

		if (length == 0 || (length == 1 && *path == '.') || (length == 2 && strncmp(path, "..", 2) == 0))
			return false;
		path += length;
	}
	return true;
}

/*
 * Opens a directory: `path` below the root, which is `name` in its parent. The kernel resolves links on the way as the
 * node itself would, and cannot be led out of the root. Before Linux 5.6 it cannot do so, and links are refused.
 */
static int open_below(int root, const char *path, int parent, const char *name)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int directory = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));

	if (directory < 0 && errno == ENOSYS)
		directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return directory;
}

static int enter(int root, const char *path, int parent, const char *name)
{
	int directory = open_below(root, path, parent, name);

	if (directory < 0 && errno == ENOENT && (mkdirat(parent, name, 0755) == 0 || errno == EEXIST))
		directory = open_below(root, path, parent, name);
	return directory;
}

static int make_directories(int root, const char *path)
{
	char part[PATH_MAX];
	int directory = root;

	for (size_t end = 0; directory >= 0 && path[end];) {
		const size_t start = end + 1;
		const int parent = directory;
		int reason;

		end = start + strcspn(path + start, "/");
		memcpy(part, path, end);
		part[end] = '\0';
		directory = enter(root, part, parent, part + start);
		reason = errno;
		if (parent != root)
			close(parent);
		errno = reason;
	}
	return directory;
}

int host_own_directory(int root, const char *path)
{
	int directory;

	if (!host_is_clean(path)) {
		host_complain("not the path of a directory");
		return -1;
	}
	directory = make_directories(root, path);
	if (directory >= 0 && fchmod(directory, HOST_DIRECTORY_MODE) == 0 && fchown(directory, HOST_OWNER, HOST_OWNER) == 0)
		return directory;
	host_complain("%s cannot be made a directory of user %d: %s", path, HOST_OWNER, strerror(errno));
	if (directory >= 0)
		close(directory);
	return -1;
}

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
	if (!reason)
		return hand_over_entries(entry, depth + 1);
	close(entry);
	return reason;
}

/* Closes the directory. */
static const char *hand_over_entries(int directory, unsigned int depth)
{
	DIR *entries = fdopendir(directory);
	const char *reason = depth > DEPTH_MAX ? "its directories are too deep" : NULL;

	if (!entries) {
		reason = strerror(errno);
		close(directory);
		return reason;
	}
	while (!reason) {
		const struct dirent *entry;

		errno = 0;
		entry = readdir(entries);
		if (!entry) {
			reason = errno == 0 ? NULL : strerror(errno);
			break;
		}
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			reason = hand_over_entry(directory, entry->d_name, depth);
	}
	closedir(entries);
	return reason;
}

bool host_hand_over(int directory, const char *path)
{
	const int again = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *reason = again < 0 ? strerror(errno) : hand_over_entries(again, 0);

	return !reason || host_complain("what is in %s cannot be given to user %d: %s", path, HOST_OWNER, reason);
}

/* Takes away what stands where the link belongs. */
static bool clear_place(int directory, const char *path, const char *name, const char *target)
{
	if (unlinkat(directory, name, AT_REMOVEDIR) == 0)
		return true;
	if (errno == ENOTDIR)
		return host_complain("%s/%s is neither a link nor a directory", path, name);
	return host_complain("%s/%s is a directory where the link to %s belongs; move its content to %s and remove it: %s", path, name,
			     target, target, strerror(errno));
}

bool host_link(int directory, const char *path, const char *name, const char *target)
{
	char found[PATH_MAX];
	const ssize_t length = readlinkat(directory, name, found, sizeof(found));

	if (length == (ssize_t)strlen(target) && memcmp(found, target, (size_t)length) == 0)
		return true;
	/* EINVAL says that it is something else than a link. */
	if (length < 0 && errno == EINVAL && !clear_place(directory, path, name, target))
		return false;
	unlinkat(directory, DRAFT, 0);
	if (symlinkat(target, directory, DRAFT) == 0 && renameat(directory, DRAFT, directory, name) == 0)
		return true;
	return host_complain("%s/%s cannot be made a link to %s: %s", path, name, target, strerror(errno));
}

static bool write_all(int file, const char *text, size_t length)
{
	while (length > 0) {
		const ssize_t written = write(file, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		text += written;
		length -= (size_t)written;
	}
	return true;
}

bool host_replace(int directory, const char *path, const char *name, const char *text, size_t length)
{
	bool good;
	int file;

	unlinkat(directory, DRAFT, 0);
	file = openat(directory, DRAFT, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	good = file >= 0 && write_all(file, text, length) && fchmod(file, HOST_FILE_MODE) == 0 &&
	       fchown(file, HOST_OWNER, HOST_OWNER) == 0 && fsync(file) == 0 && renameat(directory, DRAFT, directory, name) == 0;
	if (!good)
		host_complain("%s/%s cannot be written: %s", path, name, strerror(errno));
	if (file >= 0)
		close(file);
	if (file >= 0 && !good)
		unlinkat(directory, DRAFT, 0);
	return good;
}
