// SPDX-License-Identifier: Apache-2.0
// Makes a profile hold for other C libraries and kernels than those that it was recorded with. Both changes are asked
// for by the user, and what no recording has shown is marked as such.
import { OLDER_SYSCALLS } from '../../gen/unseen-syscalls.ts';
import { SIBLINGS } from '../../gen/siblings.ts';
import type { AddedCall } from '../recording/added-calls.ts';
import { answersOf, answersTo } from '../seccomp/meaning/answers.ts';
import type { AnswerBook } from '../seccomp/meaning/answers.ts';
import { verdictFields } from '../seccomp/meaning/verdict.ts';
import { isPermitting } from '../seccomp/model.ts';
import type { Profile, Rule } from '../seccomp/model.ts';
import { NEWER_CALL } from '../seccomp/libseccomp/newer-calls.ts';

/** The changes that are asked for. */
export interface Adaptations {
  /** Permit the calls that do the same as permitted ones. */
  readonly siblings: boolean;
  /** Say ENOSYS to newer calls whose older forms are permitted, so that libraries fall back to these. */
  readonly enosys: boolean;
}

/** A profile that was adapted. */
export interface Adapted {
  readonly profile: Profile;
  /** Calls that are permitted now and were not. */
  readonly added: readonly AddedCall[];
  /** Calls that are refused with ENOSYS now. */
  readonly refused: readonly string[];
}

/** The reason of added calls in the annotation of profiles. */
const SIBLING_REASON = 'siblings of permitted syscalls';

function isUnconditional(book: AnswerBook, call: string): boolean {
  const { fallback, guarded } = answersTo(book, call);
  return guarded.size === 0 && isPermitting(fallback.action);
}

function isNamed({ rules }: Profile, call: string): boolean {
  return rules.some(({ names }) => names.includes(call));
}

/** Rules that compare arguments stay as they are: those of a sibling lie in other places. */
function siblingRules(profile: Profile, book: AnswerBook): readonly AddedCall[] {
  return SIBLINGS.flatMap((calls) => {
    const permitted = calls.filter((call) => isUnconditional(book, call));
    if (permitted.length === 0) return [];
    const missing = calls.filter((call) => !permitted.includes(call) && !isNamed(profile, call));
    return missing.map((name) => ({ reason: SIBLING_REASON, name, newer: permitted }));
  });
}

/** A call that is named has been thought of; it keeps its answer. */
function fallenBackFrom(profile: Profile, book: AnswerBook): readonly string[] {
  return Object.entries(OLDER_SYSCALLS)
    .filter(([newer, older]) => !isNamed(profile, newer) && older.some((call) => isUnconditional(book, call)))
    .map(([newer]) => newer);
}

function withRules(profile: Profile, rules: readonly Rule[]): Profile {
  return { ...profile, rules: [...profile.rules, ...rules.filter(({ names }) => names.length > 0)] };
}

/**
 * The adapted profile. One that permits what it does not name is left as it is. Siblings come first: those that are
 * permitted now are not refused.
 */
export function adapt(profile: Profile, { siblings, enosys }: Adaptations): Adapted {
  if (isPermitting(profile.defaultAction)) return { profile, added: [], refused: [] };
  const added = siblings ? siblingRules(profile, answersOf(profile)) : [];
  const allow: Rule = { names: added.map(({ name }) => name), action: 'SCMP_ACT_ALLOW', args: [] };
  const wider = withRules(profile, [allow]);
  const refused = enosys ? fallenBackFrom(wider, answersOf(wider)) : [];
  const refuse: Rule = { names: refused, ...verdictFields(NEWER_CALL), args: [] };
  return { profile: withRules(wider, [refuse]), added, refused };
}
