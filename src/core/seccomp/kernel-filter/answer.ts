// SPDX-License-Identifier: Apache-2.0
// The answer of a filter's program to a call, for all arguments at once: the program is carried out with numbers where
// it knows them (call, architecture) and with the words of arguments where it does not, and takes both ways at each
// jump that depends on one. The answer is a decision (meaning/decisions.ts).
import type { Decision, Decisions } from '../meaning/decisions.ts';
import { CODE, testOf } from './instruction.ts';
import type { Test } from './instruction.ts';
import type { Instruction } from './program.ts';

/** The numbers of a call that a program can know. */
export interface KnownCall {
  /** As the kernel sees it: that of x32 with bit 30. */
  readonly number: number;
  /** AUDIT_ARCH value. */
  readonly token: number;
  /** Whether arguments have 32 bits, so that their upper halves are 0. */
  readonly isNarrow: boolean;
}

/** Says that a program does something that we cannot follow: no filter of runtimes and libraries does. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** A half of an argument, of which some bits are left. */
interface Word {
  readonly index: number;
  readonly half: 'low' | 'high';
  readonly mask: number;
}

type Value = number | Word;

/** Registers and memory between instructions. */
interface State {
  readonly accumulator: Value;
  readonly index: Value;
  readonly memory: readonly Value[];
}

const EMPTY: State = { accumulator: 0, index: 0, memory: [] };

/** Words of memory. */
const MEMORY_SIZE = 16;

/** Bytes of struct seccomp_data. */
const DATA_LENGTH = 64;

/** Offsets in struct seccomp_data of include/uapi/linux/seccomp.h, on machines that put the low half first. */
const OFFSET = { number: 0, token: 4, args: 16 } as const;

function unsigned(value: number): number {
  return value >>> 0;
}

function loaded(offset: number, call: KnownCall): Value {
  if (offset === OFFSET.number) return unsigned(call.number);
  if (offset === OFFSET.token) return unsigned(call.token);
  if (offset < OFFSET.args || offset >= DATA_LENGTH)
    throw new Unreadable('it looks at the place of the call in memory');
  const half = (offset - OFFSET.args) % 8 === 0 ? 'low' : 'high';
  if (half === 'high' && call.isNarrow) return 0;
  return { index: Math.floor((offset - OFFSET.args) / 8), half, mask: 0xffff_ffff };
}

function masked(value: Value, mask: number): Value {
  if (typeof value === 'number') return unsigned(value & mask);
  const left = unsigned(value.mask & mask);
  return left === 0 ? 0 : { ...value, mask: left };
}

function numberOf(value: Value): number {
  if (typeof value === 'number') return value;
  throw new Unreadable('it computes with an argument');
}

function compareNumbers(test: Test, value: number, other: number): boolean {
  switch (test) {
    case 'equal':
      return value === other;
    case 'greater':
      return value > other;
    case 'greater-or-equal':
      return value >= other;
    case 'any-bit':
      return (value & other) !== 0;
  }
}

/** 1 where the word satisfies the test. */
function compareWord(test: Test, { index, half, mask }: Word, other: number, decisions: Decisions): Decision {
  const field = half === 'low' ? { index, high: 31, low: 0 } : { index, high: 63, low: 32 };
  const [yes, no] = [decisions.always(1), decisions.always(0)];
  const not = (decision: Decision): Decision => decisions.choose(decision, no, yes);
  const below = (bound: number): Decision =>
    bound > 0xffff_ffff ? yes : decisions.holds(field, { op: 'below', mask: BigInt(mask), value: BigInt(bound) });
  const equal = (bits: number, value: number): Decision =>
    decisions.holds(field, { op: 'masked-equal', mask: BigInt(bits), value: BigInt(value) });
  switch (test) {
    case 'equal':
      return unsigned(other & ~mask) === 0 ? equal(mask, other) : no;
    case 'greater':
      return not(below(other + 1));
    case 'greater-or-equal':
      return not(below(other));
    case 'any-bit':
      return not(equal(unsigned(mask & other), 0));
  }
}

