/* SPDX-License-Identifier: Apache-2.0 */
/* Control groups of containers and their slots, for the BPF programs: who has one, and how a group gets one. */
#pragma once

#include "container_recorder/slot.h"
#include "kernel/groups.bpf.h"

/* Digits of a container's id; a power of two. */
#define ID_DIGITS 64

/* Instead of a slot, for a container that there was no room for, and for a task of no container. */
#define NO_SLOT SLOTS

/* Set before loading: the groups are those of version 1's pids, as there is no hierarchy of version 2. */
const volatile bool by_pids = false;

__u32 flags[SLOTS];
__u64 lost_containers; /* Those without a slot. */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, struct slot);
} slots SEC(".maps");

/* The slot freed last is taken first, so that few pages are in use. */
struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, SLOTS);
	__uint(value_size, sizeof(__u32));
} free_slots SEC(".maps");

/* From the number of a control group to its slot. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2 * SLOTS);
	__type(key, __u64);
	__type(value, __u32);
} containers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} bell SEC(".maps");

/* A container of which a task is, and its slot. */
struct container {
	__u64 key;
	__u32 slot;
};

/* A full bell has rung already, and its reader looks at all slots. */
static __always_inline void ring(void)
{
	__u64 nothing = 0;

	bpf_ringbuf_output(&bell, &nothing, sizeof(nothing), 0);
}

/* Sets flags of a slot, and rings where there is news. */
static __always_inline void tell(__u32 index, __u32 more)
{
	if (index >= SLOTS || (flags[index] & more) == more)
		return;
	__sync_fetch_and_or(&flags[index], more);
	ring();
}

static __always_inline struct cgroup *group_of(struct task_struct *task)
{
	struct css_set *groups = BPF_CORE_READ(task, cgroups);

	return by_pids ? group_of_pids(groups) : BPF_CORE_READ(groups, dfl_cgrp);
}

static __always_inline __u64 key_of(struct cgroup *group)
{
	return BPF_CORE_READ(group, kn, id);
}

/* Whether a group is of the hierarchy that containers are told apart by; all tasks have a group in it. */
static __always_inline bool is_of_hierarchy(struct cgroup *group)
{
	struct cgroup *own = group_of(bpf_get_current_task_btf());

	return own && BPF_CORE_READ(group, root) == BPF_CORE_READ(own, root);
}

/* 1 when a byte is one of `count` letters from `first` on, else 0: without a branch. */
static __always_inline __u32 is_among(__u8 letter, __u8 first, __u32 count)
{
	return ((__u32)(__u8)(letter - first) - count) >> 31;
}

/*
 * Whether the text at an address of the kernel has a container's id in it. No static function and no branches in the
 * loop: the verifier follows each call of a static function, and each way through a loop.
 */
__noinline int has_id(__u64 address)
{
	char name[SLOT_NAME_SIZE] = {};
	__u32 digits = 0, found = 0;

	if (bpf_probe_read_kernel_str(name, sizeof(name), (const void *)address) <= ID_DIGITS)
		return 0;
	for (int i = 0; i < SLOT_NAME_SIZE; i++) {
		__u32 is_digit = is_among((__u8)name[i], '0', 10) | is_among((__u8)name[i], 'a', 6);

		barrier_var(is_digit);
		digits = (digits + 1) * is_digit;
		found |= digits & ID_DIGITS;
	}
	return found != 0;
}

static __always_inline bool is_container(struct cgroup *group)
{
	return has_id((__u64)BPF_CORE_READ(group, kn, name)) != 0;
}

static __always_inline void keep_path(struct slot *slot, struct cgroup *group)
{
	struct cgroup *above = group_above(group);
	__u32 depth = 0;

	for (int level = 0; level < SLOT_LEVELS; level++) {
		if (!above)
			break;
		bpf_probe_read_kernel_str(slot->names[level], SLOT_NAME_SIZE, BPF_CORE_READ(group, kn, name));
		depth = level + 1;
		group = above;
		above = group_above(group);
	}
	slot->depth = depth;
	slot->is_whole = !above;
}

static __always_inline struct slot *take_slot(struct cgroup *group, struct container *container)
{
	struct slot *slot;

	if (bpf_map_pop_elem(&free_slots, &container->slot) != 0)
		return NULL;
	slot = bpf_map_lookup_elem(&slots, &container->slot);
	if (slot) {
		keep_path(slot, group);
		slot->key = container->key;
	}
	return slot;
}

/* Gives a container a slot. Where there is none it is known as one without, so that it is counted once. */
static __always_inline void hold(struct cgroup *group, struct container *container, __u32 more)
{
	struct slot *slot = take_slot(group, container);

	if (!slot)
		container->slot = NO_SLOT;
	/* Found by others from here on. */
	if (bpf_map_update_elem(&containers, &container->key, &container->slot, BPF_NOEXIST) != 0 && slot) {
		slot->key = 0;
		bpf_map_push_elem(&free_slots, &container->slot, BPF_ANY);
		slot = NULL;
	}
	if (slot) {
		tell(container->slot, SLOT_TAKEN | more);
	} else {
		__sync_fetch_and_add(&lost_containers, 1);
		ring();
	}
}

/* Finds the container of a group: itself or the nearest above, as containers make groups of their own. */
static __always_inline bool find_container(struct cgroup *group, struct container *container)
{
	for (int level = 0; level < SLOT_LEVELS && group; level++) {
		__u32 *slot;

		container->key = key_of(group);
		slot = bpf_map_lookup_elem(&containers, &container->key);
		if (slot && *slot != FORGOTTEN) {
			container->slot = *slot;
			return *slot != NO_SLOT;
		}
		group = group_above(group);
	}
	return false;
}
