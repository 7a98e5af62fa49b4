/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From processes to containers, remembered: a record is often read after its process has ended, and what is known of a
 * process is known of all its records.
 */
#pragma once

#include "auditor/ended.h"
#include "auditor/line.h"
#include "auditor/process.h"

/* Processes that are remembered, in sets: a number belongs to one set, and the entry used least recently makes room. */
#define CONTAINERS_SETS 2048
#define CONTAINERS_WAYS 4

struct remembered {
	pid_t pid; /* 0: free. */
	enum membership membership;
	uint64_t start;
	uint64_t looked_ms; /* When /proc was asked last. */
	uint64_t alive_ms; /* When the process was seen last. */
	uint64_t used_ms;
	char id[CONTAINER_ID_LENGTH + 1];
};

struct containers {
	int proc;
	uint64_t boot_seconds; /* Since 1970. */
	long ticks; /* Per second. */
	struct ended ended; /* May be opened by the caller. */
	struct remembered entries[CONTAINERS_SETS][CONTAINERS_WAYS];
};

/* Opens the host's /proc. Returns false with errno. */
bool containers_open(struct containers *containers, const char *proc);

/*
 * The container of a record's process. `now_ms` is of a clock that only goes forward. The id is valid until the next
 * call.
 */
enum membership containers_find(struct containers *containers, const struct audit_line *line, uint64_t now_ms,
				const char **id);
