/* SPDX-License-Identifier: Apache-2.0 */
/* The marks in the storage of tasks, for the BPF programs: of which container a task is. */
#pragma once

#include "container_recorder/slots.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct mark);
} marks SEC(".maps");

/* The slot that a mark points to; NULL when it has another container by now, or none. */
static __always_inline struct slot *slot_of(const struct mark *mark)
{
	__u32 index = mark->slot;
	struct slot *slot = bpf_map_lookup_elem(&slots, &index);

	return slot && slot->key == mark->key ? slot : NULL;
}

static __always_inline struct mark *mark_of(struct task_struct *task)
{
	return task->bpf_storage ? bpf_task_storage_get(&marks, task, NULL, 0) : NULL;
}

/* Marks a task, in a system call of which the exit is still to come. */
static __always_inline bool mark_task(struct task_struct *task, const struct container *container)
{
	struct mark first = { .key = container->key, .slot = container->slot, .in_call = 1 };
	struct mark *mark = bpf_task_storage_get(&marks, task, &first, BPF_LOCAL_STORAGE_GET_F_CREATE);
	__u32 index = container->slot;
	struct slot *slot;

	if (mark) {
		*mark = first;
		return true;
	}
	slot = bpf_map_lookup_elem(&slots, &index);
	if (slot && slot->key == container->key)
		__sync_fetch_and_add(&slot->lost_processes, 1);
	return false;
}
