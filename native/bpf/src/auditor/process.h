/* SPDX-License-Identifier: Apache-2.0 */
/* A process as the host's /proc shows it, and the container that its control groups name. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A container's id is that many hexadecimal digits, with every runtime of Kubernetes. */
#define CONTAINER_ID_LENGTH 64

struct process {
	char state; /* A letter of proc_pid_stat(5). */
	uint64_t start; /* In clock ticks since the machine's start: tells two processes with one number apart. */
};

enum membership {
	MEMBER_OF_CONTAINER,
	MEMBER_OF_HOST,
	MEMBER_OF_UNKNOWN, /* It is gone, or so far gone that the kernel does not tell any more. */
};

/* Reads a process; returns false where there is none of that number. `proc` is a descriptor of the directory. */
bool process_read(int proc, pid_t pid, struct process *process);

/* Reads the id of the container that a process belongs to into `id`, CONTAINER_ID_LENGTH characters and a NUL. */
enum membership process_container(int proc, pid_t pid, const struct process *process, char *id);

/* Reads the text of a /proc/PID/stat; returns false where it is none. */
bool process_parse(const char *text, struct process *process);

/*
 * Finds the id of a container in the text of a /proc/PID/cgroup. The unified hierarchy counts before the others: only
 * its line stays true for a process that has ended.
 */
bool container_of_text(char *text, char *id);
