// SPDX-License-Identifier: Apache-2.0
/*
 * Remembers the program that a process of a container executes. Costs nothing but at execve, and there, outside of
 * containers, only the look at the group's name. Pages that are not in memory at that moment are left out: nothing may
 * wait here.
 */
#include "auditor/container_name.bpf.h"
#include "auditor/executed.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, EXECUTED_MAX);
	__type(key, __u32);
	__type(value, struct executed_program);
} executed SEC(".maps");

struct room {
	struct executed_program program;
	char group[CONTAINER_NAME_SIZE];
};

/* Too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct room);
} scratch SEC(".maps");

/* Copies what begins at an address of the process; the length that was copied. */
static __always_inline __u32 copy(char *to, __u32 size, unsigned long from, unsigned long length)
{
	__u32 count = length < size ? (__u32)length : size;

	if (count > size || bpf_probe_read_user(to, count, (const void *)from) != 0)
		return 0;
	return count;
}

SEC("tp_btf/sched_process_exec")
int remember_program(unsigned long long *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct mm_struct *memory = BPF_CORE_READ(task, mm);
	struct executed_program *program;
	unsigned long from, end;
	struct room *room;
	__u32 zero = 0, pid;

	room = bpf_map_lookup_elem(&scratch, &zero);
	if (!room || !name_container(task, room->group))
		return 0;
	program = &room->program;
	program->start = BPF_CORE_READ(task, group_leader, start_boottime);
	program->at = bpf_ktime_get_boot_ns();
	from = BPF_CORE_READ(memory, arg_start);
	end = BPF_CORE_READ(memory, arg_end);
	program->arguments_length = copy(program->arguments, EXECUTED_ARGUMENTS_SIZE, from, end - from);
	from = BPF_CORE_READ(memory, env_start);
	end = BPF_CORE_READ(memory, env_end);
	if (end - from > EXECUTED_ENVIRONMENT_SIZE)
		from = end - EXECUTED_ENVIRONMENT_SIZE;
	program->environment_length = copy(program->environment, EXECUTED_ENVIRONMENT_SIZE, from, end - from);
	pid = (__u32)BPF_CORE_READ(task, tgid);
	bpf_map_update_elem(&executed, &pid, program, BPF_ANY);
	return 0;
}
