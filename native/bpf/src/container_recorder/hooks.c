// SPDX-License-Identifier: Apache-2.0
/* Attaches the BPF programs. */
#include "container_recorder/hooks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "kernel/failure.h"

#define NS_PER_S 1000000000

int hooks_free_slot(int free_slots, __u32 slot)
{
	return bpf_map_update_elem(free_slots, NULL, &slot, BPF_ANY) == 0 ? 0 : -errno;
}

/* The first slot is put last, as the one that is put last is taken first. */
static int fill(int free_slots)
{
	int error = 0;

	for (__u32 left = SLOTS; left > 0 && !error; left--)
		error = hooks_free_slot(free_slots, left - 1);
	return error;
}

/*
 * Whether the kernel has control groups of version 1 alone: then it tells no line of version 2 of a process. Where it
 * has both, runtimes put containers into both.
 */
static bool has_version_1_alone(void)
{
	char line[4096];
	bool has_unified = false;
	FILE *file = fopen("/proc/self/cgroup", "re");

	if (!file)
		return false;
	while (!has_unified && fgets(line, sizeof(line), file))
		has_unified = strncmp(line, "0::", 3) == 0;
	fclose(file);
	return !has_unified;
}

/* From here on tasks that are older are looked at, and younger ones have come by hooks. */
static void begin(const struct hooks *hooks)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	*(volatile __u64 *)hooks->parts.hooks_since = (__u64)now.tv_sec * NS_PER_S + (__u64)now.tv_nsec;
}

bool hooks_attach(struct hooks *hooks, const struct hook_plan *plan, char *why, size_t size)
{
	bool by_pids = plan->by_pids || has_version_1_alone();
	int error = -ENOTSUP;

	if (!plan->by_libbpf)
		error = hooks_load_quickly(hooks, by_pids, fill);
	if (error)
		error = hooks_load_by_libbpf(hooks, by_pids, fill);
	if (!error)
		begin(hooks);
	if (error)
		failure_explain("the recorder of containers", error, why, size);
	hooks->attached = error == 0;
	hooks->refusals = -1;
	return hooks->attached;
}

static void close_refusals(struct hooks *hooks)
{
	close(hooks->refusals);
	hooks->refusals = -1;
}

bool hooks_watch_refusals(struct hooks *hooks, bool wanted)
{
	if (wanted && hooks->refusals < 0)
		hooks->refusals = bpf_raw_tracepoint_open(NULL, hooks->parts.record_refusal);
	else if (!wanted && hooks->refusals >= 0)
		close_refusals(hooks);
	return !wanted || hooks->refusals >= 0;
}

void hooks_detach(struct hooks *hooks)
{
	if (!hooks->attached)
		return;
	if (hooks->refusals >= 0)
		close_refusals(hooks);
	hooks->destroy(hooks->skeleton);
	hooks->attached = false;
}
