// SPDX-License-Identifier: Apache-2.0
// The lists of spoc explain: all calls that a profile permits, the dangerous ones first; the same by groups; and
// the answers to the calls of one group.
import { ANNOTATION } from '../core/names.ts';
import { nearest } from '../core/nearest.ts';
import { parseCoverage } from '../core/recording/coverage.ts';
import { dangersOf, dangerWeight } from '../core/score/dangers.ts';
import type { Annotations } from '../core/score/explanation.ts';
import { callsOfGroup, groupNames, permittedByGroup } from '../core/score/groups.ts';
import { mayHappen } from '../core/seccomp/libseccomp/filter.ts';
import { answersOf, answersTo } from '../core/seccomp/meaning/answers.ts';
import type { Profile } from '../core/seccomp/model.ts';
import { allSyscalls } from '../core/seccomp/syscalls.ts';
import { UserError } from './terminal.ts';

/** An answer for machines, and how people read it. */
export interface Answer {
  readonly value: unknown;
  readonly text: () => string;
}

/** A title and its lines; nothing without any. */
export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

interface PermittedCall {
  readonly call: string;
  readonly seen: number | undefined;
  readonly dangers: readonly string[];
}

/** The dangerous calls first, then those that fewest recordings have shown, then by name. */
function permittedOf(calls: readonly string[], profile: Profile, annotations: Annotations): readonly PermittedCall[] {
  const coverage = parseCoverage(annotations[ANNOTATION.syscallCoverage] ?? '');
  const rarity = (name: string): number => coverage?.names.get(name) ?? 0;
  return calls
    .filter((name) => mayHappen(profile, name))
    .sort((a, b) => dangerWeight(b) - dangerWeight(a) || rarity(a) - rarity(b) || (a < b ? -1 : 1))
    .map((call) => ({
      call,
      seen: coverage === undefined ? undefined : rarity(call),
      dangers: dangersOf(call).map(({ danger }) => danger),
    }));
}

function linesOf(calls: readonly PermittedCall[]): readonly string[] {
  const width = Math.max(...calls.map(({ call }) => call.length), 0);
  return calls.map(({ call, seen, dangers }) => {
    const count = seen === undefined ? '' : `  seen ${String(seen)}`;
    return `${call.padEnd(width)}${count}  ${dangers.join('; ')}`.trimEnd();
  });
}

/** Every call that the profile permits. */
export function listAnswer(profile: Profile, annotations: Annotations): Answer {
  const value = permittedOf(allSyscalls(), profile, annotations);
  return {
    value,
    text: () =>
      linesOf(value)
        .map((line) => `${line}\n`)
        .join(''),
  };
}

/** Every call that the profile permits, each under one group; a group of which nothing is permitted is told, too. */
export function groupsAnswer(profile: Profile): Answer {
  const value = permittedByGroup(profile);
  const width = Math.max(...value.map(({ group }) => group.length));
  const line = ({ group, permitted, size }: (typeof value)[number]): string => {
    const count = `${String(permitted.length).padStart(3)} of ${String(size).padEnd(3)}`;
    return `${`${group.padEnd(width)}  ${count}  ${permitted.join(' ')}`.trimEnd()}\n`;
  };
  return { value, text: () => value.map(line).join('') };
}

/**
 * The calls of a group, by what the profile says to them.
 *
 * @throws UserError for a group that there is not
 */
export function groupAnswer(profile: Profile, annotations: Annotations, group: string): Answer {
  const calls = callsOfGroup(group);
  if (calls === undefined) {
    const near = nearest(group, groupNames());
    throw new UserError(`${group}: is no group of calls${near === undefined ? '' : `, perhaps ${near}`}`);
  }
  const book = answersOf(profile);
  const found = permittedOf(calls, profile, annotations);
  const isCompared = ({ call }: PermittedCall): boolean => answersTo(book, call).guarded.size > 0;
  const value = {
    group,
    permitted: found.filter((one) => !isCompared(one)),
    permittedForSomeArguments: found.filter(isCompared),
    refused: calls.filter((call) => !mayHappen(profile, call)),
  };
  const text = (): string =>
    [
      `${group}: ${String(found.length)} of ${String(calls.length)} calls may happen\n`,
      section('Permitted', linesOf(value.permitted)),
      section('Permitted for some arguments', linesOf(value.permittedForSomeArguments)),
      section('Refused', value.refused.length === 0 ? [] : [value.refused.join(' ')]),
    ].join('');
  return { value, text };
}
