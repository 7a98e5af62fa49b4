// SPDX-License-Identifier: Apache-2.0
/*
 * Records which system calls containers make. A container is a control group with the name of one; it has a slot from
 * the making of the group on. A root of the container is a task whose parent is outside: its exec begins the recording,
 * and what it forks belongs to it. So what a runtime prepares inside, and the hooks it runs there, are left out. A mark
 * in the storage of a task points to the slot.
 */
#include "container_recorder/marks.bpf.h"
#include "kernel/calls.bpf.h"

/* include/linux/sched.h: has executed nothing since it was forked. */
#define PF_FORKNOEXEC 0x40

char LICENSE[] SEC("license") = "GPL";

__u64 hooks_since; /* When all hooks were there, in nanoseconds since the machine was started; 0 before. */

static __always_inline bool is_inside(struct task_struct *task, __u64 key)
{
	struct cgroup *group = group_of(task);

	for (int level = 0; level < SLOT_LEVELS && group; level++) {
		if (key_of(group) == key)
			return true;
		group = group_above(group);
	}
	return false;
}

static __always_inline struct task_struct *parent_of(struct task_struct *task)
{
	return BPF_CORE_READ(task, group_leader, real_parent, group_leader);
}

/*
 * Whether a task of a container is one that the runtime has put there: it has a mount namespace of its own by now, and
 * its parent is outside. The parent's parent is asked as well, as any thread of the runtime may be in the container's
 * namespace, and runc 1.5 leaves it there.
 */
static __always_inline bool is_root(struct task_struct *task, __u64 key)
{
	struct mnt_namespace *own = BPF_CORE_READ(task, nsproxy, mnt_ns);
	struct task_struct *parent = parent_of(task);

	if (own == BPF_CORE_READ(parent, nsproxy, mnt_ns) && own == BPF_CORE_READ(parent_of(parent), nsproxy, mnt_ns))
		return false;
	return !is_inside(parent, key);
}

/*
 * Whether a task keeps its mark. A node can be a container itself: what began in it while it was not yet known as none
 * to be recorded gets the mark of its own container.
 */
static __always_inline bool keeps(const struct mark *mark, const struct container *container)
{
	__u32 index = mark->slot;

	if (!slot_of(mark) || index >= SLOTS)
		return false;
	return mark->key == container->key || (flags[index] & SLOT_RECORDED);
}

