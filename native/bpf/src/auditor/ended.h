/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processes of containers that have ended, as the kernel tells when they end: half of the records of a process that
 * lives a millisecond are read when /proc does not know it any more. Shared by the program in the kernel and ours.
 */
#pragma once

#ifdef __bpf__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <linux/types.h>
#include <sys/types.h>
#endif

#include "auditor/container_name.h"

/* Processes that are remembered: those that ended while our program did not get to read. 2 MiB. */
#define ENDED_MAX 8192

struct ended_process {
	__u64 start; /* Nanoseconds since the machine's start, as those of /proc/PID/stat are ticks. */
	char group[CONTAINER_NAME_SIZE];
};

#ifndef __bpf__
struct ended {
	int map; /* Below 0: the kernel tells us nothing. */
	void *skeleton;
};

/* Asks the kernel to remember. Returns 0, or an error as errno: then only /proc tells. */
int ended_open(struct ended *ended);

/* The last process of that number that has ended. Returns false where none is remembered. */
bool ended_find(const struct ended *ended, pid_t pid, struct ended_process *process);
#endif
