// SPDX-License-Identifier: Apache-2.0
// The values that registers and the stack of a function may have at a place of its code. A value is a number: one that
// the function makes (0 or more), one that it was given, or an address on its stack.
import type { Effect, Place, Processor, Register } from './instruction.ts';

/** Every value that is possible; undefined where anything is. */
export type Values = readonly number[] | undefined;

/** The values at a place of a function. */
export interface State {
  readonly registers: readonly Values[];
  /** By address relative to the stack pointer at the beginning. */
  readonly slots: ReadonlyMap<number, readonly number[]>;
}

/** A state that one stretch of code changes. */
export interface Draft {
  readonly registers: Values[];
  readonly slots: Map<number, readonly number[]>;
}

/** More values than this are anything. */
const MAX_VALUES = 24;

/** Stack addresses are around this number, which is no number of a call and no address of code. */
const STACK_BASE = -(2 ** 40);
const STACK_REACH = 2 ** 32;

/** Parameters on the stack are below this one, those in registers above. */
const STACK_PARAMETERS = -1000;
const MAX_PARAMETER_OFFSET = 512;

function stackAddress(offset: number): number {
  return STACK_BASE + offset;
}

/** The offset of a value that is a stack address; undefined for another one. */
function stackOffset(values: Values): number | undefined {
  if (values?.length !== 1) return undefined;
  const offset = (values[0] ?? 0) - STACK_BASE;
  return Math.abs(offset) < STACK_REACH ? offset : undefined;
}

/** The value that a register has when the function begins. */
export function registerParameter(register: Register): number {
  return -1 - register;
}

/** Whether a value is one that the function was given. */
export function isParameter(value: number): boolean {
  return value < 0 && value > STACK_PARAMETERS - MAX_PARAMETER_OFFSET;
}

/** The values when a function begins: it can tell its parameters from each other. */
export function stateAtBeginning(processor: Processor): State {
  const registers = Array.from({ length: processor.registers }, (_, register) => [registerParameter(register)]);
  registers[processor.stack] = [stackAddress(0)];
  return { registers, slots: new Map() };
}

/** The values where nothing is known. */
export function stateUnknown(processor: Processor): State {
  return { registers: Array.from({ length: processor.registers }, () => undefined), slots: new Map() };
}

/** Where too much is possible: only what lies where on the stack is known. */
export function onlyStack({ registers }: State): State {
  const kept = registers.map((values) => (stackOffset(values) === undefined ? undefined : values));
  return { registers: kept, slots: new Map() };
}

/** A copy that may be changed. */
export function draftOf({ registers, slots }: State): Draft {
  return { registers: [...registers], slots: new Map(slots) };
}

function union(one: Values, other: Values): Values {
  if (one === other || one === undefined || other === undefined) return one === undefined ? undefined : other;
  const missing = other.filter((value) => !one.includes(value));
  if (missing.length === 0) return one;
  return one.length + missing.length > MAX_VALUES ? undefined : [...one, ...missing];
}

/**
 * The values where two ways meet; the first state itself where the second adds nothing. Compilers have the stack
 * pointer at one place whichever way leads there; the way that differs is one behind a call that does not return.
 *
 * @param stack - the register that is the stack pointer
 */
export function joined(one: State, other: State, stack: Register): State {
  const registers = one.registers.map((values, register) =>
    register === stack && values !== undefined ? values : union(values, other.registers[register]),
  );
  const slots = new Map<number, readonly number[]>();
  let isSame = registers.every((values, register) => values === one.registers[register]);
  for (const [offset, values] of one.slots) {
    const both = union(values, other.slots.get(offset));
    if (both !== values) isSame = false;
    if (both !== undefined) slots.set(offset, both);
  }
  return isSame ? one : { registers, slots };
}

function plus(values: Values, amount: number): Values {
  if (amount === 0 || values === undefined) return values;
  const moved = values.map((value) =>
    value >= 0 || value < STACK_PARAMETERS - MAX_PARAMETER_OFFSET ? value + amount : undefined,
  );
  return moved.every((value) => value !== undefined) ? moved : undefined;
}

function slotAt(draft: Draft, { base, offset }: Place): number | undefined {
  const stack = stackOffset(draft.registers[base]);
  return stack === undefined ? undefined : stack + offset;
}

/** The values that lie on the stack; a place above the beginning that was not written is a parameter. */
function loadedFrom(draft: Draft, offset: number): Values {
  const isGiven = offset >= 0 && offset < MAX_PARAMETER_OFFSET;
  return draft.slots.get(offset) ?? (isGiven ? [STACK_PARAMETERS - offset] : undefined);
}

function store(draft: Draft, offset: number, values: Values): void {
  if (values === undefined) draft.slots.delete(offset);
  else draft.slots.set(offset, values);
  // An unknown value above the beginning must not be taken for the parameter that it replaced.
  if (values === undefined && offset >= 0) draft.slots.set(offset, [STACK_BASE]);
}

/** Carries out an effect. */
export function carryOut(effect: Effect, draft: Draft): void {
  const { registers } = draft;
  switch (effect.type) {
    case 'constant':
      registers[effect.to] = [effect.value];
      return;
    case 'copy':
      registers[effect.to] = plus(registers[effect.from], effect.plus);
      return;
    case 'choose':
      registers[effect.to] = union(registers[effect.to], registers[effect.from]);
      return;
    case 'load': {
      const offset = slotAt(draft, effect.place);
      registers[effect.to] = offset === undefined ? undefined : loadedFrom(draft, offset);
      return;
    }
    case 'store': {
      const offset = slotAt(draft, effect.place);
      if (offset !== undefined)
        store(draft, offset, effect.from === undefined ? [effect.constant] : registers[effect.from]);
      return;
    }
    case 'forget':
      for (const register of effect.registers) registers[register] = undefined;
      return;
    case 'address':
    case 'tableAddress':
  }
}

/** Makes registers unknown. */
export function lose(draft: Draft, registers: readonly Register[]): void {
  for (const register of registers) draft.registers[register] = undefined;
}

/**
 * The value of a parameter of a function where it is called.
 *
 * @param isTail - it is jumped to: it takes the place of the caller
 */
export function parameterAt(state: State, parameter: number, processor: Processor, isTail: boolean): Values {
  if (parameter > STACK_PARAMETERS) return state.registers[-1 - parameter];
  const stack = stackOffset(state.registers[processor.stack]);
  if (stack === undefined) return undefined;
  return loadedFrom(draftOf(state), stack + STACK_PARAMETERS - parameter - (isTail ? 0 : processor.returnSize));
}