SEC("tp_btf/cgroup_mkdir")
int hold_container(unsigned long long *ctx)
{
	struct cgroup *group = (struct cgroup *)ctx[0];
	struct container container = {};

	if (!is_of_hierarchy(group) || !is_container(group))
		return 0;
	container.key = key_of(group);
	hold(group, &container, 0);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int end_removed(unsigned long long *ctx)
{
	struct cgroup *group = (struct cgroup *)ctx[0];
	__u64 key = key_of(group);
	__u32 *slot;

	if (!is_of_hierarchy(group))
		return 0;
	slot = bpf_map_lookup_elem(&containers, &key);
	if (!slot)
		return 0;
	tell(*slot, SLOT_ENDED);
	bpf_map_delete_elem(&containers, &key);
	return 0;
}

/* Before a program of the container's own has begun, tasks of the runtime come and go. */
SEC("tp_btf/cgroup_notify_populated")
int end_empty(unsigned long long *ctx)
{
	struct cgroup *group = (struct cgroup *)ctx[0];
	bool is_populated = (int)ctx[2] != 0;
	__u64 key = key_of(group);
	__u32 *slot;

	if (is_populated || !is_of_hierarchy(group))
		return 0;
	slot = bpf_map_lookup_elem(&containers, &key);
	if (slot && *slot < SLOTS && (flags[*slot] & SLOT_ENTERED))
		tell(*slot, SLOT_ENDED);
	return 0;
}

/* A program of the container's own has begun. */
static __always_inline void enter(struct task_struct *task, const struct container *container)
{
	__u32 index = container->slot;
	struct slot *slot = bpf_map_lookup_elem(&slots, &index);

	if (slot && !slot->mount_namespace)
		slot->mount_namespace = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	tell(index, SLOT_ENTERED);
}

SEC("tp_btf/sched_process_exec")
int begin_at_exec(unsigned long long *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct mark *mark = mark_of(task);
	struct container container = {};

	if (!find_container(group_of(task), &container) || (mark && keeps(mark, &container)))
		return 0;
	if (is_root(task, container.key) && mark_task(task, &container))
		enter(task, &container);
	return 0;
}

/* Finds the container of a group that was there before the hooks; the first task found in it gives it a slot. */
static __always_inline bool find_early(struct cgroup *group, struct container *container)
{
	if (find_container(group, container))
		return true;
	for (int level = 0; level < SLOT_LEVELS && group; level++) {
		if (is_container(group)) {
			container->key = key_of(group);
			if (bpf_map_lookup_elem(&containers, &container->key))
				return false;
			hold(group, container, SLOT_RUNNING);
			return container->slot != NO_SLOT;
		}
		group = group_above(group);
	}
	return false;
}

/*
 * Looks at a task that was there before the hooks. No iterator does: it sees only the tasks of its reader's PID
 * namespace, and we run in a pod. A root that has executed nothing is a runtime's.
 */
static __always_inline struct mark *look_at(struct task_struct *task)
{
	struct mark nobodys = { .slot = NO_SLOT, .in_call = 1 };
	struct container container = {};
	bool is_found = find_early(group_of(task), &container);

	if (is_found && (BPF_CORE_READ(task, group_leader, flags) & PF_FORKNOEXEC) && is_root(task, container.key))
		is_found = false;
	if (!is_found)
		return bpf_task_storage_get(&marks, task, &nobodys, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (mark_task(task, &container))
		enter(task, &container);
	return mark_of(task);
}

static __always_inline bool is_early(struct task_struct *task)
{
	return task->start_boottime < hooks_since;
}

/* The mark of a task; those that were there before the hooks are looked at once. */
static __always_inline struct mark *known_mark_of(struct task_struct *task)
{
	struct mark *mark = mark_of(task);

	return mark || !is_early(task) ? mark : look_at(task);
}

SEC("tp_btf/sched_process_fork")
int follow_fork(unsigned long long *ctx)
{
	struct task_struct *parent = (struct task_struct *)ctx[0];
	struct task_struct *child = (struct task_struct *)ctx[1];
	struct mark *mark = known_mark_of(parent);
	struct container container = {};

	if (!mark || !slot_of(mark))
		return 0;
	container.key = mark->key;
	container.slot = mark->slot;
	mark_task(child, &container);
	return 0;
}

/* The next calls of a task whose container is forgotten cost next to nothing. */
static __always_inline void give_up(struct task_struct *task, struct mark *mark)
{
	if (is_early(task))
		mark->slot = NO_SLOT;
	else
		bpf_task_storage_delete(&marks, task);
}

/*
 * The hook lies behind ptrace and seccomp: a number that a tracer has changed is seen changed, and a call that a filter
 * refuses is not seen.
 */
SEC("tp_btf/sys_enter")
int record_call(unsigned long long *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct mark *mark = known_mark_of(task);
	__u32 number = (__u32)ctx[1];
	enum calls_abi abi;
	struct slot *slot;

	if (!mark || mark->slot == NO_SLOT)
		return 0;
	slot = slot_of(mark);
	if (!slot) {
		give_up(task, mark);
		return 0;
	}
	mark->in_call = 1;
	abi = abi_of(task, number);
	note_call(&slot->seen, abi, bit_of(abi, number), &slot->lost_numbers);
	return 0;
}

/*
 * An exit without an entry: a filter has refused the call. Attached while a container is recorded, or may be; the first
 * exit of each task from then on may belong to an entry of before.
 */
SEC("tp_btf/sys_exit")
int record_refusal(unsigned long long *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct mark *mark = mark_of(task);
	enum calls_abi abi;
	struct slot *slot;
	__u32 number;

	if (!mark || mark->slot == NO_SLOT)
		return 0;
	if (mark->in_call) {
		mark->in_call = 0;
		return 0;
	}
	slot = slot_of(mark);
	if (!slot)
		return 0;
	number = number_of((struct pt_regs *)ctx[0]);
	abi = abi_of(task, number);
	note_call(&slot->refused, abi, bit_of(abi, number), &slot->lost_numbers);
	return 0;
}
