/* SPDX-License-Identifier: Apache-2.0 */
/* From a task in a system call to the bit of the call, for BPF programs. */
#pragma once

#include <bpf/bpf_core_read.h>

#include "kernel/calls.h"
#include "kernel/structures.h"

#if defined(__TARGET_ARCH_x86)
/* arch/x86/include/asm/thread_info.h: the call came by a 32-bit entry. */
#define TS_COMPAT 0x0002
/* arch/x86/include/uapi/asm/unistd.h */
#define X32_SYSCALL_BIT 0x40000000
#define NATIVE_EXECVE 59
#elif defined(__TARGET_ARCH_arm64)
/* arch/arm64/include/asm/thread_info.h: the task runs 32-bit code. */
#define TIF_32BIT 22
#define NATIVE_EXECVE 221
#else
#error "no such architecture"
#endif

/* The number of the system call that a task is in. */
static __always_inline __u32 number_of(struct pt_regs *registers)
{
#if defined(__TARGET_ARCH_x86)
	return (__u32)registers->orig_ax;
#else
	/* Absent where the verifier of another architecture looks at the program; then a number without a bit. */
	return bpf_core_field_exists(registers->syscallno) ? (__u32)registers->syscallno : CALLS_BITS;
#endif
}

static __always_inline enum calls_abi abi_of(struct task_struct *task, __u32 number)
{
#if defined(__TARGET_ARCH_x86)
	if (task->thread_info.status & TS_COMPAT)
		return CALLS_COMPAT;
	return number & X32_SYSCALL_BIT ? CALLS_X32 : CALLS_NATIVE;
#else
	return task->thread_info.flags & (1UL << TIF_32BIT) ? CALLS_COMPAT : CALLS_NATIVE;
#endif
}

/* The bit of a number; one that is out of range when it has none. */
static __always_inline __u32 bit_of(enum calls_abi abi, __u32 number)
{
#if defined(__TARGET_ARCH_x86)
	if (abi == CALLS_X32)
		number &= ~X32_SYSCALL_BIT;
	return number;
#else
	if (abi == CALLS_COMPAT && number - CALLS_ARM_PRIVATE < CALLS_BITS - CALLS_PRIVATE_BIT)
		return number - CALLS_ARM_PRIVATE + CALLS_PRIVATE_BIT;
	return number < CALLS_PRIVATE_BIT ? number : CALLS_BITS;
#endif
}

/* Notes a call, or that its number has no bit. */
static __always_inline void note_call(struct calls *calls, enum calls_abi abi, __u32 bit, __u64 *lost_numbers)
{
	__u64 mask, *word;

	/* Stops the compiler from optimizing away the bounds check below, which the verifier needs to see. */
	barrier_var(bit);
	if (bit >= CALLS_BITS) {
		__sync_fetch_and_add(lost_numbers, 1);
		return;
	}
	mask = 1ULL << (bit & 63);
	word = &calls->bits[abi][bit >> 6];
	if (!(*word & mask))
		__sync_fetch_and_or(word, mask);
}
