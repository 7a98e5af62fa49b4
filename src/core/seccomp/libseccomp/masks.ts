// SPDX-License-Identifier: Apache-2.0
// How several rules for one call must be written so that libseccomp makes a filter of them that says what they say.
// Wrong in 2.5.4 and 2.6.0, found with random rules beside the kernel:
// - one rule for a call is right, whatever it compares;
// - several rules that compare by EQ and MASKED_EQ only are right, but in 2 of 1000 random sets libseccomp never
//   returned when a rule came that begins with a lower argument than those before it. Never so in 18000 when lower ones
//   came first;
// - several rules with LT, LE, GE, GT or NE are wrong for some arguments when their values differ above 32 bits or when
//   rules compare a second argument besides: the filter lets calls through that no rule allows. For some sets
//   libseccomp never returns. 2.6.1 mends the comparison of values above 32 bits.
// So orderings are written as masks, and rules about lower arguments come first. No set of rules that breaks libseccomp
// is kept here or in the tests: they hold that what is written means the same.
import { conditionOf, cubesOf } from '../meaning/condition.ts';
import type { Conjunction, Cube, Width } from '../meaning/condition.ts';
import { sameVerdict } from '../meaning/verdict.ts';
import type { Verdict } from '../meaning/verdict.ts';
import type { ArgCondition } from '../model.ts';
import { LARGEST } from '../meaning/spans.ts';

/** Room for instructions in a filter of the kernel; a rule that compares takes one at least. */
export const MOST_INSTRUCTIONS = 4096;

/** Most rules that one call may become. */
export const MOST_RULES = 512;

interface Choice {
  readonly index: number;
  readonly cubes: readonly Cube[];
}

/**
 * The conjunctions of masks that hold together where the one given does; undefined when they are more than MOST_RULES.
 */
export function maskedConjunctions(conjunction: Conjunction, width: Width): readonly Conjunction[] | undefined {
  const choices = conjunction.map((condition): Choice => ({
    index: condition.index,
    cubes: cubesOf(condition, width),
  }));
  const count = choices.reduce((product, { cubes }) => product * cubes.length, 1);
  if (count > MOST_RULES) return undefined;
  const combine = (all: readonly Conjunction[], { index, cubes }: Choice): readonly Conjunction[] =>
    all.flatMap((chosen) => cubes.map((cube) => [...chosen, conditionOf(cube, index)]));
  return choices.reduce(combine, [[]]);
}

/** Whether libseccomp compares a condition beside others as it should. */
export function isMask({ op }: ArgCondition): boolean {
  return op === 'SCMP_CMP_EQ' || op === 'SCMP_CMP_MASKED_EQ';
}

/** A rule for one call. */
interface Clause {
  readonly conditions: Conjunction;
  readonly verdict: Verdict;
}

/**
 * Whether libseccomp makes of several rules with one verdict what they say, orderings included: all compare the same
 * argument and nothing else, with values of 32 bits. Tried with 13,500 random sets of 2 to 5 such rules on 2.5.4, 60
 * calls each, with arguments of 64 bits; of sets with larger values a tenth was wrong. Default profiles of container
 * engines shut out address families by three such rules for socket, which stay as they are.
 */
export function comparesOneArgument(clauses: readonly Clause[]): boolean {
  const [first] = clauses;
  const index = first?.conditions[0]?.index;
  return clauses.every(({ conditions: [condition, ...others], verdict }) => {
    if (first === undefined || condition === undefined || others.length > 0) return false;
    const narrow = condition.value <= LARGEST[32] && condition.valueTwo <= LARGEST[32];
    return narrow && condition.index === index && sameVerdict(verdict, first.verdict);
  });
}

/**
 * Orders rules for libseccomp: rules that compare lower arguments first; of these, rules with more comparisons first.
 */
export function compareReach(a: Conjunction, b: Conjunction): number {
  const own = a.map(({ index }) => index).sort();
  const others = b.map(({ index }) => index).sort();
  const at = own.findIndex((index, position) => index !== others[position]);
  const [index = 0, other = Number.MAX_SAFE_INTEGER] = [own[at], others[at]];
  return at < 0 ? others.length - own.length : index - other;
}
