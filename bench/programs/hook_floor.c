// SPDX-License-Identifier: Apache-2.0
/* Attaches an empty program to the recorder's hook, says so, and waits for a signal: the floor of the benchmarks. */
#include <stdio.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "hook_floor.skel.h"

int main(void)
{
	struct hook_floor_bpf *skeleton = hook_floor_bpf__open_and_load();

	if (!skeleton || hook_floor_bpf__attach(skeleton) != 0) {
		fprintf(stderr, "hook_floor: the empty program cannot be attached\n");
		hook_floor_bpf__destroy(skeleton);
		return 1;
	}
	puts("attached");
	fflush(stdout);
	pause();
	return 0;
}
