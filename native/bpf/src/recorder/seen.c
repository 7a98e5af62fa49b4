// SPDX-License-Identifier: Apache-2.0
#include "recorder/seen.h"

/* The enumeration of the wire and that of the calls have one order. */
_Static_assert((int)RECORDER_ARCH_SCMP_ARCH_X86_64 == CALLS_X86_64 && (int)RECORDER_ARCH_SCMP_ARCH_ARM == CALLS_ARM,
	       "the architectures of the wire");

static void emit_calls(struct wire_writer *out, const volatile struct recorder_tree *tree, enum calls_abi abi)
{
	int64_t numbers[CALLS_BITS];
	size_t count = calls_numbers(&tree->seen, abi, numbers);

	if (count > 0)
		recorder_emit_syscalls(out, (enum recorder_arch)calls_architecture(abi), numbers, count);
}

void seen_emit(struct wire_writer *out, const volatile struct recorder_tree *tree)
{
	for (enum calls_abi abi = CALLS_NATIVE; abi < CALLS_ABIS; abi++)
		emit_calls(out, tree, abi);
	if (tree->lost_processes > 0)
		recorder_emit_lost(out, RECORDER_LOST_REASON_PROCESS, tree->lost_processes);
	if (tree->lost_numbers > 0)
		recorder_emit_lost(out, RECORDER_LOST_REASON_NUMBER, tree->lost_numbers);
	if (tree->lost_traces > 0)
		recorder_emit_lost(out, RECORDER_LOST_REASON_TRACE, tree->lost_traces);
}
