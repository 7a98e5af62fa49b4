// SPDX-License-Identifier: Apache-2.0
#include "auditor/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const reasons[DROP_REASONS] = {
	[DROP_UNATTRIBUTED] = "unattributed",
	[DROP_TOO_LONG] = "too-long",
	[DROP_CUT_OFF] = "cut-off",
	[DROP_OVERFLOW] = "overflow",
	[DROP_LOST] = "lost",
};

static void write_out(struct report *report)
{
	for (size_t at = 0; at < report->used && !report->broken;) {
		ssize_t count = write(report->fd, report->bytes + at, report->used - at);

		if (count >= 0)
			at += (size_t)count;
		else if (errno != EINTR)
			report->broken = true;
	}
	report->used = 0;
}

static void put(struct report *report, const char *text, size_t length)
{
	if (sizeof(report->bytes) - report->used < length)
		write_out(report);
	/* Longer than the buffer is no line: sources see to it. */
	if (length <= sizeof(report->bytes)) {
		memcpy(report->bytes + report->used, text, length);
		report->used += length;
	}
}

void report_hello(struct report *report)
{
	put(report, "h " REPORT_PROTOCOL "\n", strlen("h " REPORT_PROTOCOL "\n"));
	write_out(report);
}

void report_sentence(struct report *report, const char *format, ...)
{
	char text[5000] = "s ";
	va_list values;
	int length;

	va_start(values, format);
	length = vsnprintf(text + 2, sizeof(text) - 3, format, values);
	va_end(values);
	if (length < 0)
		return;
	for (char *at = text; *at; at++) {
		if (*at == '\n')
			*at = ' ';
	}
	put(report, text, strlen(text));
	put(report, "\n", 1);
}

void report_program(struct report *report, pid_t pid, const char *id, const char *request, size_t request_length,
		    const char *arguments, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char text[32];

	snprintf(text, sizeof(text), "x %d ", (int)pid);
	put(report, text, strlen(text));
	put(report, id, strlen(id));
	put(report, " ", 1);
	put(report, request_length > 0 ? request : "-", request_length > 0 ? request_length : 1);
	put(report, " ", 1);
	for (size_t at = 0; at < length; at++) {
		unsigned char byte = (unsigned char)arguments[at];

		put(report, (char[]){ digits[byte >> 4], digits[byte & 15] }, 2);
	}
	put(report, "\n", 1);
}

void report_record(struct report *report, const char *id, const char *text, size_t length)
{
	put(report, "r ", 2);
	put(report, id, strlen(id));
	put(report, " ", 1);
	put(report, text, length);
	put(report, "\n", 1);
}

static void put_drops(struct report *report)
{
	char text[64];

	for (int reason = 0; reason < DROP_REASONS; reason++) {
		if (report->drops[reason] == 0)
			continue;
		snprintf(text, sizeof(text), "d %s %" PRIu64 "\n", reasons[reason], report->drops[reason]);
		put(report, text, strlen(text));
		report->drops[reason] = 0;
	}
}

void report_position(struct report *report, uint64_t device, uint64_t inode, uint64_t offset)
{
	char text[96];

	if (report->told_inode == inode && report->told_offset == offset)
		return;
	/* A later run reads nothing before this place again: nobody would learn of them if this one ended now. */
	put_drops(report);
	report->told_inode = inode;
	report->told_offset = offset;
	snprintf(text, sizeof(text), "p %" PRIu64 ":%" PRIu64 ":%" PRIu64 "\n", device, inode, offset);
	put(report, text, strlen(text));
}

void report_drop(struct report *report, enum drop reason, uint64_t count)
{
	report->drops[reason] += count;
}

void report_flush(struct report *report)
{
	put_drops(report);
	write_out(report);
}
