// SPDX-License-Identifier: Apache-2.0
#include "auditor/log_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* So long the file of before a rotation is still read. */
#define BEFORE_MS 30000

/* Pieces that are read at a time, of 256 KiB: then the place is told, from which a later run goes on. */
#define PIECES 4

static bool open_tail(struct tail *tail, int directory, const char *name)
{
	struct stat status;
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		close(fd);
		errno = EINVAL;
		return false;
	}
	tail->fd = fd;
	tail->device = status.st_dev;
	tail->inode = status.st_ino;
	tail->offset = 0;
	tail->skipping = false;
	tail->used = 0;
	return true;
}

static void close_tail(struct tail *tail, struct report *report)
{
	if (tail->fd < 0)
		return;
	close(tail->fd);
	tail->fd = -1;
	if (tail->used > 0)
		report_drop(report, DROP_CUT_OFF, 1);
}

/* The file of before, under the name that it was given. */
static bool open_rotated(struct log_file *file, const struct log_position *from)
{
	int copy = fcntl(file->directory, F_DUPFD_CLOEXEC, 0);
	DIR *folder = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	bool found = false;

	while (folder && !found && (entry = readdir(folder))) {
		if (entry->d_ino != from->inode || !open_tail(&file->before, file->directory, entry->d_name))
			continue;
		found = file->before.device == from->device && file->before.inode == from->inode;
		if (found) {
			file->before.offset = lseek(file->before.fd, (off_t)from->offset, SEEK_SET);
		} else {
			close(file->before.fd);
			file->before.fd = -1;
		}
	}
	if (folder)
		closedir(folder);
	return found;
}

static off_t place_to_begin(struct log_file *file, const struct log_position *from, struct report *report)
{
	off_t end = lseek(file->now.fd, 0, SEEK_END);

	if (from->inode == 0)
		return from->offset == LOG_WHOLE.offset ? 0 : end;
	if (from->inode == file->now.inode && from->device == file->now.device && from->offset <= (uint64_t)end)
		return (off_t)from->offset;
	if (from->inode != file->now.inode && !open_rotated(file, from)) {
		report_sentence(report, "the log that was read before is gone: records of the time without us may be lost");
		report_drop(report, DROP_LOST, 1);
	}
	return 0;
}

struct log_position log_file_position(const struct log_file *file)
{
	const struct tail *now = &file->now;

	return (struct log_position){ now->device, now->inode, (uint64_t)(now->offset - (off_t)now->used) };
}

static bool open_there(struct log_file *file, const struct log_position *from, struct report *report)
{
	const uint32_t events = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_ONLYDIR;
	char folder[sizeof(file->path)];

	snprintf(folder, sizeof(folder), "%.*s", (int)(file->name - file->path), file->path);
	file->directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file->directory < 0 || !open_tail(&file->now, file->directory, file->name))
		return false;
	file->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (file->inotify < 0 || inotify_add_watch(file->inotify, folder, events) < 0)
		return false;
	file->now.offset = lseek(file->now.fd, place_to_begin(file, from, report), SEEK_SET);
	return file->now.offset >= 0;
}

static void close_all(struct log_file *file)
{
	const int files[] = { file->directory, file->inotify, file->now.fd, file->before.fd };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (files[i] >= 0)
			close(files[i]);
	}
}

bool log_file_open(struct log_file *file, const char *path, const struct log_position *from, struct report *report)
{
	const char *slash = strrchr(path, '/');
	int error;

	file->directory = file->inotify = file->now.fd = file->before.fd = -1;
	if (!slash || snprintf(file->path, sizeof(file->path), "%s", path) >= (int)sizeof(file->path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	file->name = file->path + (slash - path) + 1;
	if (open_there(file, from, report))
		return true;
	error = errno;
	close_all(file);
	errno = error;
	return false;
}

void log_file_close(struct log_file *file, struct report *report)
{
	close_tail(&file->now, report);
	close_tail(&file->before, report);
	close_all(file);
}

/* Passes the lines that are complete, and keeps the rest. */
static void split(struct tail *tail, struct report *report, line_taker take, void *context)
{
	char *at = tail->bytes, *end = tail->bytes + tail->used, *newline;

	while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
		if (tail->skipping || newline - at > LOG_LINE_MAX)
			report_drop(report, DROP_TOO_LONG, 1);
		else
			take(context, at, (size_t)(newline - at));
		tail->skipping = false;
		at = newline + 1;
	}
	tail->used = (size_t)(end - at);
	if (tail->used > LOG_LINE_MAX) {
		tail->skipping = true;
		tail->used = 0;
	}
	memmove(tail->bytes, at, tail->used);
}

/* Returns whether there may be more. */
static bool read_tail(struct tail *tail, struct report *report, line_taker take, void *context)
{
	struct stat status;
	ssize_t count;

	if (tail->fd < 0)
		return false;
	if (fstat(tail->fd, &status) == 0 && status.st_size < tail->offset) {
		tail->offset = lseek(tail->fd, 0, SEEK_SET);
		if (tail->used > 0)
			report_drop(report, DROP_CUT_OFF, 1);
		tail->used = 0;
		report_sentence(report, "the log was truncated, it is read from its beginning");
	}
	for (int piece = 0; piece < PIECES && !report->broken; piece++) {
		count = read(tail->fd, tail->bytes + tail->used, sizeof(tail->bytes) - tail->used);
		if (count <= 0)
			return false;
		tail->used += (size_t)count;
		tail->offset += count;
		split(tail, report, take, context);
	}
	return !report->broken;
}

static bool is_rotated(const struct log_file *file)
{
	struct stat status;

	if (fstatat(file->directory, file->name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	return status.st_ino != file->now.inode || status.st_dev != file->now.device;
}

static void rotate(struct log_file *file, struct report *report, uint64_t now_ms)
{
	close_tail(&file->before, report);
	file->before = file->now;
	file->now.used = 0;
	file->rotated_ms = now_ms;
	if (open_tail(&file->now, file->directory, file->name)) {
		report_sentence(report, "%s was rotated, the new one is read", file->path);
		return;
	}
	report_sentence(report, "%s was replaced by something that cannot be read: %s", file->path, strerror(errno));
	/* Seen again as rotated when a file comes. */
	file->now.fd = -1;
	file->now.inode = 0;
}

bool log_file_read(struct log_file *file, struct report *report, uint64_t now_ms, line_taker take, void *context)
{
	char events[4096];

	while (read(file->inotify, events, sizeof(events)) > 0)
		;
	/* All of it: the place that is told is one in the new file. */
	while (read_tail(&file->before, report, take, context))
		;
	if (read_tail(&file->now, report, take, context))
		return true;
	if (file->before.fd >= 0 && now_ms - file->rotated_ms > BEFORE_MS)
		close_tail(&file->before, report);
	if (!is_rotated(file))
		return false;
	rotate(file, report, now_ms);
	return read_tail(&file->now, report, take, context);
}
