/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The BPF programs as the rest of the program sees them: attached or not. There are two ways to load them. The quick
 * one lets the kernel do the relocations (Linux 5.17); libbpf does them itself, reads the kernel's whole BTF for it,
 * and needs Linux 5.13.
 */
#pragma once

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "container_recorder/slot.h"

/* The parts that both ways of loading find: file descriptors of maps, a program and a link, and variables. */
struct hook_parts {
	int slots;
	int free_slots;
	int containers;
	int bell;
	int record_refusal; /* Loaded, and not attached. */
	__u32 *flags;
	__u64 *lost_containers;
	__u64 *hooks_since;
};

struct hooks {
	bool attached;
	int refusals; /* The link of record_refusal; below 0 while there is none. */
	struct hook_parts parts;
	void *skeleton;
	void (*destroy)(void *skeleton);
};

/* The way of loading. */
struct hook_plan {
	bool by_libbpf; /* Use libbpf without having tried the quick way. */
	bool by_pids; /* Tell containers apart by the groups of version 1 although there are some of version 2. */
};

/* Loads and attaches, with all slots free. Returns false and writes a sentence that names what is missing. */
bool hooks_attach(struct hooks *hooks, const struct hook_plan *plan, char *why, size_t size);

/*
 * Attaches the hook at the end of calls, or takes it away: every process of the machine pays for it. Returns false with
 * errno.
 */
bool hooks_watch_refusals(struct hooks *hooks, bool wanted);

void hooks_detach(struct hooks *hooks);

/* Puts a slot among the free ones. Returns 0 or a negative errno. */
int hooks_free_slot(int free_slots, __u32 slot);

/* The two ways; 0 or a negative errno. `fill` is called between loading and attaching. */
int hooks_load_quickly(struct hooks *hooks, bool by_pids, int (*fill)(int free_slots));
int hooks_load_by_libbpf(struct hooks *hooks, bool by_pids, int (*fill)(int free_slots));
