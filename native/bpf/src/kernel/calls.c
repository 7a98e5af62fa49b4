// SPDX-License-Identifier: Apache-2.0
#include "kernel/calls.h"

enum calls_architecture calls_architecture(enum calls_abi abi)
{
#if defined(__x86_64__)
	static const enum calls_architecture architectures[] = {
		[CALLS_NATIVE] = CALLS_X86_64,
		[CALLS_COMPAT] = CALLS_X86,
		[CALLS_X32] = CALLS_X32_ABI,
	};
#elif defined(__aarch64__)
	static const enum calls_architecture architectures[] = {
		[CALLS_NATIVE] = CALLS_AARCH64,
		[CALLS_COMPAT] = CALLS_ARM,
	};
#else
#error "no such architecture"
#endif
	return architectures[abi];
}

int64_t calls_number(enum calls_architecture architecture, int bit)
{
	if (architecture == CALLS_ARM && bit >= CALLS_PRIVATE_BIT)
		return CALLS_ARM_PRIVATE + bit - CALLS_PRIVATE_BIT;
	return bit;
}

size_t calls_numbers(const volatile struct calls *calls, enum calls_abi abi, int64_t numbers[CALLS_BITS])
{
	const volatile __u64 *bits = calls->bits[abi];
	size_t count = 0;

	for (int bit = 0; bit < CALLS_BITS; bit++) {
		if (bits[bit / 64] & (1ULL << (bit % 64)))
			numbers[count++] = calls_number(calls_architecture(abi), bit);
	}
	return count;
}
