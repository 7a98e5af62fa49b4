// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a finished filter without the kernel: to say beforehand that a command cannot start under it. Knows what
 * libseccomp prints.
 */
#include <linux/seccomp.h>
#include <string.h>

#include "runner/filter.h"

static bool jumps(const struct sock_filter *instruction, uint32_t value)
{
	switch (BPF_OP(instruction->code)) {
	case BPF_JEQ:
		return value == instruction->k;
	case BPF_JGT:
		return value > instruction->k;
	case BPF_JGE:
		return value >= instruction->k;
	default:
		return value & instruction->k;
	}
}

static size_t step_over(const struct sock_filter *instruction, uint32_t value)
{
	if (BPF_OP(instruction->code) == BPF_JA)
		return instruction->k;
	return jumps(instruction, value) ? instruction->jt : instruction->jf;
}

int64_t filter_evaluate(const struct filter *filter, const struct seccomp_data *data)
{
	uint32_t value = 0;

	/* Jumps only go forward, so this ends. */
	for (size_t at = 0; at < filter->instruction_count; at++) {
		const struct sock_filter *instruction = &filter->instructions[at];

		switch (instruction->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (instruction->k > sizeof(*data) - sizeof(value))
				return -1;
			memcpy(&value, (const char *)data + instruction->k, sizeof(value));
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			value &= instruction->k;
			break;
		case BPF_JMP | BPF_JA:
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
			at += step_over(instruction, value);
			break;
		case BPF_RET | BPF_K:
			return instruction->k;
		default:
			return -1;
		}
	}
	return -1;
}
