// SPDX-License-Identifier: Apache-2.0
// Follows the values of registers through a function, along all ways at once, to where it calls the kernel or another
// function. Where a jump's target is computed, the places that nothing else leads to are its targets.
import type { Elf } from '../binary/elf.ts';
import type { Region } from '../binary/functions.ts';
import type { Exit, Instruction, Processor } from './instruction.ts';
import { PROCESSORS, instructionsOf } from './outline.ts';
import { carryOut, draftOf, joined, lose, onlyStack, stateAtBeginning, stateUnknown } from './values.ts';
import type { Draft, State } from './values.ts';

/** The values before each instruction that leaves the function, by its address. */
export type States = ReadonlyMap<number, State>;

/** How often a place is looked at again before nothing is known there any more. */
const MAX_VISITS = 40;

interface Following {
  readonly processor: Processor;
  readonly instructions: readonly Instruction[];
  /** Indices of instructions by address. */
  readonly indices: ReadonlyMap<number, number>;
  /** Addresses where ways meet. */
  readonly leaders: ReadonlySet<number>;
  readonly states: Map<number, State>;
  readonly visits: Map<number, number>;
  /** Addresses of which more is known than when they were looked at. */
  readonly waiting: Set<number>;
  /** The values where jumps have computed targets. */
  computed: State | undefined;
  /** Places of which nothing more is learnt. */
  settled: ReadonlySet<number>;
}

function endsBlock(exit: Exit | undefined): boolean {
  return exit !== undefined && exit.type !== 'syscall' && !exit.type.startsWith('call');
}

function goesOn(exit: Exit): boolean {
  return exit.type === 'branch' || exit.type === 'syscall' || exit.type.startsWith('call');
}

function leadersOf(instructions: readonly Instruction[]): ReadonlySet<number> {
  const leaders = new Set<number>();
  for (const { end, exit } of instructions) {
    if (endsBlock(exit)) leaders.add(end);
    if (exit !== undefined && 'target' in exit && exit.type !== 'call') leaders.add(exit.target);
  }
  return leaders;
}

/** A way leads to a place with this state. */
function arrive(following: Following, address: number, state: State): void {
  const { states, visits, waiting, indices, settled, processor } = following;
  if (!indices.has(address) || settled.has(address)) return;
  const known = states.get(address);
  const count = visits.get(address) ?? 0;
  const met = known === undefined ? draftOf(state) : joined(known, state, processor.stack);
  if (met === known || count > MAX_VISITS) return;
  visits.set(address, count + 1);
  states.set(address, count === MAX_VISITS ? onlyStack(met) : met);
  waiting.add(address);
}

function leave(following: Following, { end, exit }: Instruction, draft: Draft): void {
  if (exit === undefined) return;
  if (exit.type === 'jump' || exit.type === 'branch') arrive(following, exit.target, draft);
  if (exit.type === 'branch') arrive(following, end, draft);
  if (exit.type === 'jumpUnknown' || exit.type === 'jumpSlot' || exit.type === 'tableJump') {
    const { computed } = following;
    following.computed = computed === undefined ? draftOf(draft) : joined(computed, draft, following.processor.stack);
  }
}

function passExit({ processor }: Following, exit: Exit, draft: Draft): void {
  if (exit.type === 'syscall') lose(draft, processor.lostInSyscalls);
  else if (exit.type.startsWith('call')) lose(draft, processor.givenByCalls);
}

/** Carries out instructions from a place on, until ways part. `seen` gets what is known before each exit. */
function follow(following: Following, start: number, seen: (at: Instruction, draft: Draft) => void): void {
  const { instructions, indices, leaders, states } = following;
  const state = states.get(start);
  if (state === undefined) return;
  const draft = draftOf(state);
  for (let index = indices.get(start) ?? instructions.length; index < instructions.length; index += 1) {
    const instruction = instructions[index];
    if (instruction === undefined) return;
    if (instruction.address !== start && leaders.has(instruction.address)) {
      arrive(following, instruction.address, draft);
      return;
    }
    for (const effect of instruction.effects) carryOut(effect, draft);
    const { exit } = instruction;
    if (exit === undefined) continue;
    seen(instruction, draft);
    leave(following, instruction, draft);
    if (!goesOn(exit) || exit.type === 'branch') return;
    passExit(following, exit, draft);
  }
}

/** Most ways lead forward, so that in the order of addresses few places are looked at twice. */
function settle(following: Following): void {
  const { waiting } = following;
  while (waiting.size > 0) {
    const round = [...waiting].sort((a, b) => a - b);
    for (const address of round) {
      if (waiting.delete(address)) follow(following, address, () => undefined);
    }
  }
}

/**
 * Places that no way leads to: targets of computed jumps, or where there are none padding between the ways, and what is
 * for exceptions, of which nothing is known and nothing goes on to the others.
 */
function visitRest(following: Following): void {
  const { leaders, states, processor, computed } = following;
  if (computed === undefined) following.settled = new Set(states.keys());
  for (const leader of leaders) {
    if (states.has(leader)) continue;
    arrive(following, leader, following.computed ?? stateUnknown(processor));
    settle(following);
  }
}

/** The values in a function at all its departures. */
export function statesOf(elf: Elf, region: Region): States {
  const processor = PROCESSORS[elf.machine];
  const instructions = instructionsOf(elf, region);
  const indices = new Map(instructions.map(({ address }, index) => [address, index]));
  const following: Following = {
    processor,
    instructions,
    indices,
    leaders: leadersOf(instructions),
    states: new Map(),
    visits: new Map(),
    waiting: new Set(),
    computed: undefined,
    settled: new Set(),
  };
  arrive(following, region.start, stateAtBeginning(processor));
  settle(following);
  visitRest(following);
  const found = new Map<number, State>();
  for (const start of [...following.states.keys()]) {
    follow(following, start, ({ address }, draft) => found.set(address, draftOf(draft)));
  }
  return found;
}
