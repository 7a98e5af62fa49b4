// SPDX-License-Identifier: Apache-2.0
#include "recorder/seen.h"

static enum recorder_arch arch_of(enum recorder_abi abi)
{
#if defined(__x86_64__)
	static const enum recorder_arch archs[] = {
		[RECORDER_NATIVE] = RECORDER_ARCH_SCMP_ARCH_X86_64,
		[RECORDER_COMPAT] = RECORDER_ARCH_SCMP_ARCH_X86,
		[RECORDER_X32] = RECORDER_ARCH_SCMP_ARCH_X32,
	};
#elif defined(__aarch64__)
	static const enum recorder_arch archs[] = {
		[RECORDER_NATIVE] = RECORDER_ARCH_SCMP_ARCH_AARCH64,
		[RECORDER_COMPAT] = RECORDER_ARCH_SCMP_ARCH_ARM,
	};
#else
#error "no such architecture"
#endif
	return archs[abi];
}

static int64_t number_of(enum recorder_arch arch, int bit)
{
	if (arch == RECORDER_ARCH_SCMP_ARCH_ARM && bit >= RECORDER_PRIVATE_BIT)
		return RECORDER_ARM_PRIVATE + bit - RECORDER_PRIVATE_BIT;
	return bit;
}

static void emit_calls(struct wire_writer *out, const volatile struct recorder_tree *tree, enum recorder_abi abi)
{
	const volatile __u64 *bits = tree->seen[abi];
	int64_t numbers[RECORDER_BITS];
	size_t count = 0;

	for (int bit = 0; bit < RECORDER_BITS; bit++) {
		if (bits[bit / 64] & (1ULL << (bit % 64)))
			numbers[count++] = number_of(arch_of(abi), bit);
	}
	if (count > 0)
		recorder_emit_syscalls(out, arch_of(abi), numbers, count);
}

void seen_emit(struct wire_writer *out, const volatile struct recorder_tree *tree)
{
	for (enum recorder_abi abi = RECORDER_NATIVE; abi < RECORDER_ABIS; abi++)
		emit_calls(out, tree, abi);
	if (tree->lost_processes > 0)
		recorder_emit_lost(out, RECORDER_LOST_REASON_PROCESS, tree->lost_processes);
	if (tree->lost_numbers > 0)
		recorder_emit_lost(out, RECORDER_LOST_REASON_NUMBER, tree->lost_numbers);
}
