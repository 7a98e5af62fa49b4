// SPDX-License-Identifier: Apache-2.0
/* Loads the BPF programs by a light skeleton: a program that the kernel runs to load the others. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "container_recorder/hooks.h"

#include "container_recorder.lskel.h"

static void destroy(void *skeleton)
{
	container_recorder_bpf__destroy(skeleton);
}

static int load(struct container_recorder_bpf *skeleton, bool by_pids, int (*fill)(int free_slots))
{
	int error;

	skeleton->rodata->by_pids = by_pids;
	error = container_recorder_bpf__load(skeleton);
	if (!error)
		error = fill(skeleton->maps.free_slots.map_fd);
	if (!error)
		error = container_recorder_bpf__attach(skeleton);
	/* The skeleton's attach gives the last link's file descriptor. */
	if (error < 0)
		return error;
	/* It knows all programs or none; this one is attached when it is wanted. */
	close(skeleton->links.record_refusal_fd);
	skeleton->links.record_refusal_fd = 0;
	return 0;
}

int hooks_load_quickly(struct hooks *hooks, bool by_pids, int (*fill)(int free_slots))
{
	struct container_recorder_bpf *skeleton = container_recorder_bpf__open();
	int error;

	if (!skeleton)
		return -ENOMEM;
	error = load(skeleton, by_pids, fill);
	if (error) {
		container_recorder_bpf__destroy(skeleton);
		return error;
	}
	hooks->parts = (struct hook_parts){
		.slots = skeleton->maps.slots.map_fd,
		.free_slots = skeleton->maps.free_slots.map_fd,
		.containers = skeleton->maps.containers.map_fd,
		.bell = skeleton->maps.bell.map_fd,
		.record_refusal = skeleton->progs.record_refusal.prog_fd,
		.flags = skeleton->bss->flags,
		.lost_containers = &skeleton->bss->lost_containers,
		.hooks_since = &skeleton->bss->hooks_since,
	};
	hooks->skeleton = skeleton;
	hooks->destroy = destroy;
	return 0;
}
