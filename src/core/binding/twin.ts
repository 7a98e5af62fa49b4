// SPDX-License-Identifier: Apache-2.0
// The twin of a profile that only logs: an object of the operator's, beside that of the author, which is never changed.
// While a profile is tried, new pods of the binding run under the twin. Its name follows from the binding, so the
// webhook knows it before anybody has told of it.
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import { sha256Hex } from '../sha256.ts';
import type { BoundKind } from './choose.ts';

/** A profile, as far as it must be told from another one of its name. */
export interface ProfileIdentity {
  readonly uid: string;
  readonly generation: number;
  /** The metadata.uid of the binding that owns it: of a twin. */
  readonly owner?: string | undefined;
}

/** Tells which profile has a name; undefined for none. */
export type ProfileIdentities = (kind: BoundKind, namespace: string, name: string) => ProfileIdentity | undefined;

/** The modes in which there is a twin. */
export type TrialMode = 'Audit' | 'Enforce';

/** The mode of a binding that tries its profile; undefined for one that binds it as it is. */
export function trialMode({ spec }: ProfileBinding): TrialMode | undefined {
  const mode = spec.enforcement?.mode ?? 'Propose';
  return mode === 'Propose' ? undefined : mode;
}

/** So much of the profile's name is in that of the twin: with all the rest it fits into SELinux's names. */
const LONGEST_BEGINNING = 120;

const HASH_DIGITS = 12;

/** Name of the twin: that of the profile, and a hash that no other binding, of whatever namespace, has. */
export function twinName({ metadata, spec }: ProfileBinding): string {
  const { kind, name } = spec.profileRef;
  const beginning = name.slice(0, LONGEST_BEGINNING).replace(/[-.]+$/, '');
  const hash = sha256Hex([metadata.namespace, metadata.uid, metadata.name, kind, name].join('\n'));
  return `${beginning}-audit-${hash.slice(0, HASH_DIGITS)}`;
}

/** The profile that new pods get by name; undefined where they get none while the profile cannot be tried. */
export function profileForNew(binding: ProfileBinding, namespace: string, of: ProfileIdentities): string | undefined {
  const { kind, name } = binding.spec.profileRef;
  const mode = trialMode(binding);
  if (mode === undefined) return name;
  const { trial } = binding.status ?? {};
  if (mode === 'Enforce' && trial?.phase === 'Enforcing') {
    const profile = of(kind, namespace, name);
    const isPromoted = profile?.uid === trial.profileUID && profile.generation === trial.profileGeneration;
    if (isPromoted) return name;
  }
  const twin = twinName(binding);
  const found = of(kind, namespace, twin);
  const isOurs = found === undefined || found.owner === binding.metadata.uid;
  return isOurs && trial?.phase !== 'Impossible' ? twin : undefined;
}

/** All profiles that pods may have got by the binding as it is: that of the author, and the twin. */
export function profilesOf(binding: ProfileBinding): readonly string[] {
  const { name } = binding.spec.profileRef;
  return trialMode(binding) === undefined ? [name] : [name, twinName(binding)];
}

/** The part of a binding's status that decides under which profile new pods run, as a text. */
export function trialText({ status }: ProfileBinding): string {
  const { phase, profileUID, profileGeneration } = status?.trial ?? {};
  return phase === undefined ? '' : `${phase} ${String(profileUID)} ${String(profileGeneration)}`;
}
