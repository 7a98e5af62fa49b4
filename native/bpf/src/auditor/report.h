/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines that go to Node.js, each with a letter before it:
 *
 *   h PROTOCOL                hello, first
 *   s SENTENCE                from where records come; something that an administrator should know
 *   x PID ID REQUEST HEX      the program of the process that the next records with this PID are about: the id of its
 *                             container, that of the request that started it or `-`, and its arguments in
 *                             hexadecimal, with a NUL behind each; only where they were asked for
 *   r ID TEXT                 a record of a container: its id and the line as it was found, up to its end
 *   d REASON NUMBER           so many records were dropped, all of them behind the last place that was told
 *   p DEVICE:INODE:OFFSET     all records up to this place of the log have been told, or counted as dropped
 *
 * Not JSON: a record is text that goes through as it is, many thousand times a second.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define REPORT_PROTOCOL "3"

/* The reasons for which records are dropped. */
enum drop {
	DROP_UNATTRIBUTED, /* Its process was gone before it could be found. */
	DROP_TOO_LONG,
	DROP_CUT_OFF, /* The file ended, or was truncated, in the middle of a line. */
	DROP_OVERFLOW, /* The kernel had no room for it. */
	DROP_LOST, /* It never came to the log, as serial numbers show or the kernel says. */
	DROP_REASONS,
};

struct report {
	int fd;
	bool broken; /* There is no reader any more. */
	uint64_t drops[DROP_REASONS];
	uint64_t told_inode; /* The position that was told last. */
	uint64_t told_offset;
	size_t used;
	char bytes[65536];
};

void report_hello(struct report *report);
void report_sentence(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The program of a process; an empty request is told as none. */
void report_program(struct report *report, pid_t pid, const char *id, const char *request, size_t request_length,
		    const char *arguments, size_t length);
void report_record(struct report *report, const char *id, const char *text, size_t length);
void report_position(struct report *report, uint64_t device, uint64_t inode, uint64_t offset);
void report_drop(struct report *report, enum drop reason, uint64_t count);

/* Writes what is waiting. Waits for the reader, which is the bound of all queues. */
void report_flush(struct report *report);
