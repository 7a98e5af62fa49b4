/* SPDX-License-Identifier: Apache-2.0 */
/* The name of the control group of a task's container, for BPF programs. */
#pragma once

#include "kernel/groups.bpf.h"
#include "auditor/container_name.h"

/* So far above the process's own group that of its container is looked for: containers make groups of their own. */
#define LEVELS 6

/* A name with the 64 digits of an id, and its NUL. */
#define SHORTEST 65

static __always_inline bool name_group(struct cgroup *group, char *name)
{
	for (int level = 0; level < LEVELS; level++) {
		if (!group)
			return false;
		if (bpf_probe_read_kernel_str(name, CONTAINER_NAME_SIZE, BPF_CORE_READ(group, kn, name)) >= SHORTEST)
			return true;
		group = group_above(group);
	}
	return false;
}

/* Returns false where the task is in no group that may be a container's. */
static __always_inline bool name_container(struct task_struct *task, char *name)
{
	struct css_set *groups = BPF_CORE_READ(task, cgroups);

	return name_group(BPF_CORE_READ(groups, dfl_cgrp), name) || name_group(group_of_pids(groups), name);
}
