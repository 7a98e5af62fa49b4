// SPDX-License-Identifier: Apache-2.0
#include "enabler/host_files.h"

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

#include "enabler/aside.h"

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

static int enter(int root, const char *path, int parent, const char *name, bool make)
{
	int directory = open_below(root, path, parent, name);

	if (directory < 0 && make && errno == ENOENT && (mkdirat(parent, name, 0755) == 0 || errno == EEXIST))
		directory = open_below(root, path, parent, name);
	return directory;
}

/* Opens a directory below the root; makes it, and those above it, if it is to. */
static int walk(int root, const char *path, bool make)
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
		directory = enter(root, part, parent, part + start, make);
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
	directory = walk(root, path, true);
	if (directory >= 0 && fchmod(directory, HOST_DIRECTORY_MODE) == 0 && fchown(directory, HOST_OWNER, HOST_OWNER) == 0)
		return directory;
	host_complain("%s cannot be made a directory of user %d: %s", path, HOST_OWNER, strerror(errno));
	if (directory >= 0)
		close(directory);
	return -1;
}

/* Returns the reason why it is none, as the rest of a sentence; NULL for one. */
static const char *fault_of_kubelet(int directory)
{
	struct stat stats;

	if (fstat(directory, &stats) != 0)
		return strerror(errno);
	if (stats.st_uid != 0 || (stats.st_mode & (S_IWGRP | S_IWOTH)))
		return "others than root may write into it";
	if (fstatat(directory, "pods", &stats, AT_SYMLINK_NOFOLLOW) != 0)
		return "it has no directory pods";
	if (fstatat(directory, "seccomp", &stats, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(stats.st_mode))
		return "its seccomp is a link";
	return NULL;
}

bool host_is_kubelet(int root, const char *path)
{
	const int directory = walk(root, path, false);
	const char *fault = directory < 0 ? strerror(errno) : fault_of_kubelet(directory);

	if (directory >= 0)
		close(directory);
	return !fault || host_complain("%s, which the node's label names, is no directory of a kubelet: %s", path, fault);
}

/* Whether our owner has put an entry there: of a daemon that was taken over, since ours makes links only. */
static bool is_of_owner(int directory, const char *name)
{
	struct stat stats;

	return fstatat(directory, name, &stats, AT_SYMLINK_NOFOLLOW) == 0 && stats.st_uid == HOST_OWNER;
}

/* Takes away what stands where the link belongs. */
static bool clear_place(int directory, const char *path, const char *name, const char *target)
{
	int reason;

	if (unlinkat(directory, name, AT_REMOVEDIR) == 0)
		return true;
	reason = errno;
	if (is_of_owner(directory, name))
		return aside_move(directory, path, name);
	errno = reason;
	if (errno == ENOTDIR)
		return host_complain("%s/%s is neither a link nor a directory", path, name);
	return host_complain("%s/%s is a directory where the link to %s belongs; move its content to %s and remove it: %s", path, name,
			     target, target, strerror(errno));
}

static bool clear_draft(int directory, const char *path)
{
	return unlinkat(directory, DRAFT, 0) == 0 || errno == ENOENT || aside_move(directory, path, DRAFT);
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
	if (!clear_draft(directory, path))
		return false;
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

/* Gives the draft its name; a file can replace anything but a directory. */
static bool name_draft(int directory, const char *path, const char *name)
{
	if (renameat(directory, DRAFT, directory, name) == 0)
		return true;
	return errno == EISDIR && aside_move(directory, path, name) && renameat(directory, DRAFT, directory, name) == 0;
}

bool host_replace(int directory, const char *path, const char *name, const char *text, size_t length)
{
	bool good;
	int file;

	if (!clear_draft(directory, path))
		return false;
	file = openat(directory, DRAFT, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	good = file >= 0 && write_all(file, text, length) && fchmod(file, HOST_FILE_MODE) == 0 &&
	       fchown(file, HOST_OWNER, HOST_OWNER) == 0 && fsync(file) == 0 && name_draft(directory, path, name);
	if (!good)
		host_complain("%s/%s cannot be written: %s", path, name, strerror(errno));
	if (file >= 0)
		close(file);
	if (file >= 0 && !good)
		unlinkat(directory, DRAFT, 0);
	return good;
}
