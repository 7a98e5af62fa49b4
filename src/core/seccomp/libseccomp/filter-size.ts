// SPDX-License-Identifier: Apache-2.0
// How many instructions a container runtime's filter will have. The kernel takes 4096 and answers EINVAL to more: no
// container starts under such a profile, and the runtime's message names neither the profile nor the reason.
//
// Counted as libseccomp 2.5.4 writes filters: for each architecture a jump, a load of the number and a jump for each
// call, and for a call with conditions a tree of comparisons in which rules share their common beginning. A 64-bit
// argument is compared in two halves, the upper one first; a load is left out while the same half stays loaded; equal
// blocks are written once. Compared with libseccomp for some hundred random sets of rules: exact within 1 % where the
// rules of a call compare one argument for equality, between 0.66 and 1.25 of the estimate for other comparisons of
// more than a few rules.
import { conjunctionsOf } from '../meaning/answers.ts';
import { reduced } from '../meaning/condition.ts';
import type { Conjunction } from '../meaning/condition.ts';
import { returnValue, sameVerdict, verdictOf } from '../meaning/verdict.ts';
import type { ArgCondition, Profile, Rule } from '../model.ts';
import { widthOf } from '../syscalls.ts';
import type { KnownArchitecture } from '../syscalls.ts';
import type { Width } from '../meaning/spans.ts';
import { coveredArchitectures } from './filter.ts';
import { MOST_INSTRUCTIONS } from './masks.ts';
import { waysOf } from './multiplexed.ts';

/** Between how many instructions, both included, a filter has. */
export interface FilterSize {
  readonly atLeast: number;
  readonly atMost: number;
}

/** The architecture's load and jump, the number's load, the checks for x32 and the two returns, of one architecture. */
const FRAME = 8;

/** Instructions that each further architecture adds besides those of its calls. */
const FURTHER_ARCHITECTURE = 2;

/** The stub of runc for newer calls (runc 1.1.5 and 1.5.2 write up to 20 for three architectures). */
const RUNC_STUB = 20;

/**
 * Jumps of filters reach 255 instructions; libseccomp adds one instruction for each stretch that is longer, and a few
 * more.
 */
const REACH = 256;
const MORE_LONG_JUMPS = 4;

/** Bounds of trees other than those of one argument and equality, see above. */
const LOWER_FACTOR = 0.6;
const UPPER_FACTOR = 1.3;

/** Most instructions of a condition: two halves, each with a load, a mask and two jumps. */
const MOST_PER_CONDITION = 8;

/** One half of a condition as the filter tests it. */
interface HalfTest {
  /** Equal for equal tests. */
  readonly key: string;
  /** The value to load: the half of the argument, under its mask. */
  readonly load: string;
  readonly loadInstructions: number;
  readonly jumps: number;
}

interface Branch {
  readonly test: HalfTest;
  readonly below: Map<string, Branch>;
  /** The return value where a rule ends here; rules below it have no effect. */
  ends: number | undefined;
}

type Tree = Map<string, Branch>;

const HALF = 0xffff_ffffn;

function halfOf({ index, op, value, valueTwo }: ArgCondition, upper: boolean): HalfTest {
  const shift = upper ? 32n : 0n;
  const masked = op === 'SCMP_CMP_MASKED_EQ';
  const mask = masked ? (value >> shift) & HALF : HALF;
  const wanted = ((masked ? valueTwo & value : value) >> shift) & HALF;
  const exact = masked || op === 'SCMP_CMP_EQ' || op === 'SCMP_CMP_NE';
  const half = upper ? 'upper' : 'lower';
  const kind = upper ? (exact ? 'is' : 'orders') : masked ? 'SCMP_CMP_EQ' : op;
  return {
    key: `${String(index)} ${half} ${kind} ${String(mask)} ${String(wanted)}`,
    load: `${String(index)} ${half} ${String(mask)}`,
    loadInstructions: mask === HALF ? 1 : 2,
    // An ordering asks of the upper half whether it is larger, and whether it is equal.
    jumps: upper && !exact ? 2 : 1,
  };
}

function testsOf(conjunction: Conjunction, width: Width): readonly HalfTest[] {
  const sorted = [...conjunction].sort((a, b) => a.index - b.index);
  return sorted.flatMap((one) => (width === 32 ? [halfOf(one, false)] : [halfOf(one, true), halfOf(one, false)]));
}

function plant(tree: Tree, tests: readonly HalfTest[], value: number): void {
  let at = tree;
  let last: Branch | undefined;
  for (const test of tests) {
    const branch: Branch = at.get(test.key) ?? { test, below: new Map(), ends: undefined };
    at.set(test.key, branch);
    at = branch.below;
    last = branch;
  }
  if (last !== undefined) last.ends ??= value;
}

