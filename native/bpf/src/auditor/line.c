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

/* The kinds of include/uapi/linux/audit.h, by number and by auditd's names. APPARMOR has several endings. */
static bool skip_kind(struct span *span, bool *is_call)
{
	static const char *const kinds[] = { "1326 ", "SECCOMP ", "1400 ", "AVC ", NULL };

	*is_call = false;
	for (const char *const *kind = kinds; *kind; kind++) {
		if (skip(span, *kind))
			return true;
	}
	if (skip(span, "APPARMOR"))
		return skip_past(span, " ");
	*is_call = true;
	return skip(span, "1300 ") || skip(span, "SYSCALL ");
}

bool line_read(const char *text, size_t length, bool of_syslog, struct audit_line *line)
{
	struct span span = { text, text + length };
	uint64_t milliseconds, pid;

	if (of_syslog && !skip_past(&span, " kernel: "))
		return false;
	if (!skip(&span, "type=") && !skip_past(&span, " type="))
		return false;
	if (!skip_kind(&span, &line->is_call))
		return false;
	skip(&span, "msg=");
	if (!skip(&span, "audit(") || !read_number(&span, &line->seconds) || !skip(&span, "."))
		return false;
	if (!read_number(&span, &milliseconds) || !skip(&span, ":") || !read_number(&span, &line->serial) || !skip(&span, "):"))
		return false;
	if (!skip_past(&span, " pid=") || !read_number(&span, &pid) || pid == 0 || pid > INT32_MAX)
		return false;
	line->pid = (pid_t)pid;
	return true;
}
