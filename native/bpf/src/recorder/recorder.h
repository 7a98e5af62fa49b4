/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by recorder.bpf.c and recorder.c: the layout of the result. */
#pragma once

#include "kernel/calls.h"

/* A program records one tree; an index, because the storage of a task must say which one. */
#define RECORDER_TREES 1

/* The calls of a tree. Numbers only grow, so reading needs no lock. */
struct recorder_tree {
	struct calls seen;
	__u64 lost_numbers; /* Calls whose number has no bit. */
	__u64 lost_processes; /* Tasks that could not be marked. */
	__u64 lost_traces; /* Calls for which the trace had no room. */
	__u64 living; /* Processes of the tree that an iteration of count_living found. */
};

/* In the storage of a task: the index of its tree, and whether its execve is still to come. */
#define RECORDER_PENDING 0x80000000u

/* The index of processes that are never recorded. */
#define RECORDER_OUTSIDE 0x7fffffffu

/* So many bytes of a watched name are compared, and its length; the last is 0. A multiple of 8. */
#define RECORDER_NAME_SIZE 64

/* Sorts of calls that a trace holds. */
#define RECORDER_TRACES 16384

/* A sort of calls. All of its bytes count, so that none is left undefined. */
struct recorder_sort {
	__u32 abi;
	__u32 bit; /* Of the number, see kernel/calls.h. */
	__u64 arguments[6]; /* Those that are noted; 0 for others. */
	char executable[RECORDER_NAME_SIZE];
};

/* The calls of a sort. Times are nanoseconds since the boot, sleep included. */
struct recorder_tally {
	__u64 count;
	__u64 first;
	__u64 last;
};

/* The kernel keeps this many bytes of a task's name (TASK_COMM_LEN, without the end). */
#define RECORDER_COMM_BYTES 15
