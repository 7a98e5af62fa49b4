/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds a seccomp filter from the messages of schemas/wire/runner.json, by libseccomp, down to what the kernel takes.
 */
#pragma once

#include <linux/filter.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner_wire.h"

/* Native, compat and x32. */
#define FILTER_ARCHS_MAX 3

/* The kernel takes no longer programs (BPF_MAXINSNS). */
#define FILTER_INSTRUCTIONS_MAX 4096

/* Distinguishes calls of x32 from those of x86-64 (arch/x86/include/uapi/asm/unistd.h). */
#define X32_SYSCALL_BIT 0x40000000

/* An argument has one condition at the most in a rule of libseccomp. */
#define FILTER_CONDITIONS_MAX 6

struct filter {
	bool begun;
	uint32_t default_action;
	unsigned int flags; /* SECCOMP_FILTER_FLAG_* */
	size_t arch_count;
	enum runner_arch archs[FILTER_ARCHS_MAX];
	scmp_filter_ctx contexts[FILTER_ARCHS_MAX];
	int64_t newest[FILTER_ARCHS_MAX]; /* Calls above get ENOSYS; below 0 for none. */
	size_t condition_count;
	struct scmp_arg_cmp conditions[FILTER_CONDITIONS_MAX]; /* Of the next rule. */
	size_t instruction_count;
	struct sock_filter instructions[FILTER_INSTRUCTIONS_MAX];
};

/* Numbers of a rule that libseccomp could not take. */
struct filter_unknown {
	enum runner_arch arch;
	size_t count;
	int64_t numbers[1024];
};

/*
 * Takes a message that describes the filter. Returns false and writes a sentence when it cannot be. Numbers of foreign
 * architectures that libseccomp has no name for are left out and given back.
 */
bool filter_take(struct filter *filter, const struct runner_command *message, struct filter_unknown *unknown, char *why,
		 size_t size);

/* Makes the program for the kernel. Returns false and writes a sentence. */
bool filter_finish(struct filter *filter, char *why, size_t size);

/* Makes one program of those of the architectures; 0 or a negative errno. Part of filter_finish. */
int filter_join(struct filter *filter);

/* The return value of the program for a call, as in the kernel; below 0 when it is no program that we can run. */
int64_t filter_evaluate(const struct filter *filter, const struct seccomp_data *data);

/* The AUDIT_ARCH value of the architecture that this program was compiled for. */
uint32_t filter_native_arch(void);

void filter_free(struct filter *filter);
