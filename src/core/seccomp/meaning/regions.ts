// SPDX-License-Identifier: Apache-2.0
// For which arguments a decision has a result, in words for people: ranges of numbers, or bits that are set and unset.
// Not every set of arguments has a short description; each has an example.
import { MAX_VALUE } from '../model.ts';
import { argumentText } from './condition-text.ts';
import type { Decision, Decisions } from './decisions.ts';
import { LARGEST } from './spans.ts';
import type { Width } from './spans.ts';

/** Numbers that an argument may have: from one to another, both included, or with bits of these values. */
export type ArgumentSet =
  | { readonly type: 'range'; readonly index: number; readonly from: bigint; readonly to: bigint }
  | { readonly type: 'not'; readonly index: number; readonly value: bigint }
  | { readonly type: 'bits'; readonly index: number; readonly mask: bigint; readonly value: bigint };

/** Arguments that lie in all of these sets; all arguments where there are none. */
export type Region = readonly ArgumentSet[];

/** Most regions of a description: more are no help to anybody. */
const MOST_REGIONS = 8;

/** Most parts of an argument that are looked at to find them. */
const MOST_PARTS = 256;

interface Part<T> {
  readonly set: T;
  readonly rest: Decision;
}

interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

interface Bits {
  readonly mask: bigint;
  readonly value: bigint;
}

/** Looks at the questions of a decision. */
type Diagram = Pick<Decisions, 'questionOf' | 'resultOf'>;

/** The ranges of an argument after which the same decision is left; undefined where they are too many. */
function rangesOf(diagram: Diagram, top: Decision, index: number, width: Width): readonly Part<Range>[] | undefined {
  const parts: Part<Range>[] = [];
  const visit = (decision: Decision, bit: number, from: bigint): boolean => {
    const question = diagram.questionOf(decision);
    if (question?.index !== index) {
      const [last, to] = [parts.at(-1), from + (1n << BigInt(bit + 1)) - 1n];
      if (last?.rest === decision) parts.splice(-1, 1, { set: { from: last.set.from, to }, rest: decision });
      else parts.push({ set: { from, to }, rest: decision });
      return parts.length <= MOST_PARTS;
    }
    const isAsked = question.bit === bit;
    const [unset, set] = isAsked ? [question.unset, question.set] : [decision, decision];
    return visit(unset, bit - 1, from) && visit(set, bit - 1, from + (1n << BigInt(bit)));
  };
  return visit(top, width - 1, 0n) ? parts : undefined;
}

/** The bits by which an argument leads to a decision; undefined where there are too many ways. */
function bitsOf(diagram: Diagram, top: Decision, index: number): readonly Part<Bits>[] | undefined {
  const parts: Part<Bits>[] = [];
  const visit = (decision: Decision, bits: Bits): boolean => {
    const question = diagram.questionOf(decision);
    if (question?.index !== index) return parts.push({ set: bits, rest: decision }) <= MOST_PARTS;
    const bit = 1n << BigInt(question.bit);
    const mask = bits.mask | bit;
    return visit(question.unset, { mask, value: bits.value }) && visit(question.set, { mask, value: bits.value | bit });
  };
  return visit(top, { mask: 0n, value: 0n }) ? parts : undefined;
}

/** All numbers but one are two ranges, and one sentence. */
function setsOf(ranges: readonly Range[], index: number, width: Width): readonly ArgumentSet[] {
  const [first, second] = ranges;
  const isHole =
    ranges.length === 2 && first?.from === 0n && second?.to === LARGEST[width] && second.from === first.to + 2n;
  if (isHole) return [{ type: 'not', index, value: second.from - 1n }];
  return ranges.map(({ from, to }) => ({ type: 'range', index, from, to }));
}

/** The ways to a result through one argument: the shorter of two descriptions. */
function waysThrough(
  diagram: Diagram,
  top: Decision,
  index: number,
  width: Width,
  leads: (rest: Decision) => boolean,
): readonly Part<ArgumentSet>[] | undefined {
  const ranges = rangesOf(diagram, top, index, width)?.filter(({ rest }) => leads(rest));
  const bits = bitsOf(diagram, top, index)?.filter(({ rest }) => leads(rest));
  if (bits !== undefined && (ranges === undefined || bits.length < ranges.length)) {
    return bits.map(({ set, rest }) => ({ set: { type: 'bits', index, ...set }, rest }));
  }
  const byRest = ranges === undefined ? undefined : Map.groupBy(ranges, ({ rest }) => rest);
  if (byRest === undefined) return undefined;
  const grouped = [...byRest].flatMap(([rest, parts]) =>
    setsOf(
      parts.map(({ set }) => set),
      index,
      width,
    ).map((set) => ({ set, rest })),
  );
  return grouped;
}

/** Whether a decision can have the result, remembered. */
function leadsTo(diagram: Diagram, result: number): (decision: Decision) => boolean {
  const memo = new Map<Decision, boolean>();
  const visit = (decision: Decision): boolean => {
    const known = memo.get(decision);
    if (known !== undefined) return known;
    const question = diagram.questionOf(decision);
    const leads =
      question === undefined ? diagram.resultOf(decision) === result : visit(question.unset) || visit(question.set);
    memo.set(decision, leads);
    return leads;
  };
  return visit;
}

/**
 * The arguments for which a decision has the result. Undefined where that takes more than a few regions.
 *
 * @param width - bits of an argument that count
 */
export function regionsOf(
  decisions: Decisions,
  decision: Decision,
  result: number,
  width: Width,
): readonly Region[] | undefined {
  const leads = leadsTo(decisions, result);
  const visit = (top: Decision): readonly Region[] | undefined => {
    const question = decisions.questionOf(top);
    if (question === undefined) return [[]];
    const ways = waysThrough(decisions, top, question.index, width, leads);
    if (ways === undefined || ways.length > MOST_REGIONS) return undefined;
    const regions = ways.map(({ set, rest }) => visit(rest)?.map((region) => [set, ...region]));
    if (regions.includes(undefined)) return undefined;
    const all = regions.flatMap((some) => some ?? []);
    return all.length > MOST_REGIONS ? undefined : all;
  };
  return leads(decision) ? visit(decision) : [];
}

/** The six smallest arguments, bit by bit, for which the decision has a result that it can have. */
export function exampleOf(decisions: Decisions, decision: Decision, result: number): readonly bigint[] {
  const leads = leadsTo(decisions, result);
  const args = [0n, 0n, 0n, 0n, 0n, 0n];
  let at = decision;
  for (let question = decisions.questionOf(at); question !== undefined; question = decisions.questionOf(at)) {
    const { index, bit, unset, set } = question;
    if (!leads(unset)) args[index] = (args[index] ?? 0n) | (1n << BigInt(bit));
    at = leads(unset) ? unset : set;
  }
  return args;
}

function setText(set: ArgumentSet): string {
  const name = `arg${String(set.index)}`;
  switch (set.type) {
    case 'not':
      return `${name} != ${argumentText(set.value)}`;
    case 'bits':
      return `${name} & ${argumentText(set.mask)} = ${argumentText(set.value)}`;
    case 'range':
      if (set.from === set.to) return `${name} = ${argumentText(set.from)}`;
      if (set.from === 0n) return `${name} <= ${argumentText(set.to)}`;
      if (set.to === MAX_VALUE || set.to === LARGEST[32]) return `${name} >= ${argumentText(set.from)}`;
      return `${name} = ${argumentText(set.from)}..${argumentText(set.to)}`;
  }
}

/** The region as a sentence part; empty for all arguments. */
export function regionText(region: Region): string {
  return region.map(setText).join(' and ');
}
