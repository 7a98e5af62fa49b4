/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few fields of the kernel's structures that our BPF programs read. The names are the kernel's; where the fields
 * really are is found out when a program is loaded (CO-RE), so that neither the builder's kernel nor a generated
 * vmlinux.h matters.
 */
#pragma once

#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_helpers.h>

#define TASK_COMM_LEN 16

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct thread_info {
	unsigned long flags;
	__u32 status; /* Only on x86. */
};

struct bpf_local_storage;

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live; /* Threads of the process that have not ended. */
};

struct kernfs_node {
	const char *name;
	__u64 id;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
};

struct cgroup_root {
	int hierarchy_id;
};

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
	struct cgroup_root *root;
	int level;
};

/* More than any kernel has. */
#define CGROUP_SUBSYSTEMS 14

struct css_set {
	struct cgroup_subsys_state *subsys[CGROUP_SUBSYSTEMS];
	struct cgroup *dfl_cgrp; /* Of the hierarchy of version 2. */
};

enum cgroup_subsys_id {
	pids_cgrp_id = 11,
};

struct ns_common {
	unsigned int inum; /* As /proc/PID/ns shows it. */
};

struct mnt_namespace {
	struct ns_common ns;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

struct seccomp {
	int mode; /* 2: a filter. */
};

struct qstr {
	__u32 len;
	const unsigned char *name;
};

struct dentry {
	struct qstr d_name;
};

struct path {
	struct dentry *dentry;
};

struct file {
	struct path f_path;
};

struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
	unsigned long env_start;
	unsigned long env_end;
	struct file *exe_file;
};

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags; /* PF_* */
	int tgid;
	__u64 start_boottime;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct signal_struct *signal;
	struct css_set *cgroups;
	struct nsproxy *nsproxy; /* NULL for a task that ends. */
	struct seccomp seccomp;
	char comm[TASK_COMM_LEN];
	struct mm_struct *mm; /* NULL for the kernel's own threads. */
	struct bpf_local_storage *bpf_storage; /* NULL as long as no map holds anything for the task. */
};

struct pt_regs {
#if defined(__TARGET_ARCH_arm64)
	__u64 regs[31];
	__u64 orig_x0; /* The first argument, whose register takes the result. */
	__s32 syscallno;
#else
	unsigned long r10;
	unsigned long r9;
	unsigned long r8;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long orig_ax; /* The number of the system call. */
#endif
};

struct bpf_iter_meta {
	__u64 session_id;
};

/* The context of an iterator over all tasks; task is NULL behind the last one. */
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#pragma clang attribute pop
