// SPDX-License-Identifier: Apache-2.0
#include "auditor/containers.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A number is given away again after all others at the earliest: 32,768 forks, some 20 s at full speed. */
#define TRUST_MS 1000
/* A process of the host may be about to enter a container: that is asked again soon. */
#define TRUST_HOST_MS 50
/* So long a process that is gone is remembered. */
#define AFTERLIFE_MS 30000
/* Times of records are the kernel's coarse clock, start times are ticks. */
#define SLACK_SECONDS 2
#define NANOSECONDS 1000000000

/* When the machine was started; 0 where it is not told, and then no process is younger than a record. */
static uint64_t boot_seconds(int proc)
{
	char text[65536];
	const char *found;
	unsigned long long boot = 0;
	int file = openat(proc, "stat", O_RDONLY | O_CLOEXEC);
	ssize_t count;

	if (file < 0)
		return 0;
	count = read(file, text, sizeof(text) - 1);
	close(file);
	text[count > 0 ? count : 0] = '\0';
	found = strstr(text, "\nbtime ");
	if (found)
		sscanf(found, " btime %llu", &boot);
	return boot;
}

bool containers_open(struct containers *containers, const char *proc)
{
	containers->ended.map = -1;
	containers->ticks = sysconf(_SC_CLK_TCK);
	containers->proc = open(proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (containers->proc < 0)
		return false;
	containers->boot_seconds = boot_seconds(containers->proc);
	return true;
}

/* Whether a process, by the ticks of its start, is younger than a record: then the number was given away again. */
static bool began_after(const struct containers *containers, uint64_t start, uint64_t seconds)
{
	return containers->boot_seconds + start / (uint64_t)containers->ticks > seconds + SLACK_SECONDS;
}

/* The entry of a number, or the one to put it into. */
static struct remembered *entry_of(struct containers *containers, pid_t pid)
{
	struct remembered *set = containers->entries[(uint32_t)pid % CONTAINERS_SETS];
	struct remembered *oldest = set;

	for (int way = 0; way < CONTAINERS_WAYS; way++) {
		if (set[way].pid == pid)
			return &set[way];
		if (set[way].used_ms < oldest->used_ms)
			oldest = &set[way];
	}
	return oldest;
}

static bool is_fresh(const struct remembered *entry, uint64_t now_ms)
{
	uint64_t trust = entry->membership == MEMBER_OF_CONTAINER ? TRUST_MS : TRUST_HOST_MS;

	return now_ms - entry->looked_ms < trust;
}

/* The process of that number that lives, if it is the one of the record and still tells where it belongs. */
static bool find_living(const struct containers *containers, const struct audit_line *line,
			const struct remembered *before, struct remembered *found)
{
	struct process process;

	if (!process_read(containers->proc, line->pid, &process) || began_after(containers, process.start, line->seconds))
		return false;
	if (before->pid == line->pid && before->start == process.start && before->membership == MEMBER_OF_CONTAINER)
		memcpy(found->id, before->id, sizeof(found->id));
	else
		found->membership = process_container(containers->proc, line->pid, &process, found->id);
	found->start = process.start;
	return found->membership != MEMBER_OF_UNKNOWN;
}

/* The last process of that number that has ended, as the kernel told. */
static bool find_ended(const struct containers *containers, const struct audit_line *line, struct remembered *found)
{
	struct ended_process process;

	if (!ended_find(&containers->ended, line->pid, &process))
		return false;
	found->start = process.start / (NANOSECONDS / (uint64_t)containers->ticks);
	if (began_after(containers, found->start, line->seconds))
		return false;
	process.group[sizeof(process.group) - 1] = '\0';
	return container_of_text(process.group, found->id);
}

static bool is_remembered(const struct remembered *entry, pid_t pid, uint64_t now_ms)
{
	return entry->pid == pid && entry->membership == MEMBER_OF_CONTAINER && now_ms - entry->alive_ms <= AFTERLIFE_MS;
}

static void look(const struct containers *containers, struct remembered *entry, const struct audit_line *line,
		 uint64_t now_ms)
{
	struct remembered found = { .pid = line->pid, .membership = MEMBER_OF_CONTAINER, .alive_ms = now_ms };
	bool is_known = find_living(containers, line, entry, &found);

	if (!is_known) {
		found.membership = MEMBER_OF_CONTAINER;
		is_known = find_ended(containers, line, &found);
	}
	if (!is_known)
		found.membership = MEMBER_OF_UNKNOWN;
	if (is_known || !is_remembered(entry, line->pid, now_ms))
		*entry = found;
	entry->looked_ms = now_ms;
}

enum membership containers_find(struct containers *containers, const struct audit_line *line, uint64_t now_ms,
				const char **id)
{
	struct remembered *entry = entry_of(containers, line->pid);

	if (entry->pid != line->pid || !is_fresh(entry, now_ms))
		look(containers, entry, line, now_ms);
	entry->used_ms = now_ms;
	*id = entry->id;
	return entry->membership;
}
