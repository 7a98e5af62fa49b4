// SPDX-License-Identifier: Apache-2.0
/*
 * Loads the recorder's programs by libbpf, for kernels that cannot do it by themselves. 9 ms and 12 MiB for a moment.
 */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "recorder/hooks.h"

#include "recorder.skel.h"

static void destroy(void *skeleton)
{
	recorder_bpf__destroy(skeleton);
}

/* hooks.c explains a failure in one sentence; libbpf's own lines would go to the command's terminal. */
static int say_nothing(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

int hooks_load_by_libbpf(struct hooks *hooks, const struct hook_plan *plan)
{
	struct recorder_bpf *skeleton;
	int error;

	libbpf_set_print(say_nothing);
	/* Memory of BPF is accounted to the cgroup: no limit needs to be raised, and CAP_SYS_RESOURCE is not needed. */
	libbpf_set_memlock_rlim(0);
	skeleton = recorder_bpf__open();
	if (!skeleton)
		return -errno;
	skeleton->rodata->by_name = plan->watched != NULL;
	if (plan->watched) {
		skeleton->rodata->watched_length = (__u32)strlen(plan->watched);
		strncpy((char *)skeleton->rodata->watched, plan->watched, sizeof(skeleton->rodata->watched) - 1);
	}
	skeleton->rodata->tracing = plan->noted_arguments != NULL;
	if (plan->noted_arguments)
		memcpy((void *)skeleton->rodata->noted_arguments, plan->noted_arguments, CALLS_BITS);
	else
		bpf_map__set_max_entries(skeleton->maps.traced_calls, 1);
	error = recorder_bpf__load(skeleton);
	if (!error)
		error = hooks_mark_outside(bpf_map__fd(skeleton->maps.traced_tasks), plan);
	if (!error)
		error = recorder_bpf__attach(skeleton);
	if (error) {
		recorder_bpf__destroy(skeleton);
		return error;
	}
	*hooks = (struct hooks){
		.traced_tasks = bpf_map__fd(skeleton->maps.traced_tasks),
		.living = bpf_link__fd(skeleton->links.count_living),
		.traced_calls = bpf_map__fd(skeleton->maps.traced_calls),
		.tree = &skeleton->bss->trees[0],
		.skeleton = skeleton,
		.destroy = destroy,
	};
	return 0;
}
