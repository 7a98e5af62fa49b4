// SPDX-License-Identifier: Apache-2.0
/* Attaches the recorder's programs, and explains in a sentence why that is not possible. */
#include "recorder/hooks.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "program/capability.h"

/* CAP_SYS_ADMIN includes the two younger capabilities. */
static bool may(int capability)
{
	return capability_is_effective(capability) || capability_is_effective(CAP_SYS_ADMIN);
}

/* Names the missing feature. After "not permitted" a probe would only find that it is not permitted either. */
static const char *missing_thing(int error)
{
	if (!may(CAP_BPF))
		return "it lacks the capability CAP_BPF";
	if (!may(CAP_PERFMON))
		return "it lacks the capability CAP_PERFMON";
	if (access("/sys/kernel/btf/vmlinux", R_OK) != 0)
		return "the kernel's type information (BTF, CONFIG_DEBUG_INFO_BTF) cannot be read from /sys/kernel/btf/vmlinux";
	if (error == -EPERM)
		return NULL;
	if (libbpf_probe_bpf_map_type(BPF_MAP_TYPE_TASK_STORAGE, NULL) == 0)
		return "the kernel has no BPF task storage (Linux 5.13 and later have what is needed)";
	if (libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_TRACING, NULL) == 0)
		return "the kernel has no BPF tracing programs (CONFIG_BPF_EVENTS)";
	return NULL;
}

static void explain(int error, char *why, size_t size)
{
	const char *missing = missing_thing(error);

	if (missing)
		snprintf(why, size, "the recorder cannot use eBPF: %s", missing);
	else
		snprintf(why, size, "the recorder cannot attach its eBPF programs: the kernel says \"%s\"%s",
			 strerror(-error),
			 error == -EPERM ? " although the capabilities are there; a lockdown mode, a seccomp filter or a user namespace may forbid it"
					 : "");
}

bool hooks_attach(struct hooks *hooks, const struct hook_plan *plan, char *why, size_t size)
{
	int error = -ENOTSUP;

	if (!plan->by_libbpf)
		error = hooks_load_quickly(hooks, plan);
	if (error)
		error = hooks_load_by_libbpf(hooks, plan);
	if (error)
		explain(error, why, size);
	return error == 0;
}

static bool mark(int traced_tasks, int pidfd, __u32 index)
{
	return bpf_map_update_elem(traced_tasks, &pidfd, &index, BPF_ANY) == 0;
}

bool hooks_mark(const struct hooks *hooks, int pidfd)
{
	return mark(hooks->traced_tasks, pidfd, RECORDER_PENDING);
}

int hooks_mark_outside(int traced_tasks, const struct hook_plan *plan)
{
	return plan->outside < 0 || mark(traced_tasks, plan->outside, RECORDER_OUTSIDE) ? 0 : -errno;
}

int hooks_count_living(const struct hooks *hooks)
{
	int iteration = bpf_iter_create(hooks->living);
	char nothing[16];
	ssize_t count;

	if (iteration < 0)
		return -1;
	hooks->tree->living = 0;
	/* Reading runs the program over all tasks. It prints nothing, so the first read is the whole iteration. */
	do {
		count = read(iteration, nothing, sizeof(nothing));
	} while (count < 0 && (errno == EINTR || errno == EAGAIN));
	close(iteration);
	return count < 0 ? -1 : (int)hooks->tree->living;
}

void hooks_detach(struct hooks *hooks)
{
	if (hooks->traced_tasks < 0)
		return;
	hooks->destroy(hooks->skeleton);
	hooks->traced_tasks = -1;
}
