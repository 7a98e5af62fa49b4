/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of an audit log, as far as it must be understood here: whether it is a record that may concern a container, of
 * which process, and when. All else of it is read by Node.js (src/core/audit). Anybody may have written the line.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum line_kind {
	LINE_OTHER, /* Of no interest, or no line of auditing at all. */
	LINE_NUMBERED, /* A record of another kind: only its serial number is of interest. */
	LINE_RECORD, /* Of seccomp, SELinux, AppArmor, or of a system call. */
	LINE_LOST, /* The kernel says how many records it has lost since it was started. */
};

struct audit_line {
	pid_t pid;
	uint64_t seconds; /* Since 1970. */
	uint64_t serial;
	uint64_t lost;
	bool is_call; /* Of a system call: of use only beside another record with its serial number. */
	const char *stamp; /* In a syslog the kernel's own time, as it is written there; NULL where it is not. */
	size_t stamp_length;
};

/* Reads a line without its end. In a syslog, where every program may write, only lines of the kernel count. */
enum line_kind line_read(const char *text, size_t length, bool of_syslog, struct audit_line *line);
