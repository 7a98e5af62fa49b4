// SPDX-License-Identifier: Apache-2.0
// Makes a profile of what a recording saw. Nothing is invented: a number without a name is reported, and what the
// recording lacks is written on the object, because a profile is read long after its log is gone.
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { ANNOTATION } from '../names.ts';
import type { Profile } from '../seccomp/model.ts';
import { renderSpec } from '../seccomp/render.ts';
import { runnableOn, syscallName } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import { ADDED_REASON, printAddedCalls } from './added-calls.ts';
import type { AddedCall } from './added-calls.ts';
import { shortcomings } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { unseenCalls } from './unseen.ts';
import type { UnseenCalls } from './unseen.ts';

/** A profile made of a recording. */
export interface RecordedProfile {
  readonly profile: Profile;
  /** Base system calls that the recording had not seen itself, sorted. */
  readonly added: readonly string[];
  /** Calls that were added because no recording shows them reliably. */
  readonly unseen: UnseenCalls;
  /** Warnings about the recording, a sentence each. */
  readonly warnings: readonly string[];
}

interface Named {
  readonly names: ReadonlySet<string>;
  readonly unnamed: readonly string[];
}

function nameCalls(ledger: Ledger): Named {
  const names = new Set<string>();
  const unnamed: string[] = [];
  for (const [architecture, numbers] of ledger.calls) {
    for (const number of numbers) {
      const name = syscallName(architecture, number);
      if (name === undefined) unnamed.push(`${String(number)} (${architecture})`);
      else names.add(name);
    }
  }
  return { names, unnamed };
}

function seenArchitectures(ledger: Ledger, native: KnownArchitecture): readonly KnownArchitecture[] {
  const seen = (architecture: KnownArchitecture): boolean => (ledger.calls.get(architecture)?.size ?? 0) > 0;
  return runnableOn(native).filter((architecture) => architecture === native || seen(architecture));
}

function strangeWarnings(ledger: Ledger, unnamed: readonly string[]): readonly string[] {
  const beyond =
    ledger.strangeCalls === 0n
      ? []
      : [`${String(ledger.strangeCalls)} calls had a number that no system call has; they are not in the profile`];
  const nameless =
    unnamed.length === 0 ? [] : [`system calls without a known name are not in the profile: ${unnamed.join(', ')}`];
  return [...beyond, ...nameless];
}

/**
 * The profile that allows what was recorded, what no recording shows reliably, and nothing else.
 *
 * @param native - architecture of the machine; others are listed when they were seen
 * @param baseSyscalls - names to allow besides, for the container runtime
 */
export function profileOf(ledger: Ledger, native: KnownArchitecture, baseSyscalls: readonly string[]): RecordedProfile {
  const { names, unnamed } = nameCalls(ledger);
  const added = [...new Set(baseSyscalls)].filter((name) => !names.has(name)).sort();
  const architectures = seenArchitectures(ledger, native);
  const unseen = unseenCalls(names, added, architectures);
  const all = [...names, ...added, ...unseen.kernel, ...unseen.older.map(({ name }) => name)].sort();
  const profile: Profile = {
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures,
    rules: [{ names: all, action: 'SCMP_ACT_ALLOW', args: [] }],
  };
  return { profile, added, unseen, warnings: [...shortcomings(ledger), ...strangeWarnings(ledger, unnamed)] };
}

/**
 * The calls that are in the profile although the recording did not show them: a phrase per reason, none without calls.
 */
export function addedCalls({ added, unseen }: RecordedProfile): readonly string[] {
  const plain = (reason: string, names: readonly string[]): readonly AddedCall[] =>
    names.map((name) => ({ reason, name, newer: [] }));
  return printAddedCalls([
    ...plain(ADDED_REASON.base, added),
    ...plain(ADDED_REASON.kernel, unseen.kernel),
    ...unseen.older.map((form) => ({ reason: ADDED_REASON.older, ...form })),
  ]);
}

/**
 * A Kubernetes object name made of a program's: lower case, everything that is not allowed becomes a dash, at most 253
 * characters (DNS-1123 subdomain). `profile` where nothing is left.
 */
export function objectName(program: string): string {
  const allowed = program.toLowerCase().replace(/[^a-z0-9.-]+/g, '-');
  const parts = allowed.split('.').map((part) => part.replace(/^-+|-+$/g, ''));
  const name = parts.filter((part) => part !== '').join('.');
  return name.slice(0, 253).replace(/[.-]+$/, '') || 'profile';
}

/** The object of a recorded profile, annotated with what was added to its recording and what the recording lacks. */
export function profileObject(name: string, recorded: RecordedProfile): SeccompProfile {
  const { profile, warnings } = recorded;
  const added = addedCalls(recorded);
  const annotations = {
    ...(added.length === 0 ? {} : { [ANNOTATION.addedSyscalls]: added.join('; ') }),
    ...(warnings.length === 0 ? {} : { [ANNOTATION.recordingIncomplete]: warnings.join('; ') }),
  };
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { ...(Object.keys(annotations).length === 0 ? {} : { annotations }), name },
    spec: renderSpec(profile),
    status: {},
  };
}
