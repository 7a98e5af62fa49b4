// SPDX-License-Identifier: Apache-2.0
/*
 * Loads the recorder's programs by a light skeleton: a program that the kernel runs to load the others. 2 ms and 1 MiB.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recorder/hooks.h"

#include "recorder.lskel.h"

static void destroy(void *skeleton)
{
	recorder_bpf__destroy(skeleton);
}

int hooks_load_quickly(struct hooks *hooks, const struct hook_plan *plan)
{
	struct recorder_bpf *skeleton = recorder_bpf__open();
	int error;

	if (!skeleton)
		return -ENOMEM;
	skeleton->rodata->by_name = plan->watched != NULL;
	if (plan->watched) {
		skeleton->rodata->watched_length = (__u32)strlen(plan->watched);
		strncpy(skeleton->rodata->watched, plan->watched, sizeof(skeleton->rodata->watched) - 1);
	}
	skeleton->rodata->tracing = plan->noted_arguments != NULL;
	if (plan->noted_arguments)
		memcpy((void *)skeleton->rodata->noted_arguments, plan->noted_arguments, CALLS_BITS);
	else
		skeleton->maps.traced_calls.max_entries = 1;
	error = recorder_bpf__load(skeleton);
	if (!error)
		error = hooks_mark_outside(skeleton->maps.traced_tasks.map_fd, plan);
	if (!error)
		error = recorder_bpf__attach(skeleton);
	/* The skeleton's attach gives the last link's file descriptor. */
	if (error < 0) {
		recorder_bpf__destroy(skeleton);
		return error;
	}
	*hooks = (struct hooks){
		.traced_tasks = skeleton->maps.traced_tasks.map_fd,
		.living = skeleton->links.count_living_fd,
		.traced_calls = skeleton->maps.traced_calls.map_fd,
		.tree = &skeleton->bss->trees[0],
		.skeleton = skeleton,
		.destroy = destroy,
	};
	return 0;
}
