// SPDX-License-Identifier: Apache-2.0
#include "container_recorder/result.h"

#include <string.h>

/* The enumeration of the wire and that of the calls have one order. */
_Static_assert((int)CONTAINER_RECORDER_ARCH_SCMP_ARCH_X86_64 == CALLS_X86_64 &&
		       (int)CONTAINER_RECORDER_ARCH_SCMP_ARCH_ARM == CALLS_ARM,
	       "the architectures of the wire");

typedef void emit_numbers(struct wire_writer *out, uint64_t key, enum container_recorder_arch architecture,
			  const int64_t *numbers, size_t count);

void result_emit_container(struct wire_writer *out, const struct slot *slot, bool running)
{
	char path[SLOT_LEVELS * (SLOT_NAME_SIZE + 1) + 1] = "";
	size_t used = 0;

	for (__u32 level = slot->depth <= SLOT_LEVELS ? slot->depth : SLOT_LEVELS; level > 0; level--) {
		const char *name = slot->names[level - 1];
		size_t length = strnlen(name, SLOT_NAME_SIZE);

		if (used > 0 || slot->is_whole)
			path[used++] = '/';
		memcpy(path + used, name, length);
		used += length;
	}
	path[used] = '\0';
	container_recorder_emit_container(out, slot->key, path, running);
}

static void emit_calls(struct wire_writer *out, uint64_t key, const struct calls *calls, emit_numbers *emit)
{
	for (enum calls_abi abi = CALLS_NATIVE; abi < CALLS_ABIS; abi++) {
		int64_t numbers[CALLS_BITS];
		size_t count = calls_numbers(calls, abi, numbers);

		if (count > 0)
			emit(out, key, (enum container_recorder_arch)calls_architecture(abi), numbers, count);
	}
}

void result_emit(struct wire_writer *out, const struct slot *slot)
{
	emit_calls(out, slot->key, &slot->seen, container_recorder_emit_syscalls);
	emit_calls(out, slot->key, &slot->refused, container_recorder_emit_refused);
	if (slot->lost_processes > 0)
		container_recorder_emit_lost(out, slot->key, CONTAINER_RECORDER_LOST_REASON_PROCESS, slot->lost_processes);
	if (slot->lost_numbers > 0)
		container_recorder_emit_lost(out, slot->key, CONTAINER_RECORDER_LOST_REASON_NUMBER, slot->lost_numbers);
}
