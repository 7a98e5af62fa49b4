// SPDX-License-Identifier: Apache-2.0
#include "kernel/failure.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

void failure_explain(const char *who, int error, char *why, size_t size)
{
	const char *missing = missing_thing(error);

	if (missing)
		snprintf(why, size, "%s cannot use eBPF: %s", who, missing);
	else
		snprintf(why, size, "%s cannot attach its eBPF programs: the kernel says \"%s\"%s", who,
			 strerror(-error),
			 error == -EPERM ? " although the capabilities are there; a lockdown mode, a seccomp filter or a user namespace may forbid it"
					 : "");
}
