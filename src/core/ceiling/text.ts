// SPDX-License-Identifier: Apache-2.0
// A ceiling as text for people.
import { plainText } from '../plain-text.ts';
import { syscallNumbers } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import type { Ceiling, Unseen } from './ceiling.ts';
import type { Relation } from './relation.ts';

const WIDTH = 80;
/** More places, files and the like than this are counted. */
const MOST_SHOWN = 5;

function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

function wrapped(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function shown(words: readonly string[]): string {
  const rest = words.length - MOST_SHOWN;
  return `${words.slice(0, MOST_SHOWN).join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
}

function section(title: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${title}:\n${wrapped(names)}`;
}

function allOf(architectures: readonly KnownArchitecture[]): number {
  return Math.max(...architectures.map((architecture) => syscallNumbers(architecture).length), 0);
}

function names(architectures: readonly KnownArchitecture[]): string {
  return architectures.map((architecture) => architecture.replace('SCMP_ARCH_', '').toLowerCase()).join(' and ');
}

function unseenText(unseen: Unseen): string {
  const path = plainText(unseen.path);
  switch (unseen.type) {
    case 'missing':
      return `${path}: needs ${plainText(unseen.library)}, which is not there`;
    case 'unreadable':
      return `${path}: ${unseen.reason}`;
    case 'script':
      return `${path}: is a script of ${plainText(unseen.interpreter)}; what it starts is not looked at`;
    case 'computed':
      return `${path}: computes the number of ${counted(unseen.addresses.length, 'call')}, at ${shown(unseen.addresses)}`;
    case 'loads':
      return `${path}: loads libraries that it names while it runs`;
    case 'starts':
      return `${path}: starts programs, which have ceilings of their own`;
  }
}

/** Of each sort of what is not seen a few lines, so that a whole image stays readable; JSON has all. */
function unseenLines(unseen: readonly Unseen[]): readonly string[] {
  const sorts = new Map<string, Unseen[]>();
  for (const one of unseen) sorts.set(one.type, [...(sorts.get(one.type) ?? []), one]);
  const lines = [...sorts.values()].flatMap((some) => [
    ...some.slice(0, MOST_SHOWN).map(unseenText),
    ...(some.length > MOST_SHOWN ? [`… and the same of ${counted(some.length - MOST_SHOWN, 'more file')}`] : []),
  ]);
  return [...lines, 'code that is made or loaded while a program runs'];
}

function relationText(relation: Relation): string {
  const { permitted, notFound, ofRuntime, unexplained, refused } = relation;
  return [
    `The profile permits ${counted(permitted, 'call')}, ${String(notFound.length)} of which are not found in these binaries\n`,
    section('Permitted, and not found', notFound),
    section('Permitted, and made by a container runtime only, before the program starts', ofRuntime),
    section('Recorded, and not found in the code', unexplained),
    section('Possible, and refused', refused),
  ].join('');
}

/** The text. `relation` is how a profile lies to it, where one was given. */
export function ceilingText(ceiling: Ceiling, relation: Relation | undefined): string {
  const { binaries, architectures, calls, unseen } = ceiling;
  const count = `${counted(calls.length, 'system call')} of ${String(allOf(architectures))}`;
  const title = `${counted(binaries.length, 'binary', 'binaries')} of ${names(architectures) || 'no machine'} can make ${count}`;
  const gaps = unseenLines(unseen).map((line) => `  ${line}\n`);
  return [
    section(
      title,
      calls.map(({ name }) => name),
    ) || `${title}\n`,
    `Not seen:\n${gaps.join('')}`,
    relation === undefined ? '' : relationText(relation),
  ].join('');
}
