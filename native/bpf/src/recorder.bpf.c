// SPDX-License-Identifier: Apache-2.0
/*
 * Records which system calls a tree of processes makes. Who belongs to it is kept in the storage of the tasks themselves: it is inherited
 * at fork, ends with the task and knows no recycled pid. A call sets a bit, once; nothing is sent to anybody.
 */
#include "kernel.h"
#include "recorder.h"

#if defined(__TARGET_ARCH_x86)
/* arch/x86/include/asm/thread_info.h: the call came by a 32-bit entry. */
#define TS_COMPAT 0x0002
/* arch/x86/include/uapi/asm/unistd.h */
#define X32_SYSCALL_BIT 0x40000000
#define NATIVE_EXECVE 59
#elif defined(__TARGET_ARCH_arm64)
/* arch/arm64/include/asm/thread_info.h: the task runs 32-bit code. */
#define TIF_32BIT 22
#define NATIVE_EXECVE 221
#else
#error "no such architecture"
#endif

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
} members SEC(".maps");

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

/* Whether the file that the task executes has the watched name: a program may call its processes otherwise, as Node.js does. */
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

/* Whether the process was marked as one that is never recorded: whoever asked for the recording, whatever it is called. */
static __always_inline bool is_outside(struct task_struct *leader)
{
	__u32 *member = leader->bpf_storage ? bpf_task_storage_get(&members, leader, NULL, 0) : NULL;

	return member && *member == RECORDER_OUTSIDE;
}

static __always_inline bool is_watched(struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;

	return (is_called(leader) || executes_watched(task)) && !is_outside(leader);
}

/* The mark of a task, which for a task of the watched name is made here. */
static __always_inline __u32 *member_of(struct task_struct *task)
{
	__u32 first = 0;
	__u32 *member = NULL;

	if (task->bpf_storage)
		member = bpf_task_storage_get(&members, task, NULL, 0);
	if (!by_name || member || !is_watched(task))
		return member;
	member = bpf_task_storage_get(&members, task, &first, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!member)
		__sync_fetch_and_add(&trees[0].lost_processes, 1);
	return member;
}

static __always_inline enum recorder_entry entry_of(struct task_struct *task, __u32 number)
{
#if defined(__TARGET_ARCH_x86)
	if (task->thread_info.status & TS_COMPAT)
		return RECORDER_COMPAT;
	return number & X32_SYSCALL_BIT ? RECORDER_X32 : RECORDER_NATIVE;
#else
	return task->thread_info.flags & (1UL << TIF_32BIT) ? RECORDER_COMPAT : RECORDER_NATIVE;
#endif
}

/* The bit of a number; one that is out of range when it has none. */
static __always_inline __u32 bit_of(enum recorder_entry entry, __u32 number)
{
#if defined(__TARGET_ARCH_x86)
	if (entry == RECORDER_X32)
		number &= ~X32_SYSCALL_BIT;
	return number;
#else
	if (entry == RECORDER_COMPAT && number - RECORDER_ARM_PRIVATE < RECORDER_BITS - RECORDER_PRIVATE_BIT)
		return number - RECORDER_ARM_PRIVATE + RECORDER_PRIVATE_BIT;
	return number < RECORDER_PRIVATE_BIT ? number : RECORDER_BITS;
#endif
}

static __always_inline void note(struct recorder_tree *tree, enum recorder_entry entry, __u32 bit)
{
	__u64 mask, *word;

	/* What the compiler knows of the bit it may check in a way that the verifier does not follow: let it know nothing. */
	barrier_var(bit);
	if (bit >= RECORDER_BITS) {
		__sync_fetch_and_add(&tree->lost_numbers, 1);
		return;
	}
	mask = 1ULL << (bit & 63);
	word = &tree->seen[entry][bit >> 6];
	if (!(*word & mask))
		__sync_fetch_and_or(word, mask);
}

/*
 * The hook lies behind ptrace and seccomp: a number that a tracer has changed is seen changed, and a call that a filter refuses, of the
 * container in which all this happens for example, is not seen.
 */
SEC("tp_btf/sys_enter")
int record_call(unsigned long long *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 number = (__u32)ctx[1];
	__u32 *member = member_of(task);
	enum recorder_entry entry;
	__u32 index;

	if (!member)
		return 0;
	entry = entry_of(task, number);
	index = *member;
	/* The command waits for its release in a call of its own; the recording begins with its execve. */
	if (index & RECORDER_PENDING) {
		if (entry != RECORDER_NATIVE || number != NATIVE_EXECVE)
			return 0;
		index &= ~RECORDER_PENDING;
		*member = index;
	}
	if (index < RECORDER_TREES)
		note(&trees[index], entry, bit_of(entry, number));
	return 0;
}

SEC("tp_btf/sched_process_fork")
int follow_fork(unsigned long long *ctx)
{
	struct task_struct *parent = (struct task_struct *)ctx[0];
	struct task_struct *child = (struct task_struct *)ctx[1];
	__u32 *member;
	__u32 index;

	if (!parent->bpf_storage)
		return 0;
	member = bpf_task_storage_get(&members, parent, NULL, 0);
	if (!member)
		return 0;
	index = *member;
	/* Threads of whoever asked for the recording are known by their leader, and what else it starts may be recorded. */
	if (index == RECORDER_OUTSIDE)
		return 0;
	if (!bpf_task_storage_get(&members, child, &index, BPF_LOCAL_STORAGE_GET_F_CREATE) && index < RECORDER_TREES)
		__sync_fetch_and_add(&trees[index].lost_processes, 1);
	return 0;
}
