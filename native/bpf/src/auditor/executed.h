/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The programs that processes of containers execute: arguments and a piece of the environment, as the kernel shows them
 * at that moment. /proc tells them to root alone, and nothing of a process that lives a millisecond. Shared by the
 * program in the kernel and ours.
 */
#pragma once

#ifdef __bpf__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include <sys/types.h>
#endif

/* Longer ones are cut off. Powers of two: the kernel must see that a length is within its bounds. */
#define EXECUTED_ARGUMENTS_SIZE 1024
/* The last piece of an environment: there env(1) and setenv(3) put new variables. */
#define EXECUTED_ENVIRONMENT_SIZE 2048

/* Processes that are remembered. 3 MiB. */
#define EXECUTED_MAX 1024

struct executed_program {
	__u64 start; /* Of the process, in nanoseconds since the machine's start. */
	__u64 at; /* Of the program, likewise: a process may execute another one. */
	__u32 arguments_length;
	__u32 environment_length;
	char arguments[EXECUTED_ARGUMENTS_SIZE]; /* With a NUL behind each. */
	char environment[EXECUTED_ENVIRONMENT_SIZE];
};

#ifndef __bpf__
struct executed {
	int map; /* Below 0: the kernel tells us nothing. */
	void *skeleton;
};

/* Asks the kernel to remember. Returns 0, or an error as errno. */
int executed_open(struct executed *executed);

/* The last program that the process of that number has executed. Returns false where none is remembered. */
bool executed_find(const struct executed *executed, pid_t pid, struct executed_program *program);

/*
 * Finds the id of a request in the environment: the value of SPO_EXEC_REQUEST_UID, which our webhook sets, or of
 * KUBERNETES_EXEC_AUDIT_ID, which the kubelet sets (KEP-6035). Letters, digits and hyphens only. Returns its length, 0
 * where there is none.
 */
size_t executed_request(const struct executed_program *program, const char **request);
#endif
