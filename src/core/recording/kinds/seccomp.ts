// SPDX-License-Identifier: Apache-2.0
// Seccomp profiles of recordings: system calls by number become rules by name.
import type { SeccompProfile } from '../../../gen/crd/seccomp-profile.ts';
import { BASE_SYSCALLS } from '../../../gen/base-syscalls.ts';
import { ANNOTATION } from '../../names.ts';
import { mergeSpecs } from '../../seccomp/merge-specs.ts';
import { renderSpec } from '../../seccomp/render.ts';
import { syscallName } from '../../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../../seccomp/syscalls.ts';
import { parseAddedCalls, printAddedCalls, uniteAddedCalls } from '../added-calls.ts';
import type { AddedCall } from '../added-calls.ts';
import type { Capture } from '../capture-entry.ts';
import { SYSCALL_COVERAGE } from '../coverage.ts';
import type { Coverage } from '../coverage.ts';
import { EMPTY_LEDGER } from '../ledger.ts';
import { profileObject, profileOf } from '../profile.ts';
import type { Learner, Learnt, Sighting } from './learner.ts';

function sighting(capture: Capture): Sighting | undefined {
  const { calls, lost, firstCall: first, lastNewCall: lastNew } = capture;
  if (calls.size === 0 && lost.size === 0) return undefined;
  const unnamed = unnamedCalls(capture);
  return { first, lastNew, lost: new Map(unnamed === 0 ? [] : [['unnamed-call', unnamed]]) };
}

function unnamedCalls({ calls }: Capture): number {
  const nameless = Array.from(calls, ([architecture, numbers]) =>
    [...numbers].filter((number) => syscallName(architecture, number) === undefined),
  );
  return nameless.flat().length;
}

function learn(captures: readonly Capture[], native: KnownArchitecture): Learnt<SeccompProfile> {
  const recorded = profileOf({ ...EMPTY_LEDGER, calls: callsOf(captures) }, native, BASE_SYSCALLS);
  const { spec, metadata } = profileObject('', recorded);
  // In the order of merged profiles, so that a profile that is written again is the same.
  const architectures = [...(spec.architectures ?? [])].sort();
  return { spec: { ...spec, architectures }, annotations: metadata.annotations ?? {} };
}

function callsOf(captures: readonly Capture[]): ReadonlyMap<KnownArchitecture, ReadonlySet<number>> {
  const all = new Map<KnownArchitecture, Set<number>>();
  for (const { calls } of captures) {
    for (const [architecture, numbers] of calls) {
      all.set(architecture, new Set([...(all.get(architecture) ?? []), ...numbers]));
    }
  }
  return all;
}

function merge(parts: readonly SeccompProfile[], coverage: Coverage): Learnt<SeccompProfile> {
  const merged = mergeSpecs(parts.map(({ metadata, spec }) => ({ subject: `SeccompProfile ${metadata.name}`, spec })));
  const added = uniteAddedCalls(parts.flatMap(addedTo), (name) => coverage.names.has(name));
  return {
    spec: renderSpec(merged),
    annotations: added.length === 0 ? {} : { [ANNOTATION.addedSyscalls]: printAddedCalls(added).join('; ') },
  };
}

/** Without the calls that were added. */
function seenIn(part: SeccompProfile): readonly string[] {
  const added = new Set(addedTo(part).map(({ name }) => name));
  const [first, ...others] = part.spec.syscalls ?? [];
  // One rule is what recordings have, of which there may be a thousand.
  const names = others.length === 0 ? (first?.names ?? []) : [first, ...others].flatMap((rule) => rule?.names ?? []);
  return added.size === 0 ? names : names.filter((name) => !added.has(name));
}

function addedTo({ metadata }: SeccompProfile): readonly AddedCall[] {
  return parseAddedCalls(metadata.annotations?.[ANNOTATION.addedSyscalls] ?? '');
}

/** SeccompProfiles. */
export const SECCOMP_LEARNER: Learner<SeccompProfile> = {
  kind: 'SeccompProfile',
  apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
  coverage: SYSCALL_COVERAGE,
  sighting,
  learn,
  merge,
  seenIn,
};
