// SPDX-License-Identifier: Apache-2.0
#include "auditor/ended.h"

#include <errno.h>
#include <stdint.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ended.lskel.h"

int ended_open(struct ended *ended)
{
	struct ended_bpf *skeleton = ended_bpf__open();
	int error;

	ended->map = -1;
	if (!skeleton)
		return ENOMEM;
	error = ended_bpf__load(skeleton);
	if (!error)
		error = ended_bpf__attach(skeleton);
	/* The skeleton's attach gives the last link's file descriptor. */
	if (error < 0) {
		ended_bpf__destroy(skeleton);
		return -error;
	}
	ended->map = skeleton->maps.ended.map_fd;
	ended->skeleton = skeleton;
	return 0;
}

bool ended_find(const struct ended *ended, pid_t pid, struct ended_process *process)
{
	__u32 key = (__u32)pid;
	union bpf_attr attributes = {
		.map_fd = (__u32)ended->map,
		.key = (__u64)(uintptr_t)&key,
		.value = (__u64)(uintptr_t)process,
	};

	return ended->map >= 0 && syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attributes, sizeof(attributes)) == 0;
}
