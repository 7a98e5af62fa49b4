// SPDX-License-Identifier: Apache-2.0
/* The cheapest program that can be on the hook of the recorder, so the least that any of them costs. For benchmarks. */
#include "kernel/structures.h"

char LICENSE[] SEC("license") = "GPL";

SEC("tp_btf/sys_enter")
int do_nothing(void *ctx)
{
	return 0;
}
