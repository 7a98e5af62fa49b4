// SPDX-License-Identifier: Apache-2.0
// The cluster's limit on profiles: where the spod object lists system calls, a profile may permit these and no others.
// A default that permits is refused as well, because it permits everything that no rule names. ALLOW, LOG, TRACE and
// NOTIFY always count: under each of them the call can happen, and a limit that a profile passes by with LOG is none.
// So spec.allowedSeccompActions cannot make the limit weaker, and the condition of the spod says what of it is ignored.
import { parseJson } from '../json.ts';
import { InvalidProfile } from '../faults.ts';
import { isPermitting, PERMITTING } from './model.ts';
import type { Action, Profile } from './model.ts';
import { parseProfile } from './parse.ts';

/** The limit, as the spod object sets it. */
export interface Limit {
  readonly allowedSyscalls?: readonly string[];
}

/** How many names a message lists. */
const LISTED = 10;

/** Whether there is a limit at all. */
export function isLimited({ allowedSyscalls }: Limit): boolean {
  return allowedSyscalls !== undefined && allowedSyscalls.length > 0;
}

/**
 * A warning about actions in spec.allowedSeccompActions of the spod that have no effect; undefined when there are none.
 */
export function ignoredActions(actions: readonly Action[] = []): string | undefined {
  if (actions.length === 0) return undefined;
  const strange = actions.filter((action) => !isPermitting(action));
  const missing = PERMITTING.filter((action) => !actions.includes(action));
  const phrases = [
    ...(strange.length === 0 ? [] : [`${strange.join(', ')} let no call happen and do not count`]),
    ...(missing.length === 0 ? [] : [`${missing.join(', ')} count as well, because calls happen under them`]),
  ];
  return phrases.length === 0 ? undefined : `spec.allowedSeccompActions: ${phrases.join('; ')}`;
}

/**
 * The violation of a limit by the text of a profile's file, as violationOf(); a text that is no profile may allow
 * anything.
 */
export function violationOfText(text: string, limit: Limit): string | undefined {
  try {
    return violationOf(parseProfile(parseJson(text), 'the file'), limit);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof InvalidProfile) return `is no profile: ${error.message}`;
    throw error;
  }
}

/** The violation of the limit by a profile, as a sentence; undefined when it keeps the limit or there is none. */
export function violationOf(profile: Profile, limit: Limit): string | undefined {
  const { allowedSyscalls } = limit;
  if (allowedSyscalls === undefined || allowedSyscalls.length === 0) return undefined;
  if (isPermitting(profile.defaultAction)) {
    return `the default action ${profile.defaultAction} allows system calls that are not in spec.allowedSyscalls of the spod`;
  }
  const allowed = new Set(allowedSyscalls);
  const names = profile.rules.filter((rule) => isPermitting(rule.action)).flatMap((rule) => rule.names);
  const beyond = [...new Set(names)].filter((name) => !allowed.has(name)).sort();
  if (beyond.length === 0) return undefined;
  const more = beyond.length > LISTED ? ` and ${String(beyond.length - LISTED)} more` : '';
  return `allows system calls that are not in spec.allowedSyscalls of the spod: ${beyond.slice(0, LISTED).join(', ')}${more}`;
}
