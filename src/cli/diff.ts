// SPDX-License-Identifier: Apache-2.0
// spoc diff: what a profile lets in and shuts out that another one does not, by meaning: two ways to write the same
// filter differ in nothing.
import { diffProfiles } from '../core/difference/profiles.ts';
import type { Difference } from '../core/difference/change.ts';
import { diffRules } from '../core/difference/rules.ts';
import { answersOfFilters, answersOfProfile } from '../core/difference/call-numbers.ts';
import type { CallAnswers } from '../core/difference/call-numbers.ts';
import { diffAnswers } from '../core/difference/in-force.ts';
import { differenceText, differenceValue } from '../core/difference/text.ts';
import type { KnownArchitecture } from '../core/seccomp/syscalls.ts';
import { answer } from './judgement.ts';
import type { Side } from './side.ts';
import { UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

type SideOf<Type extends Side['type']> = Extract<Side, { type: Type }>;

function diffObjects(before: SideOf<'object'>, after: SideOf<'object'>): Difference {
  const { kind } = before;
  if (kind.covers(before.object, after.object) && kind.covers(after.object, before.object)) {
    return { changes: [], unknown: [] };
  }
  const [old, young] = [before, after].map(({ object }) => kind.merge([object]).made);
  return diffRules(old ?? {}, young ?? {});
}

type Filtering = SideOf<'seccomp' | 'filters'>;

/** By number, as a kernel asks, where a side is a process; a base profile is not looked at. */
function callAnswers(side: Filtering, native: KnownArchitecture): CallAnswers {
  return side.type === 'filters'
    ? answersOfFilters(side.filters)
    : answersOfProfile(side.profile, native, side.subject);
}

function isFiltering(side: Side): side is Filtering {
  return side.type !== 'object';
}

function kindOf(side: Side): string {
  return side.type === 'object' ? side.kind.kind.kind : 'seccomp';
}

function difference(before: Side, after: Side, native: KnownArchitecture): Difference {
  if (before.type === 'seccomp' && after.type === 'seccomp') return diffProfiles(before.profile, after.profile);
  if (isFiltering(before) && isFiltering(after)) {
    return diffAnswers(callAnswers(before, native), callAnswers(after, native), native);
  }
  if (before.type === 'object' && after.type === 'object' && before.kind === after.kind) {
    return diffObjects(before, after);
  }
  const kinds = `${after.subject}: is ${kindOf(after)}, and ${before.subject} is ${kindOf(before)}`;
  throw new UserError(`${kinds}: they have nothing in common`);
}

/**
 * Prints what two profiles differ in.
 *
 * @param native - the machine's architecture, for which processes and profiles are compared
 * @throws UserError where they have nothing in common, or whether they differ is not known
 */
export function diff(
  before: Side,
  after: Side,
  output: 'text' | 'json',
  native: KnownArchitecture,
  terminal: Terminal,
): ExitResult {
  const found = difference(before, after, native);
  const text = output === 'json' ? `${JSON.stringify(differenceValue(found), undefined, 2)}\n` : differenceText(found);
  terminal.print(text);
  if (found.changes.length > 0) return answer(false);
  if (found.unknown.length > 0) throw new UserError('whether they differ is not known');
  return answer(true);
}
