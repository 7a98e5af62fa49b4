// SPDX-License-Identifier: Apache-2.0
// How far a workload gets under a profile: whether it can make a call with certain arguments, or have its work done
// by another call whose refusal the profile forgot. A thing that cannot be told is taken for possible.
import { BYPASSES } from '../../gen/dangers.ts';
import type { Bypass, Use } from '../../gen/dangers.ts';
import { answersOf, answersTo } from '../seccomp/meaning/answers.ts';
import { Decisions, TooLarge } from '../seccomp/meaning/decisions.ts';
import type { Decision } from '../seccomp/meaning/decisions.ts';
import { compareVerdicts } from '../seccomp/meaning/verdict.ts';
import { isPermitting } from '../seccomp/model.ts';
import type { ArgCondition, Profile } from '../seccomp/model.ts';

/** The things that a workload can do. */
export interface Reach {
  /** Whether the profile permits a use for some arguments. */
  permits(use: Use): boolean;
  /** Calls that it permits and that together do what this one does. */
  bypassesOf(call: string): readonly Bypass[];
  /** Whether the use is permitted, or done in another way. */
  isOpen(use: Use): boolean;
}

function conditionsOf({ args }: Use): readonly ArgCondition[] {
  return args.map(({ index, mask, value }) => ({ index, op: 'SCMP_CMP_MASKED_EQ', value: mask, valueTwo: value }));
}

/** The reach under a profile. */
export function reachOf(profile: Profile): Reach {
  const book = answersOf(profile);
  const permits = (use: Use): boolean => {
    const answers = answersTo(book, use.call);
    const verdicts = [...answers.guarded.values()].map(({ verdict }) => verdict);
    if (verdicts.length === 0) return isPermitting(answers.fallback.action);
    const decisions = new Decisions();
    try {
      const guards = [...answers.guarded.values()].sort((a, b) => compareVerdicts(a.verdict, b.verdict));
      const permitted = (action: typeof answers.fallback.action): Decision =>
        decisions.always(isPermitting(action) ? 1 : 0);
      const answer = guards.reduce(
        (rest, { args, verdict }) => decisions.choose(decisions.allHold(args, 64), permitted(verdict.action), rest),
        permitted(answers.fallback.action),
      );
      const asked = decisions.allHold(conditionsOf(use), 64);
      return decisions.resultsOf(decisions.choose(asked, answer, decisions.always(0))).has(1);
    } catch (cause) {
      if (cause instanceof TooLarge) return true;
      throw cause;
    }
  };
  const isPossible = ({ calls, architecture }: Bypass): boolean =>
    (architecture === undefined || profile.architectures.some((one) => one === architecture)) &&
    calls.every((call) => permits({ call, args: [] }));
  const possible = BYPASSES.filter(isPossible);
  const bypassesOf = (call: string): readonly Bypass[] => possible.filter(({ undoes }) => undoes.includes(call));
  return { permits, bypassesOf, isOpen: (use) => permits(use) || bypassesOf(use.call).length > 0 };
}
