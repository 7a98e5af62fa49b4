/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by recorder.bpf.c and recorder.c: the layout of the result. */
#pragma once

#include <linux/types.h>

/* A program records one tree; an index, because the storage of a task must say which one. */
#define RECORDER_TREES 1

/* The numbers of Linux end below 600 on every architecture. The last 64 bits hold the private calls of 32-bit Arm. */
#define RECORDER_BITS 1024
#define RECORDER_WORDS (RECORDER_BITS / 64)
#define RECORDER_PRIVATE_BIT (RECORDER_BITS - 64)

/* __ARM_NR_BASE of arch/arm/include/uapi/asm/unistd.h */
#define RECORDER_ARM_PRIVATE 0x0f0000

/* The ABI of a call. Compat is i386 on x86-64 and 32-bit Arm on arm64. */
enum recorder_abi {
	RECORDER_NATIVE,
	RECORDER_COMPAT,
	RECORDER_X32,
	RECORDER_ABIS,
};

/* The calls of a tree. Bits are only ever set, and numbers only grow, so reading needs no lock. */
struct recorder_tree {
	__u64 seen[RECORDER_ABIS][RECORDER_WORDS];
	__u64 lost_numbers; /* Calls whose number has no bit. */
	__u64 lost_processes; /* Tasks that could not be marked. */
	__u64 living; /* Processes of the tree that an iteration of count_living found. */
};

/* In the storage of a task: the index of its tree, and whether its execve is still to come. */
#define RECORDER_PENDING 0x80000000u

/* The index of processes that are never recorded. */
#define RECORDER_OUTSIDE 0x7fffffffu

/* So many bytes of a watched name are compared, and its length; the last is 0. A multiple of 8. */
#define RECORDER_NAME_SIZE 64

/* The kernel keeps this many bytes of a task's name (TASK_COMM_LEN, without the end). */
#define RECORDER_COMM_BYTES 15
