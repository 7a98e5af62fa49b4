// SPDX-License-Identifier: Apache-2.0
// The fate of a call, as a function of its six arguments in a form that is unique: a decision diagram whose
// questions are the bits of the arguments, in one order, without a question that decides nothing and without two equal
// parts. So two functions are equal exactly where they are the same node, however they were written down, and a filter
// of the kernel and the profile that it was made of can be compared without trying arguments. Comparisons with a number
// take a node for each bit, and rules about different arguments follow each other, so that usual profiles stay small;
// a diagram that grows beyond its bound is an error, which callers tell as something that is not known.
import type { ArgCondition } from '../model.ts';
import { LARGEST } from './spans.ts';
import type { Width } from './spans.ts';
import type { Conjunction } from './condition.ts';

/** A function of the arguments; the same number for the same function. Only of use to those that made it. */
export type Decision = number;

/** A part of an argument that is compared: its highest and its lowest bit. */
export interface Field {
  /** Which argument, 0 to 5. */
  readonly index: number;
  readonly high: number;
  readonly low: number;
}

/** A comparison of a field with a number: those that all others can be made of. */
export interface Comparison {
  readonly op: 'masked-equal' | 'below';
  /** The bits that are compared; the others count as 0. */
  readonly mask: bigint;
  readonly value: bigint;
}

/** The first question of a decision, and what follows from the answers. */
export interface Question {
  readonly index: number;
  readonly bit: number;
  readonly unset: Decision;
  readonly set: Decision;
}

/** Says that functions are too large to be compared. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/**
 * Most nodes: several times what 4096 instructions need, which is all that a filter of the kernel has; about a second
 * and 60 MiB.
 */
const MOST_NODES = 1 << 19;

/** The place of a result among all bits: behind them. */
const BEHIND = 6 * 64;

/** Ids are below 2^20, places below 2^9. */
const ROOM = 2 ** 20;

/** Makes decisions and compares them. */
export class Decisions {
  private readonly places: number[] = [];
  private readonly unset: number[] = [];
  private readonly set: number[] = [];
  private readonly results = new Map<number, Decision>();
  private readonly known = new Map<number, Decision>();
  private readonly most: number;

  constructor(most: number = MOST_NODES) {
    this.most = Math.min(most, ROOM);
  }

  /** The same result for all arguments. */
  always(result: number): Decision {
    const found = this.results.get(result);
    if (found !== undefined) return found;
    const made = this.add(BEHIND, result, result);
    this.results.set(result, made);
    return made;
  }

  /** The result of a decision that asks nothing more; undefined for one that does. */
  resultOf(decision: Decision): number | undefined {
    return this.places[decision] === BEHIND ? this.unset[decision] : undefined;
  }

  /** Undefined for a result. */
  questionOf(decision: Decision): Question | undefined {
    const place = this.placeOf(decision);
    if (place === BEHIND) return undefined;
    return {
      index: Math.floor(place / 64),
      bit: 63 - (place % 64),
      unset: this.unset[decision] ?? 0,
      set: this.set[decision] ?? 0,
    };
  }

  /** 1 where the comparison holds, else 0. */
  holds(field: Field, comparison: Comparison): Decision {
    return this.compared(field, comparison, this.always(1), this.always(0));
  }

  /** 1 where all conditions hold, else 0; arguments are cut to the width. No two may be about one argument. */
  allHold(conditions: Conjunction, width: Width): Decision {
    const no = this.always(0);
    const later = [...conditions].sort((a, b) => b.index - a.index);
    return later.reduce((yes, condition) => this.conditioned(condition, width, yes, no), this.always(1));
  }

  /** The first where the condition is 1, the second where it is 0. */
  choose(condition: Decision, yes: Decision, no: Decision): Decision {
    const memo = new Map<number, Map<Decision, Decision>>();
    const visit = (asked: Decision, one: Decision, other: Decision): Decision => {
      const result = this.resultOf(asked);
      if (result !== undefined) return result === 1 ? one : other;
      if (one === other) return one;
      const key = asked * ROOM + one;
      const known = memo.get(key) ?? new Map<Decision, Decision>();
      memo.set(key, known);
      const made = known.get(other) ?? this.branch([asked, one, other], ([a = 0, b = 0, c = 0]) => visit(a, b, c));
      known.set(other, made);
      return made;
    };
    return visit(condition, yes, no);
  }

