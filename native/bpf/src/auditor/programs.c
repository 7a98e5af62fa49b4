// SPDX-License-Identifier: Apache-2.0
#include "auditor/programs.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "auditor/process.h"

#define NANOSECONDS 1000000000

/* The arguments of a process that has executed nothing while we looked: forked, or older than we are. */
static bool read_arguments(struct programs *programs, pid_t pid)
{
	struct executed_program *found = &programs->found;
	ssize_t count;
	char path[32];
	int file;

	snprintf(path, sizeof(path), "%d/cmdline", (int)pid);
	file = openat(programs->proc, path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	count = read(file, found->arguments, sizeof(found->arguments));
	close(file);
	found->arguments_length = count > 0 ? (__u32)count : 0;
	found->environment_length = 0;
	return count > 0;
}

/* Whether the kernel has told the program of the process that has this number now, or had it last. */
static bool find_executed(struct programs *programs, pid_t pid, const struct process *living)
{
	const struct executed_program *found = &programs->found;

	if (!executed_find(&programs->executed, pid, &programs->found))
		return false;
	if (found->arguments_length > EXECUTED_ARGUMENTS_SIZE || found->environment_length > EXECUTED_ENVIRONMENT_SIZE)
		return false;
	return !living || living->start == found->start / (uint64_t)(NANOSECONDS / programs->ticks);
}

void programs_tell(struct programs *programs, struct report *report, pid_t pid, const char *id)
{
	struct told_program *told = &programs->told[(uint32_t)pid % PROGRAMS_MAX];
	const struct executed_program *found = &programs->found;
	struct process process;
	bool lives = process_read(programs->proc, pid, &process);
	bool is_executed = find_executed(programs, pid, lives ? &process : NULL);
	uint64_t at = is_executed ? found->at : lives ? process.start : 0;
	const char *request = NULL;
	size_t length;

	if ((!is_executed && !lives) || (told->pid == pid && told->at == at))
		return;
	if (!is_executed && !read_arguments(programs, pid))
		return;
	*told = (struct told_program){ .pid = pid, .at = at };
	length = executed_request(found, &request);
	report_program(report, pid, id, request, length, found->arguments, found->arguments_length);
}
