/* SPDX-License-Identifier: Apache-2.0 */
/* Control groups of tasks, for BPF programs. */
#pragma once

#include <bpf/bpf_core_read.h>

#include "kernel/structures.h"

/* The group above; NULL for the root. */
static __always_inline struct cgroup *group_above(struct cgroup *group)
{
	struct cgroup_subsys_state *parent = BPF_CORE_READ(group, self.parent);

	return parent ? BPF_CORE_READ(parent, cgroup) : NULL;
}

/* With version 1 alone every process is in the root of the unified hierarchy. */
static __always_inline struct cgroup *group_of_pids(struct css_set *groups)
{
	struct cgroup_subsys_state *state;
	__u32 index = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);

	if (index >= CGROUP_SUBSYSTEMS)
		return NULL;
	if (bpf_probe_read_kernel(&state, sizeof(state), (void *)&groups->subsys[0] + index * sizeof(state)) != 0)
		return NULL;
	return state ? BPF_CORE_READ(state, cgroup) : NULL;
}
