// SPDX-License-Identifier: Apache-2.0
// Programs of seccomp filters as the kernel keeps them: classic BPF. Read from the text that
// native/bpf/src/filter_reader prints.

/** One instruction: struct sock_filter of include/uapi/linux/filter.h. */
export interface Instruction {
  readonly code: number;
  readonly jumpTrue: number;
  readonly jumpFalse: number;
  /** Unsigned 32 bits. */
  readonly constant: number;
}

/** A filter of a task. */
export interface KernelFilter {
  /** SECCOMP_FILTER_FLAG_LOG: refused calls are logged. The kernel tells no other flag. */
  readonly logs: boolean;
  readonly program: readonly Instruction[];
}

/** SECCOMP_FILTER_FLAG_LOG of include/uapi/linux/seccomp.h. */
const FLAG_LOG = 2n;

/** BPF_MAXINSNS of include/uapi/linux/bpf_common.h. */
const MOST_INSTRUCTIONS = 4096;

/** Hexadecimal digits of an instruction. */
const DIGITS = 16;

function instructionOf(digits: string): Instruction {
  const part = (from: number, to: number): number => Number.parseInt(digits.slice(from, to), 16);
  return { code: part(0, 4), jumpTrue: part(4, 6), jumpFalse: part(6, 8), constant: part(8, 16) };
}

function filterOf(line: string): KernelFilter {
  const [, flags, digits] = /^(\d{1,20}) ((?:[0-9a-f]{16}){1,4096})$/.exec(line) ?? [];
  if (flags === undefined || digits === undefined) throw new SyntaxError('a line of a filter has another form');
  const count = Math.min(digits.length / DIGITS, MOST_INSTRUCTIONS);
  const program = Array.from({ length: count }, (_, at) => instructionOf(digits.slice(at * DIGITS, (at + 1) * DIGITS)));
  return { logs: (BigInt(flags) & FLAG_LOG) !== 0n, program };
}

/**
 * The filters of a task, the one that was installed last first.
 * @throws SyntaxError for a text of another form, or one that breaks off
 */
export function parseFilters(text: string): readonly KernelFilter[] {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.pop() !== 'end') throw new SyntaxError('the filters break off');
  return lines.map(filterOf);
}
