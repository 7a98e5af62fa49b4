// SPDX-License-Identifier: Apache-2.0
/* Loads the BPF programs by libbpf, for kernels that cannot do it by themselves. */
#include <errno.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "container_recorder/hooks.h"

#include "container_recorder.skel.h"

static void destroy(void *skeleton)
{
	container_recorder_bpf__destroy(skeleton);
}

/* hooks.c explains a failure in one sentence. */
static int say_nothing(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

static int load(struct container_recorder_bpf *skeleton, bool by_pids, int (*fill)(int free_slots))
{
	int error;

	skeleton->rodata->by_pids = by_pids;
	error = container_recorder_bpf__load(skeleton);
	if (!error)
		error = fill(bpf_map__fd(skeleton->maps.free_slots));
	if (!error)
		error = container_recorder_bpf__attach(skeleton);
	if (error)
		return error;
	/* The skeleton knows all programs or none; this one is attached when it is wanted. */
	bpf_link__destroy(skeleton->links.record_refusal);
	skeleton->links.record_refusal = NULL;
	return 0;
}

int hooks_load_by_libbpf(struct hooks *hooks, bool by_pids, int (*fill)(int free_slots))
{
	struct container_recorder_bpf *skeleton;
	int error;

	libbpf_set_print(say_nothing);
	/* Memory of BPF is accounted to the cgroup: no limit needs to be raised, and CAP_SYS_RESOURCE is not needed. */
	libbpf_set_memlock_rlim(0);
	skeleton = container_recorder_bpf__open();
	if (!skeleton)
		return -errno;
	error = load(skeleton, by_pids, fill);
	if (error) {
		container_recorder_bpf__destroy(skeleton);
		return error;
	}
	hooks->parts = (struct hook_parts){
		.slots = bpf_map__fd(skeleton->maps.slots),
		.free_slots = bpf_map__fd(skeleton->maps.free_slots),
		.containers = bpf_map__fd(skeleton->maps.containers),
		.bell = bpf_map__fd(skeleton->maps.bell),
		.record_refusal = bpf_program__fd(skeleton->progs.record_refusal),
		.flags = skeleton->bss->flags,
		.lost_containers = (__u64 *)&skeleton->bss->lost_containers,
		.hooks_since = (__u64 *)&skeleton->bss->hooks_since,
	};
	hooks->skeleton = skeleton;
	hooks->destroy = destroy;
	return 0;
}
