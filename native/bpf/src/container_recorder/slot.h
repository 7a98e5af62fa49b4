/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A place for one container, as the BPF programs fill it and ours reads it. It belongs to one container after another,
 * so whatever points to it names the container's key as well.
 */
#pragma once

#include "kernel/calls.h"

/* Containers of a node that are known at the same time. The kubelet runs 110 pods unless told otherwise. */
#define SLOTS 1024

/* Instead of a slot, for a container that is ignored or forgotten. */
#define FORGOTTEN (SLOTS + 1)

/* Names of a control group's path that are kept, from the group upwards: the kubelet's paths have four. */
#define SLOT_LEVELS 8

/* A name with its end: `cri-containerd-`, 64 digits, `.scope`. A longer one is cut. */
#define SLOT_NAME_SIZE 128

/* The state of a slot: bits that are only set until the slot is freed. */
enum slot_flags {
	SLOT_TAKEN = 1, /* It has a container. */
	SLOT_RUNNING = 2, /* The container was there before the hooks. */
	SLOT_ENTERED = 4, /* A program of the container's own has begun. */
	SLOT_ENDED = 8, /* The last process has gone, or the control group. */
	SLOT_RECORDED = 16, /* The answer of our user: it is one to be recorded. */
};

struct slot {
	__u64 key; /* Number of the control group; 0: free. */
	struct calls seen;
	struct calls refused;
	__u64 lost_numbers; /* Calls whose number has no bit. */
	__u64 lost_processes; /* Tasks that could not be marked. */
	__u32 mount_namespace; /* Number of that of the program that began first. */
	__u32 depth; /* Names that are there. */
	__u32 is_whole; /* The names reach up to the root. */
	char names[SLOT_LEVELS][SLOT_NAME_SIZE];
};

/* In the storage of a task: whose it is. Worth nothing when the slot has another key by now. */
struct mark {
	__u64 key;
	__u32 slot;
	__u32 in_call; /* The entry of a system call was seen, its exit was not. */
};
