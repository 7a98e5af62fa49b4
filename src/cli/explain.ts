// SPDX-License-Identifier: Apache-2.0
// spoc explain: why a call is in a profile and what it is dangerous for, or all calls that a profile permits, the
// dangerous ones first.
import { ANNOTATION } from '../core/names.ts';
import { nearest } from '../core/nearest.ts';
import { parseCoverage } from '../core/recording/coverage.ts';
import { dangersOf, dangerWeight } from '../core/score/dangers.ts';
import { explain } from '../core/score/explanation.ts';
import type { Annotations, Explanation } from '../core/score/explanation.ts';
import { mayHappen } from '../core/seccomp/libseccomp/filter.ts';
import type { Profile } from '../core/seccomp/model.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { allSyscalls, isSyscall } from '../core/seccomp/syscalls.ts';
import { readProfile } from './profile-document.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface ExplainRequest {
  readonly file: string;
  /** Undefined for all calls that are permitted. */
  readonly call: string | undefined;
  readonly output: 'text' | 'json';
  readonly conditions: Conditions;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function openness(isOpen: boolean): string {
  return isOpen ? 'open' : 'closed';
}

function explanationText(found: Explanation): string {
  const rules = found.rules.map(
    ({ field, verdict, where }) => `${field}: ${verdict}${where === '' ? '' : ` where ${where}`}`,
  );
  const numbers = found.numbers.map(({ architecture, number, isCovered }) => {
    const name = architecture.replace('SCMP_ARCH_', '');
    return `${name} ${String(number)}${isCovered ? '' : ' (not covered: the process is killed)'}`;
  });
  const dangers = found.dangers.map(
    ({ use, danger, capability, isOpen }) =>
      `${openness(isOpen)}: ${use}: ${danger}${capability === undefined ? '' : ` (needs ${capability})`}`,
  );
  const vulnerabilities = found.vulnerabilities.map(
    ({ cve, effect, isOpen }) => `${openness(isOpen)}: ${cve}: ${effect}`,
  );
  return [
    `${found.call}: ${found.verdict}\n`,
    section('Rules', rules),
    section('Numbers', numbers),
    section('Evidence', found.evidence),
    section('Dangers', dangers),
    section('A refusal is undone by', found.undoneBy),
    section('It undoes the refusal of', found.undoes.length === 0 ? [] : [found.undoes.join(', ')]),
    section('Vulnerabilities of the kernel that need it', vulnerabilities),
  ].join('');
}

/** The dangerous calls first, then those that fewest recordings have shown, then by name. */
function permittedCalls(profile: Profile, seen: ReadonlyMap<string, number>): readonly string[] {
  const rarity = (name: string): number => seen.get(name) ?? 0;
  return allSyscalls()
    .filter((name) => mayHappen(profile, name))
    .sort((a, b) => dangerWeight(b) - dangerWeight(a) || rarity(a) - rarity(b) || (a < b ? -1 : 1));
}

interface PermittedCall {
  readonly call: string;
  readonly seen: number | undefined;
  readonly dangers: readonly string[];
}

function listed(profile: Profile, annotations: Annotations): readonly PermittedCall[] {
  const coverage = parseCoverage(annotations[ANNOTATION.syscallCoverage] ?? '');
  return permittedCalls(profile, coverage?.names ?? new Map()).map((call) => ({
    call,
    seen: coverage === undefined ? undefined : (coverage.names.get(call) ?? 0),
    dangers: dangersOf(call).map(({ danger }) => danger),
  }));
}

function listText(calls: readonly PermittedCall[]): string {
  const width = Math.max(...calls.map(({ call }) => call.length), 0);
  return calls
    .map(({ call, seen, dangers }) => {
      const count = seen === undefined ? '' : `  seen ${String(seen)}`;
      return `${`${call.padEnd(width)}${count}  ${dangers.join('; ')}`.trimEnd()}\n`;
    })
    .join('');
}

/** @throws UserError for a call that no Linux has */
function requireCall(call: string): void {
  if (isSyscall(call)) return;
  const near = nearest(call, allSyscalls());
  throw new UserError(`${call}: is no system call that we know${near === undefined ? '' : `, perhaps ${near}`}`);
}

/**
 * Prints the explanation.
 *
 * @throws UserError, InvalidProfile where the profile cannot be read or there is no such call
 */
export async function explainProfile(request: ExplainRequest, terminal: Terminal): Promise<ExitResult> {
  const { file, call, output, conditions } = request;
  if (call !== undefined) requireCall(call);
  const { profile, object } = await readProfile(file, terminal, conditions);
  const annotations = object?.annotations ?? {};
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
  if (call === undefined) {
    const calls = listed(profile, annotations);
    terminal.print(output === 'json' ? json(calls) : listText(calls));
  } else {
    const found = explain(profile, annotations, call);
    terminal.print(output === 'json' ? json(found) : explanationText(found));
  }
  return SUCCESS;
}
