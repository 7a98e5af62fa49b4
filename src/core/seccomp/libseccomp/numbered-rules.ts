// SPDX-License-Identifier: Apache-2.0
// The rules of a profile by number, for one architecture, in a form that libseccomp compiles without a mistake.
//
// The needs of libseccomp where a call has several rules are in masks.ts. Besides, seen when random rules were
// compared with what they mean:
// - on i386 and arm it compares with the low half of the value: `arg0 == 2^32` holds for 0;
// - of rules with different actions that can hold at once, the order in its tree decides, or it refuses the second.
// So what no argument can satisfy is left out, and rules that contradict each other are refused.
import { canMeet, conjunctionKey, reduced } from '../meaning/condition.ts';
import type { Conjunction, Width } from '../meaning/condition.ts';
import { conjunctionsOf } from '../meaning/answers.ts';
import { Comparisons, differingPairs } from '../meaning/comparisons.ts';
import type { FaultList } from '../../faults.ts';
import { comparesOneArgument, maskedConjunctions, MOST_INSTRUCTIONS } from './masks.ts';
import type { ArgCondition, Profile } from '../model.ts';
import { carrierOf, waysOf } from './multiplexed.ts';
import { widthOf } from '../syscalls.ts';
import type { KnownArchitecture } from '../syscalls.ts';
import { returnValue, sameVerdict, verdictOf, verdictText } from '../meaning/verdict.ts';
import type { Verdict } from '../meaning/verdict.ts';

/** The rule for one number. */
export interface NumberedRule {
  readonly number: number;
  readonly verdict: Verdict;
  readonly conditions: Conjunction;
}

interface Clause {
  readonly conditions: Conjunction;
  readonly verdict: Verdict;
  readonly name: string;
  /** Which rule of the profile it is. */
  readonly rule: number;
}

interface Draft {
  unconditional?: Verdict;
  readonly clauses: Map<string, Clause>;
}

type Drafts = Map<number, Draft>;

/** The meaning of a rule for one way to make a call. */
interface Reading {
  /** Whether it says so unconditionally, on machines of any width. */
  readonly always: boolean;
  /** The conditions on this architecture. */
  readonly conditions: Conjunction;
}

function readingOf(conjunction: Conjunction, width: Width): Reading | undefined {
  const meant = reduced(conjunction, 64);
  const conditions = meant === undefined ? undefined : reduced(meant, width);
  return meant === undefined || conditions === undefined ? undefined : { always: meant.length === 0, conditions };
}

function throughWay(conjunction: Conjunction, first: ArgCondition): Conjunction {
  return [first, ...conjunction.filter(({ index }) => index !== 0)];
}

/** Collects the clauses of one architecture. */
class Drafting {
  readonly drafts: Drafts = new Map();
  private readonly architecture: KnownArchitecture;
  private readonly width: Width;

  constructor(architecture: KnownArchitecture) {
    this.architecture = architecture;
    this.width = widthOf(architecture);
  }

  /** Takes in one alternative of a rule. */
  note(names: readonly string[], rule: number, verdict: Verdict, conjunction: Conjunction): void {
    const direct = readingOf(conjunction, this.width);
    for (const name of names) {
      for (const { number, first } of waysOf(this.architecture, name)) {
        const reading = first === undefined ? direct : readingOf(throughWay(conjunction, first), this.width);
        if (reading !== undefined) this.noteReading(number, reading, { verdict, name, rule });
      }
    }
  }

  /** The same again is kept once; another verdict under the same conditions is kept beside, to be refused. */
  private noteReading(number: number, { always, conditions }: Reading, rest: Omit<Clause, 'conditions'>): void {
    const draft: Draft = this.drafts.get(number) ?? { clauses: new Map() };
    this.drafts.set(number, draft);
    if (always) {
      draft.unconditional ??= rest.verdict;
      return;
    }
    const key = `${conjunctionKey(conditions)} ${rest.verdict.action} ${String(rest.verdict.errno)}`;
    if (!draft.clauses.has(key)) draft.clauses.set(key, { conditions, ...rest });
  }
}

function draftsOf(profile: Profile, architecture: KnownArchitecture): Drafts {
  const drafting = new Drafting(architecture);
  const defaultVerdict = verdictOf(profile.defaultAction, profile.defaultErrno);
  for (const [index, rule] of profile.rules.entries()) {
    const verdict = verdictOf(rule.action, rule.errno);
    if (sameVerdict(verdict, defaultVerdict)) continue;
    for (const conjunction of conjunctionsOf(rule)) drafting.note(rule.names, index, verdict, conjunction);
  }
  return drafting.drafts;
}

