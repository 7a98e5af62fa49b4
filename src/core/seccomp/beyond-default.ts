// SPDX-License-Identifier: Apache-2.0
// Calls by which a profile permits more than container runtimes do where a pod names no profile (RuntimeDefault). Pod
// Security admits every profile of a node under `restricted`, so the right to write profiles is the right to leave that
// default; the condition of such a profile says so.
import { DANGERS } from '../../gen/dangers.ts';
import { isPermitting } from './model.ts';
import type { Profile } from './model.ts';

/**
 * Dangerous calls that the runtimes' default permits nevertheless, to a container with no more than its usual
 * capabilities. Source: profiles/seccomp/default.json of Moby, which containerd and CRI-O follow; read 2026-11-29.
 */
const DEFAULT_PERMITS: ReadonlySet<string> = new Set([
  'chroot',
  'clock_adjtime',
  'modify_ldt',
  'process_vm_readv',
  'process_vm_writev',
  'ptrace',
]);

/** Calls that are dangerous with any arguments, the worst first. */
const DANGEROUS: readonly string[] = DANGERS.filter(({ use }) => use.args.length === 0)
  .sort((a, b) => b.points - a.points || (a.use.call < b.use.call ? -1 : 1))
  .map(({ use }) => use.call)
  .filter((call) => !DEFAULT_PERMITS.has(call));

/** How many calls the sentence names. */
const NAMED = 5;

/**
 * The dangerous calls that a profile permits with any arguments and a runtime's default refuses, the worst first. Looks
 * at names only, so that it costs little for profiles of thousands of rules: `spoc score` looks at arguments, too.
 */
export function beyondDefault(profile: Profile): readonly string[] {
  const settled = new Map<string, boolean>();
  for (const { names, action, args } of profile.rules) {
    if (args.length > 0) continue;
    for (const name of names) settled.set(name, settled.get(name) === true || isPermitting(action));
  }
  const byDefault = isPermitting(profile.defaultAction);
  return DANGEROUS.filter((call) => settled.get(call) ?? byDefault);
}

/** The sentence about it; none for a profile that permits no such call. */
export function beyondDefaultWarnings(profile: Profile): readonly string[] {
  const calls = beyondDefault(profile);
  if (calls.length === 0) return [];
  const more = calls.length > NAMED ? ` and ${String(calls.length - NAMED)} more` : '';
  const named = `${calls.slice(0, NAMED).join(', ')}${more}`;
  return [`it permits calls that harm the node and that the runtime's default profile refuses: ${named}`];
}
