// SPDX-License-Identifier: Apache-2.0
/* Attaches the recorder's programs. */
#include "recorder/hooks.h"

#include <errno.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "kernel/failure.h"

bool hooks_attach(struct hooks *hooks, const struct hook_plan *plan, char *why, size_t size)
{
	int error = -ENOTSUP;

	if (!plan->by_libbpf)
		error = hooks_load_quickly(hooks, plan);
	if (error)
		error = hooks_load_by_libbpf(hooks, plan);
	if (error)
		failure_explain("the recorder", error, why, size);
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