/** The room that is left for the rules of one architecture. */
interface Room {
  readonly comparisons: Comparisons;
  /** How many rules may still be written as several masks each. */
  masks: number;
}

function noteContradiction(
  clauses: readonly Clause[],
  architecture: KnownArchitecture,
  faults: FaultList,
  { comparisons }: Room,
): void {
  const width = widthOf(architecture);
  if (!comparisons.spend(differingPairs(clauses.map(({ verdict }) => returnValue(verdict))))) {
    const what = `rules of different actions for ${clauses[0]?.name ?? ''} that compare arguments are too many for a filter`;
    faults.add('syscalls', `${what} on ${architecture}`);
    return;
  }
  const groups = new Map<number, Clause[]>();
  for (const clause of clauses) {
    const own = groups.get(returnValue(clause.verdict)) ?? [];
    const others = [...groups.values()].filter((group) => group !== own);
    const rival = others.flat().find((earlier) => canMeet(earlier.conditions, clause.conditions, width));
    if (rival !== undefined) {
      noteRivals(rival, clause, architecture, faults);
      return;
    }
    groups.set(returnValue(clause.verdict), own);
    own.push(clause);
  }
}

function noteRivals(rival: Clause, clause: Clause, architecture: KnownArchitecture, faults: FaultList): void {
  const what = `${verdictText(rival.verdict, clause.verdict)} of syscalls[${String(rival.rule)}] for ${rival.name}`;
  faults.add(
    `syscalls[${String(clause.rule)}]`,
    `${verdictText(clause.verdict, rival.verdict)} for ${clause.name} and ${what} can hold for the same call on ${architecture}, and nothing says which counts`,
  );
}

/**
 * Clauses of which libseccomp makes rules for socketcall and ipc by itself, beside ours, and whatever else these get.
 */
function addedByLibseccomp(clauses: Draft['clauses'], architecture: KnownArchitecture): readonly Clause[] {
  if (architecture !== 'SCMP_ARCH_X86') return [];
  return [...clauses.values()].filter(({ name }) => carrierOf(name) !== undefined);
}

function settle(
  number: number,
  { unconditional, clauses }: Draft,
  architecture: KnownArchitecture,
  faults: FaultList,
  room: Room,
): readonly NumberedRule[] {
  if (unconditional !== undefined) {
    noteContradiction(addedByLibseccomp(clauses, architecture), architecture, faults, room);
    return [{ number, verdict: unconditional, conditions: [] }];
  }
  noteContradiction([...clauses.values()], architecture, faults, room);
  // On 32 bits a condition may hold always: then nothing is left to the other rules, which say the same.
  const always = [...clauses.values()].find(({ conditions }) => conditions.length === 0);
  const all = always === undefined ? [...clauses.values()] : [always];
  if (all.length < 2 && addedByLibseccomp(clauses, architecture).length === 0) {
    return all.map(({ conditions, verdict }) => ({ number, verdict, conditions }));
  }
  if (comparesOneArgument(all) && addedByLibseccomp(clauses, architecture).length === 0) {
    return all.map(({ conditions, verdict }) => ({ number, verdict, conditions }));
  }
  const rules: NumberedRule[] = [];
  for (const clause of all) {
    const masked = maskedConjunctions(clause.conditions, widthOf(architecture));
    const more = masked !== undefined && masked.length > 1 ? masked.length : 0;
    if (masked === undefined || more > room.masks) {
      const what = `compares too much beside the other rules for ${clause.name}`;
      faults.add(`syscalls[${String(clause.rule)}].args`, what);
      break;
    }
    room.masks -= more;
    rules.push(...masked.map((conditions) => ({ number, verdict: clause.verdict, conditions })));
  }
  return rules;
}

/** The rules of a profile for an architecture; what cannot be put in a filter is noted as a fault. */
export function numberedRules(
  profile: Profile,
  architecture: KnownArchitecture,
  faults: FaultList,
): readonly NumberedRule[] {
  const room: Room = { comparisons: new Comparisons(), masks: MOST_INSTRUCTIONS };
  return [...draftsOf(profile, architecture)].flatMap(([number, draft]) =>
    settle(number, draft, architecture, faults, room),
  );
}
