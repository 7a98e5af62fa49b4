// SPDX-License-Identifier: Apache-2.0
/*
 * Attaches an empty program to the hook of system calls, with an argument also to that of their exits, says so, and
 * waits for a signal: the floor of the benchmarks.
 */
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "hook_floor.skel.h"

static int load_and_attach(struct hook_floor_bpf *skeleton, bool with_exits)
{
	bpf_program__set_autoload(skeleton->progs.do_nothing_at_exit, with_exits);
	if (hook_floor_bpf__load(skeleton) != 0)
		return -1;
	return hook_floor_bpf__attach(skeleton);
}

int main(int count, char **words)
{
	struct hook_floor_bpf *skeleton = hook_floor_bpf__open();

	(void)words;
	if (!skeleton || load_and_attach(skeleton, count > 1) != 0) {
		fprintf(stderr, "hook_floor: the empty program cannot be attached\n");
		hook_floor_bpf__destroy(skeleton);
		return 1;
	}
	puts("attached");
	fflush(stdout);
	pause();
	return 0;
}
