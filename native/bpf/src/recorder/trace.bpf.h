/* SPDX-License-Identifier: Apache-2.0 */
/* Notes who makes which calls, with which arguments, how often and when. Only recordings with a trace load it. */
#pragma once

#include "kernel/calls.bpf.h"
#include "recorder/recorder.h"

const volatile bool tracing = false;
/* By the bit of a native number: a bit for each argument that is noted. */
const volatile __u8 noted_arguments[CALLS_BITS] = {};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, RECORDER_TRACES);
	__type(key, struct recorder_sort);
	__type(value, struct recorder_tally);
} traced_calls SEC(".maps");

static __always_inline void note_arguments(struct recorder_sort *sort, struct pt_regs *registers)
{
	__u8 noted = sort->bit < CALLS_BITS ? noted_arguments[sort->bit] : 0;

	if (!noted)
		return;
#if defined(__TARGET_ARCH_x86)
	sort->arguments[0] = noted & 1 ? registers->di : 0;
	sort->arguments[1] = noted & 2 ? registers->si : 0;
	sort->arguments[2] = noted & 4 ? registers->dx : 0;
	sort->arguments[3] = noted & 8 ? registers->r10 : 0;
	sort->arguments[4] = noted & 16 ? registers->r8 : 0;
	sort->arguments[5] = noted & 32 ? registers->r9 : 0;
#else
	sort->arguments[0] = noted & 1 ? registers->orig_x0 : 0;
	sort->arguments[1] = noted & 2 ? registers->regs[1] : 0;
	sort->arguments[2] = noted & 4 ? registers->regs[2] : 0;
	sort->arguments[3] = noted & 8 ? registers->regs[3] : 0;
	sort->arguments[4] = noted & 16 ? registers->regs[4] : 0;
	sort->arguments[5] = noted & 32 ? registers->regs[5] : 0;
#endif
}

static __always_inline void note_executable(struct recorder_sort *sort, struct task_struct *task)
{
	struct mm_struct *mm = task->mm;
	struct file *file = mm ? mm->exe_file : NULL;
	struct dentry *dentry = file ? file->f_path.dentry : NULL;

	if (dentry)
		bpf_probe_read_kernel_str(sort->executable, sizeof(sort->executable), dentry->d_name.name);
}

/* Counts a call. The execve with which a command begins has no caller: it would be our own program. */
static __always_inline void trace_call(struct task_struct *task, struct pt_regs *registers, enum calls_abi abi, __u32 bit,
				       bool begins, __u64 *lost)
{
	struct recorder_sort sort = { .abi = abi, .bit = bit };
	__u64 now = bpf_ktime_get_boot_ns();
	struct recorder_tally *trace;

	if (abi == CALLS_NATIVE)
		note_arguments(&sort, registers);
	if (!begins)
		note_executable(&sort, task);
	trace = bpf_map_lookup_elem(&traced_calls, &sort);
	if (!trace) {
		struct recorder_tally none = { .first = now };

		bpf_map_update_elem(&traced_calls, &sort, &none, BPF_NOEXIST);
		trace = bpf_map_lookup_elem(&traced_calls, &sort);
	}
	if (!trace) {
		__sync_fetch_and_add(lost, 1);
		return;
	}
	__sync_fetch_and_add(&trace->count, 1);
	trace->last = now;
}
