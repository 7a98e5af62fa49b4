// SPDX-License-Identifier: Apache-2.0
// The cluster's limit on profiles: where the spod object lists system calls, a profile may allow these and no others. A
// default that allows is refused as well, because it allows everything that no rule names.
import { parseJson } from '../json.ts';
import { InvalidProfile } from './faults.ts';
import type { Action, Profile } from './model.ts';
import { parseProfile } from './parse.ts';

/** The limit, as the spod object sets it. */
export interface Limit {
  readonly allowedSyscalls?: readonly string[];
  /** Actions that count as allowing; those of ALLOWING where left out or empty, as a list of none would allow everything. */
  readonly allowedSeccompActions?: readonly Action[];
}

/** Actions that let a call happen, as the original has them. */
const ALLOWING: readonly Action[] = ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE', 'SCMP_ACT_NOTIFY'];

/** How many names a message lists. */
const LISTED = 10;

/** Whether there is a limit at all. */
export function isLimited({ allowedSyscalls }: Limit): boolean {
  return allowedSyscalls !== undefined && allowedSyscalls.length > 0;
}

/** What the text of a profile's file allows beyond a limit, as violationOf(); a text that is no profile may allow anything. */
export function violationOfText(text: string, limit: Limit): string | undefined {
  try {
    return violationOf(parseProfile(parseJson(text), 'the file'), limit);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof InvalidProfile) return `is no profile: ${error.message}`;
    throw error;
  }
}

/** What a profile allows beyond the limit, as a sentence; undefined when it keeps it or there is none. */
export function violationOf(profile: Profile, limit: Limit): string | undefined {
  const { allowedSyscalls, allowedSeccompActions } = limit;
  if (allowedSyscalls === undefined || allowedSyscalls.length === 0) return undefined;
  const allowing = allowedSeccompActions?.length ? allowedSeccompActions : ALLOWING;
  if (allowing.includes(profile.defaultAction)) {
    return `the default action ${profile.defaultAction} allows system calls that are not in spec.allowedSyscalls of the spod`;
  }
  const allowed = new Set(allowedSyscalls);
  const names = profile.rules.filter((rule) => allowing.includes(rule.action)).flatMap((rule) => rule.names);
  const beyond = [...new Set(names)].filter((name) => !allowed.has(name)).sort();
  if (beyond.length === 0) return undefined;
  const more = beyond.length > LISTED ? ` and ${String(beyond.length - LISTED)} more` : '';
  return `allows system calls that are not in spec.allowedSyscalls of the spod: ${beyond.slice(0, LISTED).join(', ')}${more}`;
}
