// SPDX-License-Identifier: Apache-2.0
// spoc explain: why a call is in a profile and what it is dangerous for, or all calls that a profile permits, the
// dangerous ones first, or by groups.
import { nearest } from '../core/nearest.ts';
import { explain } from '../core/score/explanation.ts';
import type { Annotations, Explanation } from '../core/score/explanation.ts';
import type { Profile } from '../core/seccomp/model.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { allSyscalls, isSyscall } from '../core/seccomp/syscalls.ts';
import { groupAnswer, groupsAnswer, listAnswer, section } from './explain-lists.ts';
import type { Answer } from './explain-lists.ts';
import { logBase, logNotes, readProfile } from './profile-document.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface ExplainRequest {
  readonly file: string;
  /** A call, or a group of calls (`@file-system`); undefined for all calls that are permitted. */
  readonly call: string | undefined;
  /** All calls that are permitted, by groups. */
  readonly groups: boolean;
  readonly output: 'text' | 'json';
  readonly conditions: Conditions;
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

/** @throws UserError for a call that no Linux has */
function requireCall(call: string): void {
  if (isSyscall(call)) return;
  const near = nearest(call, allSyscalls());
  throw new UserError(`${call}: is no system call that we know${near === undefined ? '' : `, perhaps ${near}`}`);
}

/** The answer to a request: a value for machines, and how people read it. */
function answerTo({ call, groups }: ExplainRequest, profile: Profile, annotations: Annotations): Answer {
  if (groups) return groupsAnswer(profile);
  if (call === undefined) return listAnswer(profile, annotations);
  if (call.startsWith('@')) return groupAnswer(profile, annotations, call);
  requireCall(call);
  const found = explain(profile, annotations, call);
  return { value: found, text: () => explanationText(found) };
}

/**
 * Prints the explanation.
 *
 * @throws UserError, InvalidProfile where the profile cannot be read or there is no such call or group
 */
export async function explainProfile(request: ExplainRequest, terminal: Terminal): Promise<ExitResult> {
  if (request.groups && request.call !== undefined)
    throw new UserError('--groups: is for the whole profile, not a call');
  const document = await readProfile(request.file, terminal, request.conditions);
  logNotes(document, terminal);
  logBase(document, terminal);
  const { value, text } = answerTo(request, document.profile, document.object?.annotations ?? {});
  terminal.print(request.output === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : text());
  return SUCCESS;
}
