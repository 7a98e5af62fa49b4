// SPDX-License-Identifier: Apache-2.0
// Base profiles: a profile may name another one, of its namespace or in a registry (`oci://…`), whose rules are added
// to its own, and that one may have a base, too. Only rules are added: default, architectures, flags and listener stay
// those of the profile that a pod names. The meaning of a stack of rules is in stack.ts.
import type { SeccompProfileSpec } from '../../gen/crd/seccomp-profile.ts';
import { NotYet, Rejected } from '../errors.ts';
import type { Profile } from './model.ts';
import { parseProfile } from './parse.ts';
import { requireOneVerdict } from './libseccomp/runtime-form.ts';
import { stackProfiles } from './stack.ts';

/** How many profiles may be stacked below one, as the manual says. */
export const MAX_BASE_LEVELS = 15;

/** A profile with all that its bases add. */
export interface Stacked {
  /** The profile without its bases. */
  readonly own: Profile;
  readonly profile: Profile;
  /** Names of the bases, nearest first; empty for a profile without one. */
  readonly bases: readonly string[];
  /** Rules of bases that do not hold, or not for all arguments; see stackProfiles(). */
  readonly warnings: readonly string[];
}

/**
 * Stacks a profile on its bases.
 *
 * @param name - of the profile; the bases are in the same namespace, or artifacts
 * @param find - the spec of the profile with a name, if there is one; it throws for an artifact that cannot be had
 * @throws Rejected for a circle or too many levels
 * @throws NotYet when a base does not exist
 * @throws InvalidProfile when the profile or a base cannot be read, or contradicts itself
 */
export function stackOnBases(
  name: string,
  spec: SeccompProfileSpec,
  find: (name: string) => SeccompProfileSpec | undefined,
): Stacked {
  const own = parseProfile(spec, `profile ${name}`);
  const chain = baseChain(name, spec, find);
  if (chain.length === 0) return { own, profile: own, bases: [], warnings: [] };
  requireOneVerdict(own, `profile ${name}`);
  const bases = chain.map((base) => ({ name: base.name, profile: readBase(base) }));
  return { own, ...stackProfiles(withoutBase(own), bases), bases: chain.map((base) => base.name) };
}

function readBase({ name, spec }: Base): Profile {
  const subject = `base profile ${name}`;
  const profile = parseProfile(spec, subject);
  requireOneVerdict(profile, subject);
  return profile;
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
  if (names.includes(next)) {
    const circle = [...names.slice(names.indexOf(next)), next].join(' -> ');
    throw new Rejected('InvalidSeccompProfile', `baseProfileName: the base profiles form a circle: ${circle}`);
  }
  if (names.length > MAX_BASE_LEVELS) {
    const rule = `the maximum recursion level of ${String(MAX_BASE_LEVELS)} is exceeded`;
    throw new Rejected('InvalidSeccompProfile', `baseProfileName: ${rule}: ${[...names, next].join(' -> ')}`);
  }
}

function withoutBase(profile: Profile): Profile {
  const { baseProfileName, ...rest } = profile;
  return baseProfileName === undefined ? profile : rest;
}
