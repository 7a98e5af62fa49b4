// SPDX-License-Identifier: Apache-2.0
/*
 * Records which system calls a tree of processes makes. A mark in the storage of a task says that the task belongs to
 * the tree: it is inherited at fork, ends with the task and knows no recycled pid. A call sets a bit, once; no event is
 * sent.
 */
#include "kernel/calls.bpf.h"
#include "recorder/recorder.h"
#include "recorder/trace.bpf.h"

/* include/linux/sched.h: the task has begun to end, and makes no system call any more. */
#define PF_EXITING 0x4

char LICENSE[] SEC("license") = "GPL";

/* Knobs, set before loading: where they are false or empty, what they guard is not in the loaded program. */
const volatile bool by_name = false;
const volatile char watched[RECORDER_NAME_SIZE] = {};
const volatile __u32 watched_length = 0; /* All of it, also what is cut off above. */

struct recorder_tree trees[RECORDER_TREES];

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} traced_tasks SEC(".maps");

static __always_inline bool is_called(struct task_struct *leader)
{
#pragma unroll
	for (int i = 0; i < RECORDER_COMM_BYTES; i++) {
		if (leader->comm[i] != watched[i])
			return false;
		if (watched[i] == '\0')
			return true;
	}
	return true;
}

/*
 * Whether the file that the task executes has the watched name: a program may call its processes otherwise, as Node.js
 * does.
 */
static __always_inline bool executes_watched(struct task_struct *task)
{
	struct mm_struct *mm = task->mm;
	struct file *file = mm ? mm->exe_file : NULL;
	struct dentry *dentry = file ? file->f_path.dentry : NULL;
	char name[RECORDER_NAME_SIZE] = {};

	if (!dentry || dentry->d_name.len != watched_length)
		return false;
	if (bpf_probe_read_kernel_str(name, sizeof(name), dentry->d_name.name) < 0)
		return false;
#pragma unroll
	for (int i = 0; i < RECORDER_NAME_SIZE; i++) {
		if (name[i] != watched[i])
			return false;
	}
	return true;
}

/*
 * Whether the process was marked as never recorded: the process that asked for the recording may have the watched name
 * itself.
 */
static __always_inline bool is_outside(struct task_struct *leader)
{
	__u32 *mark = leader->bpf_storage ? bpf_task_storage_get(&traced_tasks, leader, NULL, 0) : NULL;

	return mark && *mark == RECORDER_OUTSIDE;
}

static __always_inline bool is_watched(struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;

	return (is_called(leader) || executes_watched(task)) && !is_outside(leader);
}

/* The mark of a task, which for a task of the watched name is made here. */
static __always_inline __u32 *mark_of(struct task_struct *task)
{
	__u32 first = 0;
	__u32 *mark = NULL;

	if (task->bpf_storage)
		mark = bpf_task_storage_get(&traced_tasks, task, NULL, 0);
	if (!by_name || mark || !is_watched(task))
		return mark;
	mark = bpf_task_storage_get(&traced_tasks, task, &first, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!mark)
		__sync_fetch_and_add(&trees[0].lost_processes, 1);
	return mark;
}

/*
 * The hook lies behind ptrace and seccomp: a number that a tracer has changed is seen changed, and a call that a filter
 * refuses, of the container in which all this happens for example, is not seen.
 */
SEC("tp_btf/sys_enter")
int record_call(unsigned long long *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 number = (__u32)ctx[1];
	__u32 *mark = mark_of(task);
	enum calls_abi abi;
	bool begins = false;
	__u32 index;

	if (!mark)
		return 0;
	abi = abi_of(task, number);
	index = *mark;
	/* The command waits for its release in a call of its own; the recording begins with its execve. */
	if (index & RECORDER_PENDING) {
		if (abi != CALLS_NATIVE || number != NATIVE_EXECVE)
			return 0;
		index &= ~RECORDER_PENDING;
		*mark = index;
		begins = true;
	}
	if (index >= RECORDER_TREES)
		return 0;
	note_call(&trees[index].seen, abi, bit_of(abi, number), &trees[index].lost_numbers);
	if (tracing && bit_of(abi, number) < CALLS_BITS)
		trace_call(task, (struct pt_regs *)ctx[0], abi, bit_of(abi, number), begins, &trees[index].lost_traces);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int follow_fork(unsigned long long *ctx)
{
	struct task_struct *parent = (struct task_struct *)ctx[0];
	struct task_struct *child = (struct task_struct *)ctx[1];
	__u32 *mark;
	__u32 index;

	if (!parent->bpf_storage)
		return 0;
	mark = bpf_task_storage_get(&traced_tasks, parent, NULL, 0);
	if (!mark)
		return 0;
	index = *mark;
	/* is_outside() knows threads by their leader, and other processes that the outsider starts may be recorded. */
	if (index == RECORDER_OUTSIDE)
		return 0;
	if (!bpf_task_storage_get(&traced_tasks, child, &index, BPF_LOCAL_STORAGE_GET_F_CREATE) && index < RECORDER_TREES)
		__sync_fetch_and_add(&trees[index].lost_processes, 1);
	return 0;
}

static __always_inline bool is_living(struct task_struct *task)
{
	__u32 *mark = task->bpf_storage ? bpf_task_storage_get(&traced_tasks, task, NULL, 0) : NULL;

	return mark && *mark < RECORDER_TREES && !(task->flags & PF_EXITING);
}

/*
 * Counts the processes of the tree that still live, so that a recording knows what it misses from its end on. A process
 * counts by its leader, or by a thread where the leader has ended before.
 */
SEC("iter/task")
int count_living(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task && is_living(task) && (task == task->group_leader || !is_living(task->group_leader)))
		__sync_fetch_and_add(&trees[0].living, 1);
	return 0;
}
