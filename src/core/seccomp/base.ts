// SPDX-License-Identifier: Apache-2.0
// Base profiles: a profile may name another one of its namespace whose system calls are added to its own, and that one may
// have a base, too. What is added is system calls only: default, architectures, flags and listener stay those of the
// profile that a pod names.
import type { SeccompProfileSpec } from '../../gen/crd/seccomp-profile.ts';
import { NotYet, Rejected } from '../errors.ts';
import { InvalidProfile } from './faults.ts';
import { mergeProfiles } from './merge.ts';
import type { Profile } from './model.ts';
import { parseProfile } from './parse.ts';

/** How many profiles may be stacked below one, as the manual says. */
export const MAX_BASE_LEVELS = 15;

/** A base that lies in a registry, not in the cluster. */
const OCI_PREFIX = 'oci://';

/** A profile with all that its bases add. */
export interface Stacked {
  readonly profile: Profile;
  /** Names of the bases, nearest first; empty for a profile without one. */
  readonly bases: readonly string[];
}

/**
 * Stacks a profile on its bases.
 *
 * @param name - of the profile; the bases are in the same namespace
 * @param find - the spec of the profile with a name, if there is one
 * @throws Rejected for a circle, too many levels, or a base in a registry
 * @throws NotYet when a base does not exist
 * @throws InvalidProfile when the profile or a base cannot be read, or when they cannot be merged
 */
export function stackOnBases(
  name: string,
  spec: SeccompProfileSpec,
  find: (name: string) => SeccompProfileSpec | undefined,
): Stacked {
  const own = parseProfile(spec, `profile ${name}`);
  const chain = baseChain(name, spec, find);
  if (chain.length === 0) return { profile: own, bases: [] };
  const parts = chain.map((base) => callsOf(parseProfile(base.spec, `base profile ${base.name}`), own));
  return { profile: merged(name, [withoutBase(own), ...parts]), bases: chain.map((base) => base.name) };
}

function merged(name: string, parts: readonly Profile[]): Profile {
  try {
    return mergeProfiles(parts);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidProfile(`profile ${name} on its base profiles`, [{ field: 'syscalls', reason: error.message }]);
  }
}

interface Base {
  readonly name: string;
  readonly spec: SeccompProfileSpec;
}

function baseChain(
  name: string,
  spec: SeccompProfileSpec,
  find: (name: string) => SeccompProfileSpec | undefined,
): readonly Base[] {
  const chain: Base[] = [];
  let next = spec.baseProfileName;
  while (next !== undefined && next !== '') {
    const names = [name, ...chain.map((base) => base.name)];
    refuse(next, names);
    const base = find(next);
    if (base === undefined) {
      throw new NotYet(`waits for the base profile ${next} of ${names.at(-1) ?? name}, which does not exist`, {
        reason: 'BaseProfileNotFound',
      });
    }
    chain.push({ name: next, spec: base });
    next = base.baseProfileName;
  }
  return chain;
}

function refuse(next: string, names: readonly string[]): void {
  if (next.startsWith(OCI_PREFIX)) {
    const advice = 'this version of the operator takes base profiles from the same namespace only';
    throw new Rejected('CannotPullSeccompProfile', `baseProfileName: ${next} cannot be pulled: ${advice}`);
  }
  if (names.includes(next)) {
    const circle = [...names.slice(names.indexOf(next)), next].join(' -> ');
    throw new Rejected('InvalidSeccompProfile', `baseProfileName: the base profiles form a circle: ${circle}`);
  }
  if (names.length > MAX_BASE_LEVELS) {
    const rule = `the maximum recursion level of ${String(MAX_BASE_LEVELS)} is exceeded`;
    throw new Rejected('InvalidSeccompProfile', `baseProfileName: ${rule}: ${[...names, next].join(' -> ')}`);
  }
}

/** The base's rules in a profile that is otherwise like the one on top of it, so that merging adds rules and nothing else. */
function callsOf(base: Profile, top: Profile): Profile {
  return { ...withoutBase(top), rules: base.rules };
}

function withoutBase(profile: Profile): Profile {
  const { baseProfileName, ...rest } = profile;
  return baseProfileName === undefined ? profile : rest;
}