function isLeaf({ ends, below }: Branch): boolean {
  return ends !== undefined || below.size === 0;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Blocks that a filter has, by all that they do, each with its number. */
type Blocks = Map<string, number>;

/** How many instructions a tree adds. Blocks that are equal, with all that follows them, are there once in a filter. */
function instructionsOf(tree: Tree, blocks: Blocks): number {
  let count = 0;
  const write = (level: Tree): number => {
    const branches = [...level.values()].sort((a, b) => compareTexts(a.test.load, b.test.load));
    let next = 0;
    for (let at = branches.length - 1; at >= 0; at -= 1) {
      const branch = branches[at];
      if (branch === undefined) continue;
      const before = branches[at - 1];
      const loaded = before !== undefined && before.test.load === branch.test.load && isLeaf(before);
      const below = branch.ends === undefined ? write(branch.below) : `returns ${String(branch.ends)}`;
      const text = `${loaded ? '' : 'load'} ${branch.test.key} ${String(below)} ${String(next)}`;
      const known = blocks.get(text);
      if (known === undefined) count += (loaded ? 0 : branch.test.loadInstructions) + branch.test.jumps;
      next = known ?? blocks.size + 1;
      blocks.set(text, next);
    }
    return next;
  };
  write(tree);
  return count;
}

/** The conditions of a rule for one number, and the filter's return value. */
interface Clause {
  readonly conditions: Conjunction;
  readonly value: number;
}

function satisfiable(rule: Rule, width: Width): readonly Clause[] {
  const value = returnValue(verdictOf(rule.action, rule.errno));
  return conjunctionsOf(rule).flatMap((conjunction) => {
    const conditions = reduced(conjunction, width);
    return conditions === undefined ? [] : [{ conditions, value }];
  });
}

/** The clauses for each number of an architecture that has rules; none for a number whose rule is unconditional. */
function clausesByNumber(profile: Profile, architecture: KnownArchitecture): ReadonlyMap<number, readonly Clause[]> {
  const otherwise = verdictOf(profile.defaultAction, profile.defaultErrno);
  const all = new Map<number, Clause[]>();
  const always = new Set<number>();
  const note = (number: number, clause: Clause): void => {
    const own = all.get(number) ?? [];
    all.set(number, own);
    if (clause.conditions.length === 0) always.add(number);
    else own.push(clause);
  };
  for (const rule of profile.rules) {
    if (sameVerdict(verdictOf(rule.action, rule.errno), otherwise)) continue;
    const ways = rule.names.flatMap((name) => waysOf(architecture, name));
    for (const clause of satisfiable(rule, widthOf(architecture))) {
      for (const { number, first } of ways)
        note(number, first === undefined ? clause : { ...clause, conditions: [first] });
    }
  }
  for (const number of always) all.set(number, []);
  return all;
}

/** Whether all rules of a call compare one argument, the same one, for equality. */
function isPlain(clauses: readonly Clause[]): boolean {
  const index = clauses[0]?.conditions[0]?.index;
  return clauses.every(({ conditions: [condition, ...others] }) => {
    return condition?.op === 'SCMP_CMP_EQ' && condition.index === index && others.length === 0;
  });
}

function sizeOfCall(clauses: readonly Clause[], width: Width, blocks: Blocks): FilterSize {
  const tree: Tree = new Map();
  for (const { conditions, value } of clauses) plant(tree, testsOf(conditions, width), value);
  const count = instructionsOf(tree, blocks);
  if (isPlain(clauses)) return { atLeast: 1 + count, atMost: 1 + count };
  return { atLeast: 1 + Math.floor(LOWER_FACTOR * count), atMost: 1 + Math.ceil(UPPER_FACTOR * count) };
}

function sizeOfArchitecture(profile: Profile, architecture: KnownArchitecture, blocks: Blocks): FilterSize {
  const calls = [...clausesByNumber(profile, architecture).values()];
  const sizes = calls.map((clauses) => sizeOfCall(clauses, widthOf(architecture), blocks));
  // runc has the calls searched as a binary tree, four in each leaf, where there are more than 32.
  const search = Math.ceil(calls.length / 4) + 2;
  return {
    atLeast: FURTHER_ARCHITECTURE + sizes.reduce((sum, { atLeast }) => sum + atLeast, 0),
    atMost: FURTHER_ARCHITECTURE + search + sizes.reduce((sum, { atMost }) => sum + atMost, 0),
  };
}

/** More instructions than the filter can have, from numbers that cost nothing to know. */
function roughly(profile: Profile, architectures: number): number {
  const rules = profile.rules.map(({ names, args }) => names.length * (2 + MOST_PER_CONDITION * args.length));
  return FRAME + RUNC_STUB + architectures * rules.reduce((sum, count) => sum + count, FURTHER_ARCHITECTURE);
}

function longJumps(count: number): number {
  return Math.floor(count / REACH);
}

/** Within which bounds the filter of a profile lies on a machine, whichever runtime makes it. */
export function filterSize(profile: Profile, native: KnownArchitecture): FilterSize {
  const architectures = coveredArchitectures(profile, native);
  const rough = roughly(profile, architectures.length);
  if (rough <= MOST_INSTRUCTIONS) return { atLeast: FRAME, atMost: rough };
  const blocks: Blocks = new Map();
  const sizes = architectures.map((architecture) => sizeOfArchitecture(profile, architecture, blocks));
  const atLeast = sizes.reduce((sum, size) => sum + size.atLeast, FRAME - FURTHER_ARCHITECTURE);
  const atMost = sizes.reduce((sum, size) => sum + size.atMost, FRAME - FURTHER_ARCHITECTURE + RUNC_STUB);
  return { atLeast: atLeast + longJumps(atLeast), atMost: atMost + longJumps(atMost) + MORE_LONG_JUMPS };
}
