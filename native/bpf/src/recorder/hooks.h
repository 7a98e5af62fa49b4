/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The recorder's BPF programs as the rest of the program sees them: attached or not. There are two ways to load them.
 * The quick one lets the kernel do the relocations (Linux 5.17); libbpf does them itself, reads the kernel's whole BTF
 * for it, and needs Linux 5.13.
 */
#pragma once

#include <linux/types.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "recorder/recorder.h"

/* The scope of a recording besides the marked tasks. */
struct hook_plan {
	const char *watched; /* A name of processes; NULL for none. */
	const uint8_t *noted_arguments; /* By the bit of a native number (CALLS_BITS), to trace calls; NULL for no trace. */
	int outside; /* A pidfd of the process that is no part of it; below 0 for none. */
	bool by_libbpf; /* Use libbpf without having tried the quick way. */
};

struct hooks {
	int traced_tasks; /* The map of traced tasks; below 0 while nothing is attached. */
	int living; /* The link of the iterator that counts living processes. */
	int traced_calls; /* The map of the trace, empty where there is none. */
	struct recorder_tree *tree;
	void *skeleton;
	void (*destroy)(void *skeleton);
};

/* Loads and attaches. Returns false and writes a sentence that names what is missing. */
bool hooks_attach(struct hooks *hooks, const struct hook_plan *plan, char *why, size_t size);

/* Marks the task of a pidfd: its calls are recorded from its next execve on. */
bool hooks_mark(const struct hooks *hooks, int pidfd);

/* Counts the traced processes that live now; below 0 with errno when the kernel does not let us. */
int hooks_count_living(const struct hooks *hooks);

void hooks_detach(struct hooks *hooks);

/* Marks the outsider; both ways of loading do it between loading and attaching. Returns 0 or a negative errno. */
int hooks_mark_outside(int traced_tasks, const struct hook_plan *plan);

/* The two ways; 0 or a negative errno. */
int hooks_load_quickly(struct hooks *hooks, const struct hook_plan *plan);
int hooks_load_by_libbpf(struct hooks *hooks, const struct hook_plan *plan);
