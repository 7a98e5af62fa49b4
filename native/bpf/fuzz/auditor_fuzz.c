// SPDX-License-Identifier: Apache-2.0
/*
 * Feeds texts to the auditor's readers: lines of audit logs and of syslogs, and what /proc/PID shows. An accepted line
 * must name a process and a time, and must do so in a syslog, too, where the kernel is named before it; an id must have
 * its length.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auditor/line.h"
#include "auditor/process.h"

#define TEXT_MAX 8192

static void demand(bool holds)
{
	if (!holds)
		abort();
}

/* The kernel's time is a part of the line, in its brackets. */
static void try_stamp(const struct audit_line *line, const char *text, size_t length)
{
	demand(!line->stamp || (line->stamp >= text && line->stamp_length >= 2 &&
				line->stamp_length <= (size_t)(text + length - line->stamp) && line->stamp[0] == '[' &&
				line->stamp[line->stamp_length - 1] == ']'));
}

static void try_line(const char *text, size_t length)
{
	static const char prefix[] = "n kernel: ";
	static char longer[TEXT_MAX + sizeof(prefix)];
	struct audit_line line, same;
	enum line_kind kind = line_read(text, length, false, &line);

	demand(kind != LINE_RECORD || line.pid > 0);
	demand(kind != LINE_LOST);
	memcpy(longer, prefix, sizeof(prefix) - 1);
	memcpy(longer + sizeof(prefix) - 1, text, length);
	if (line_read(text, length, true, &same) == LINE_RECORD)
		demand(same.pid > 0);
	try_stamp(&same, text, length);
	if (line_read(longer, length + sizeof(prefix) - 1, true, &same) == LINE_RECORD)
		demand(same.pid > 0);
}

static void try_texts(const char *text, size_t length)
{
	static char copy[TEXT_MAX + 1];
	char id[CONTAINER_ID_LENGTH + 1];
	struct process process;

	memcpy(copy, text, length);
	copy[length] = '\0';
	process_parse(copy, &process);
	if (container_of_text(copy, id))
		demand(strspn(id, "0123456789abcdef") == CONTAINER_ID_LENGTH && id[CONTAINER_ID_LENGTH] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > TEXT_MAX)
		return 0;
	try_line((const char *)data, size);
	try_texts((const char *)data, size);
	return 0;
}