  /** The function whose results are made of those of two. */
  combine(one: Decision, other: Decision, result: (one: number, other: number) => number): Decision {
    const memo = new Map<number, Decision>();
    const visit = (a: Decision, b: Decision): Decision => {
      const [own, theirs] = [this.resultOf(a), this.resultOf(b)];
      if (own !== undefined && theirs !== undefined) return this.always(result(own, theirs));
      const key = a * ROOM + b;
      const made = memo.get(key) ?? this.branch([a, b], ([x = 0, y = 0]) => visit(x, y));
      memo.set(key, made);
      return made;
    };
    return visit(one, other);
  }

  /** All results that it can have. */
  resultsOf(decision: Decision): ReadonlySet<number> {
    const seen = new Set<Decision>();
    const results = new Set<number>();
    const visit = (one: Decision): void => {
      if (seen.has(one)) return;
      seen.add(one);
      const question = this.questionOf(one);
      if (question === undefined) results.add(this.unset[one] ?? 0);
      else [question.unset, question.set].forEach(visit);
    };
    visit(decision);
    return results;
  }

  /** The result for six arguments. */
  evaluate(decision: Decision, args: readonly bigint[]): number {
    let at = decision;
    for (let question = this.questionOf(at); question !== undefined; question = this.questionOf(at)) {
      const isSet = (((args[question.index] ?? 0n) >> BigInt(question.bit)) & 1n) === 1n;
      at = isSet ? question.set : question.unset;
    }
    return this.unset[at] ?? 0;
  }

  /** The questions that come first among several functions, and what becomes of all of them after either answer. */
  private branch(all: readonly Decision[], follow: (all: readonly Decision[]) => Decision): Decision {
    const first = Math.min(...all.map((one) => this.placeOf(one)));
    const after = (answers: readonly number[]): readonly Decision[] =>
      all.map((one) => (this.placeOf(one) === first ? (answers[one] ?? 0) : one));
    return this.ask(first, follow(after(this.unset)), follow(after(this.set)));
  }

  private placeOf(decision: Decision): number {
    return this.places[decision] ?? BEHIND;
  }

  private conditioned(condition: ArgCondition, width: Width, yes: Decision, no: Decision): Decision {
    const { index, op, value, valueTwo } = condition;
    const [field, largest] = [{ index, high: width - 1, low: 0 }, LARGEST[width]];
    const equal = (mask: bigint, wanted: bigint, then: Decision, otherwise: Decision): Decision =>
      wanted > largest ? otherwise : this.compared(field, { op: 'masked-equal', mask, value: wanted }, then, otherwise);
    const below = (bound: bigint, then: Decision, otherwise: Decision): Decision =>
      bound > largest ? then : this.compared(field, { op: 'below', mask: largest, value: bound }, then, otherwise);
    switch (op) {
      case 'SCMP_CMP_EQ':
        return equal(largest, value, yes, no);
      case 'SCMP_CMP_NE':
        return equal(largest, value, no, yes);
      case 'SCMP_CMP_MASKED_EQ':
        return equal(value, valueTwo & value, yes, no);
      case 'SCMP_CMP_LT':
        return below(value, yes, no);
      case 'SCMP_CMP_LE':
        return below(value + 1n, yes, no);
      case 'SCMP_CMP_GE':
        return below(value, no, yes);
      case 'SCMP_CMP_GT':
        return below(value + 1n, no, yes);
    }
  }

  /** The decisions that follow must ask about later arguments only. */
  private compared({ index, high, low }: Field, comparison: Comparison, yes: Decision, no: Decision): Decision {
    const { op, mask, value } = comparison;
    let made = op === 'below' ? no : yes;
    for (let bit = low; bit <= high; bit += 1) {
      const at = BigInt(bit - low);
      const place = index * 64 + 63 - bit;
      const isSet = ((value >> at) & 1n) === 1n;
      if (((mask >> at) & 1n) === 0n) {
        // A bit that does not count is 0.
        if (op === 'below' && isSet) made = yes;
      } else if (op === 'below') made = isSet ? this.ask(place, yes, made) : this.ask(place, made, no);
      else made = isSet ? this.ask(place, no, made) : this.ask(place, made, no);
    }
    return made;
  }

  private ask(place: number, unset: Decision, set: Decision): Decision {
    if (unset === set) return unset;
    const key = (place * ROOM + unset) * ROOM + set;
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const made = this.add(place, unset, set);
    this.known.set(key, made);
    return made;
  }

  private add(place: number, unset: number, set: number): Decision {
    if (this.places.length >= this.most) throw new TooLarge('the conditions are too many to be compared');
    this.unset.push(unset);
    this.set.push(set);
    return this.places.push(place) - 1;
  }
}