/** Carries a program out. Answers to what is left of it are remembered by place and state. */
class Reading {
  private readonly program: readonly Instruction[];
  private readonly call: KnownCall;
  private readonly decisions: Decisions;
  private readonly result: (value: number) => number;
  private readonly memo = new Map<string, Decision>();

  constructor(
    program: readonly Instruction[],
    call: KnownCall,
    decisions: Decisions,
    result: (value: number) => number,
  ) {
    this.program = program;
    this.call = call;
    this.decisions = decisions;
    this.result = result;
  }

  from(start: number, given: State): Decision {
    const key = `${String(start)} ${JSON.stringify(given)}`;
    const known = this.memo.get(key) ?? this.run(start, given);
    this.memo.set(key, known);
    return known;
  }

  private run(start: number, given: State): Decision {
    let state = given;
    for (let at = start; ; at += 1) {
      const instruction = this.program[at];
      if (instruction === undefined) throw new Unreadable('it runs beyond its end');
      const { code, constant, jumpTrue, jumpFalse } = instruction;
      const jump = testOf(code);
      if (code === CODE.returnConstant) return this.decisions.always(this.result(constant));
      if (code === CODE.returnAccumulator) return this.decisions.always(this.result(numberOf(state.accumulator)));
      if (code === CODE.jump) at += constant;
      else if (jump === undefined) state = this.step(instruction, state);
      else {
        const other = jump.withIndex ? numberOf(state.index) : constant;
        const { accumulator } = state;
        if (typeof accumulator !== 'number') {
          const [yes, no] = [this.from(at + 1 + jumpTrue, state), this.from(at + 1 + jumpFalse, state)];
          return this.decisions.choose(compareWord(jump.test, accumulator, other, this.decisions), yes, no);
        }
        at += compareNumbers(jump.test, accumulator, other) ? jumpTrue : jumpFalse;
      }
    }
  }

  private step({ code, constant }: Instruction, state: State): State {
    const { accumulator, index, memory } = state;
    switch (code) {
      case CODE.loadAbsolute:
        return { ...state, accumulator: loaded(constant, this.call) };
      case CODE.loadLength:
        return { ...state, accumulator: DATA_LENGTH };
      case CODE.loadIndexLength:
        return { ...state, index: DATA_LENGTH };
      case CODE.loadImmediate:
        return { ...state, accumulator: constant };
      case CODE.loadIndexImmediate:
        return { ...state, index: constant };
      case CODE.loadMemory:
        return { ...state, accumulator: memory[constant] ?? 0 };
      case CODE.loadIndexMemory:
        return { ...state, index: memory[constant] ?? 0 };
      case CODE.store:
        return { ...state, memory: stored(memory, constant, accumulator) };
      case CODE.storeIndex:
        return { ...state, memory: stored(memory, constant, index) };
      case CODE.andConstant:
        return { ...state, accumulator: masked(accumulator, constant) };
      case CODE.andIndex:
        return { ...state, accumulator: masked(accumulator, numberOf(index)) };
      case CODE.toIndex:
        return { ...state, index: accumulator };
      case CODE.fromIndex:
        return { ...state, accumulator: index };
      default:
        throw new Unreadable(`it has an instruction that cannot be followed, 0x${code.toString(16)}`);
    }
  }
}

function stored(memory: readonly Value[], place: number, value: Value): readonly Value[] {
  if (place >= MEMORY_SIZE) throw new Unreadable('it stores beyond its memory');
  return Array.from({ length: MEMORY_SIZE }, (_, at) => (at === place ? value : (memory[at] ?? 0)));
}

/**
 * The answer of a program to a call.
 *
 * @param result - the number by which a SECCOMP_RET value is to be known
 * @throws Unreadable, and TooLarge as Decisions do
 */
export function answerOf(
  program: readonly Instruction[],
  call: KnownCall,
  decisions: Decisions,
  result: (value: number) => number,
): Decision {
  return new Reading(program, call, decisions, result).from(0, EMPTY);
}

/** Numbers with which a program compares something: the calls beside them may be answered differently. */
export function comparedNumbers(program: readonly Instruction[]): readonly number[] {
  const constants = program.flatMap(({ code, constant }) => (testOf(code) === undefined ? [] : [constant]));
  return [...new Set(constants)];
}
