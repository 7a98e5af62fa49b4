/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log file that is followed from its end: what is appended, and what comes when it is rotated or truncated. The file
 * is in a directory that others write to; a link in its place is refused.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "auditor/report.h"

/* Longer lines are no records: the kernel's have 8970 bytes (MAX_AUDIT_MESSAGE_LENGTH), auditd adds names. */
#define LOG_LINE_MAX 32768

/* A place in a file, which is known again after a restart. */
struct log_position {
	uint64_t device;
	uint64_t inode; /* 0: none. */
	uint64_t offset;
};

/* An open file, and the beginning of a line whose end has not come yet. */
struct tail {
	int fd; /* Below 0: none. */
	dev_t device;
	ino_t inode;
	off_t offset;
	bool skipping; /* In a line that is too long. */
	size_t used;
	char bytes[8 * LOG_LINE_MAX];
};

struct log_file {
	char path[4096];
	int directory; /* Descriptor of the file's folder. */
	const char *name; /* In it. */
	int inotify;
	uint64_t rotated_ms;
	struct tail now;
	struct tail before; /* After a rotation its writer goes on with the old file until it is told. */
};

typedef void (*line_taker)(void *context, const char *text, size_t length);

/* For a file that was not there before: all of it is new. */
#define LOG_WHOLE ((struct log_position){ .offset = UINT64_MAX })

/*
 * Opens a file at the place where an earlier run has stopped, also when that file was rotated meanwhile, or at its end
 * where there was none. Returns false with errno; ELOOP for a link.
 */
bool log_file_open(struct log_file *file, const char *path, const struct log_position *from, struct report *report);

void log_file_close(struct log_file *file, struct report *report);

/* The place up to which all lines have been passed on. */
struct log_position log_file_position(const struct log_file *file);

/*
 * Passes lines that have come to `take`, and returns whether there may be more of them. To be called when the
 * descriptor `inotify` is readable, and again while there may be.
 */
bool log_file_read(struct log_file *file, struct report *report, uint64_t now_ms, line_taker take, void *context);
