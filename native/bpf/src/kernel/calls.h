/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set of system calls, as the recorders' BPF programs write it and the programs that load them read it: a bit for
 * each number of each ABI.
 */
#pragma once

#include <linux/types.h>

/* The numbers of Linux end below 600 on every architecture. The last 64 bits hold the private calls of 32-bit Arm. */
#define CALLS_BITS 1024
#define CALLS_WORDS (CALLS_BITS / 64)
#define CALLS_PRIVATE_BIT (CALLS_BITS - 64)

/* __ARM_NR_BASE of arch/arm/include/uapi/asm/unistd.h */
#define CALLS_ARM_PRIVATE 0x0f0000

/* The ABI of a call. Compat is i386 on x86-64 and 32-bit Arm on arm64. */
enum calls_abi {
	CALLS_NATIVE,
	CALLS_COMPAT,
	CALLS_X32,
	CALLS_ABIS,
};

/* Bits are only ever set, so reading needs no lock. */
struct calls {
	__u64 bits[CALLS_ABIS][CALLS_WORDS];
};

#ifndef __bpf__
#include <stddef.h>
#include <stdint.h>

/* The architectures of calls, in the order of `arch` in the schemas of the wire. */
enum calls_architecture {
	CALLS_X86_64,
	CALLS_X86,
	CALLS_X32_ABI,
	CALLS_AARCH64,
	CALLS_ARM,
};

/* The architecture of an ABI on this machine. */
enum calls_architecture calls_architecture(enum calls_abi abi);

/* The number that a bit stands for; of x32 without its bit 30. */
int64_t calls_number(enum calls_architecture architecture, int bit);

/* The numbers of an ABI's bits, ascending; those of x32 without its bit 30. Returns how many. */
size_t calls_numbers(const volatile struct calls *calls, enum calls_abi abi, int64_t numbers[CALLS_BITS]);
#endif
