// SPDX-License-Identifier: Apache-2.0
#include "auditor/line.h"

#include <string.h>

struct span {
	const char *at;
	const char *end;
};

/* Moves behind the next occurrence of a word; returns false where there is none. */
static bool skip_past(struct span *span, const char *word)
{
	size_t length = strlen(word);
	const char *found = memmem(span->at, (size_t)(span->end - span->at), word, length);

	if (!found)
		return false;
	span->at = found + length;
	return true;
}

/* Moves behind a word that is next; returns false where another one is. */
static bool skip(struct span *span, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(span->end - span->at) < length || memcmp(span->at, word, length) != 0)
		return false;
	span->at += length;
	return true;
}

/* A whole number of at most eighteen digits, which fits. */
static bool read_number(struct span *span, uint64_t *value)
{
	const char *first = span->at;

	*value = 0;
	while (span->at < span->end && span->at - first < 18 && *span->at >= '0' && *span->at <= '9')
		*value = *value * 10 + (uint64_t)(*span->at++ - '0');
	return span->at > first;
}

/* auditd numbers its own records by itself: kinds 1200 to 1299 of include/uapi/linux/audit.h. */
static bool is_daemons(struct span span)
{
	return skip(&span, "DAEMON_") || (span.end - span.at > 4 && memcmp(span.at, "12", 2) == 0 && span.at[4] == ' ');
}

/* The kinds of include/uapi/linux/audit.h, by number and by auditd's names. APPARMOR has several endings. */
static bool is_of_interest(struct span span, bool *is_call)
{
	static const char *const kinds[] = { "1326 ", "SECCOMP ", "1400 ", "AVC ", "APPARMOR", NULL };

	*is_call = skip(&span, "1300 ") || skip(&span, "SYSCALL ");
	for (const char *const *kind = kinds; !*is_call && *kind; kind++) {
		if (skip(&span, *kind))
			return true;
	}
	return *is_call;
}

static bool is_seccomp(struct span span)
{
	return skip(&span, "1326 ") || skip(&span, "SECCOMP ");
}

/*
 * Moves behind the name of the field with the process's number. In a record of seccomp the label of the process comes
 * before it, and is written as it is: in complain mode of AppArmor it ends with the path of a program, which may look
 * like such a field. Strings of programs behind it are quoted or in hexadecimal, so there the last one is the kernel's.
 */
static bool skip_past_pid(struct span *span, bool is_last)
{
	bool found = skip_past(span, " pid=");

	while (found && is_last && skip_past(span, " pid="))
		;
	return found;
}

/* Behind `kernel:` the kernel's time since its start comes in brackets. */
static void read_stamp(struct span span, struct audit_line *line)
{
	line->stamp = span.at;
	if (skip(&span, "[") && skip_past(&span, "]"))
		line->stamp_length = (size_t)(span.at - line->stamp);
	else
		line->stamp = NULL;
}

/* audit_log_lost of kernel/audit.c. */
static enum line_kind read_lost(struct span span, bool of_syslog, struct audit_line *line)
{
	return of_syslog && skip_past(&span, "audit: audit_lost=") && read_number(&span, &line->lost) ? LINE_LOST : LINE_OTHER;
}

enum line_kind line_read(const char *text, size_t length, bool of_syslog, struct audit_line *line)
{
	struct span span = { text, text + length }, kind;
	uint64_t milliseconds, pid;

	line->stamp = NULL;
	if (of_syslog && !skip_past(&span, " kernel: "))
		return LINE_OTHER;
	if (of_syslog)
		read_stamp(span, line);
	if (!skip(&span, "type=") && !skip_past(&span, " type="))
		return read_lost(span, of_syslog, line);
	kind = span;
	if (is_daemons(kind) || !skip_past(&span, " "))
		return LINE_OTHER;
	skip(&span, "msg=");
	if (!skip(&span, "audit(") || !read_number(&span, &line->seconds) || !skip(&span, "."))
		return LINE_OTHER;
	if (!read_number(&span, &milliseconds) || !skip(&span, ":") || !read_number(&span, &line->serial) || !skip(&span, "):"))
		return LINE_OTHER;
	if (!is_of_interest(kind, &line->is_call))
		return LINE_NUMBERED;
	if (!skip_past_pid(&span, is_seccomp(kind)) || !read_number(&span, &pid) || pid == 0 || pid > INT32_MAX)
		return LINE_NUMBERED;
	line->pid = (pid_t)pid;
	return LINE_RECORD;
}
