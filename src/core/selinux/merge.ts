// SPDX-License-Identifier: Apache-2.0
// The union of SelinuxProfiles: what any of them lets its processes do, it lets them do. Merging is commutative,
// associative and idempotent. A permissive profile refuses nothing, so a union with one refuses nothing.
import type { SelinuxInheritance, SelinuxProfileSpec } from '../../gen/crd/selinux-profile.ts';
import { CONTAINER, inheritedNames } from './inheritance.ts';
import { allowMap, allowRules, permissionKeys } from './rules.ts';

/**
 * The union of specs, its rules in their order. Whether it is disabled the caller decides.
 * @throws RangeError when there is none, or when they inherit different profiles
 */
export function mergeSelinuxSpecs(specs: readonly SelinuxProfileSpec[]): SelinuxProfileSpec {
  if (specs.length === 0) throw new RangeError('no profiles to merge');
  return {
    allow: allowMap(allowRules(specs.map(({ allow }) => allow ?? {}))),
    inherit: uniteInheritance(specs),
    ...(specs.some(({ permissive }) => permissive === true) ? { permissive: true } : {}),
  };
}

/** Two profiles to inherit would both bring the type of the processes; a system policy that one has all have. */
function uniteInheritance(specs: readonly SelinuxProfileSpec[]): readonly SelinuxInheritance[] {
  const names = specs.map(inheritedNames);
  const profiles = [...new Set(names.flatMap((inherited) => inherited.profiles))].sort();
  if (profiles.length > 1) {
    throw new RangeError(`profiles that inherit different ones cannot be merged: ${profiles.join(', ')}`);
  }
  const system = [...new Set(names.flatMap((inherited) => inherited.system))].sort();
  return [
    ...system.map((name): SelinuxInheritance => ({ kind: 'System', name })),
    ...profiles.map((name): SelinuxInheritance => ({ kind: 'SelinuxProfile', name })),
  ];
}

/**
 * Whether the first spec permits all that the second one does, by what is written in them. Every profile has what
 * `container` has, by itself or by what it inherits.
 */
export function coversSelinux(one: SelinuxProfileSpec, other: SelinuxProfileSpec): boolean {
  if (one.permissive === true) return true;
  if (other.permissive === true) return false;
  const [own, wanted] = [inheritedNames(one), inheritedNames(other)];
  const inherits =
    wanted.system.every((name) => name === CONTAINER || own.system.includes(name)) &&
    wanted.profiles.every((name) => own.profiles.includes(name));
  const permissions = new Set(permissionKeys(one.allow ?? {}));
  return inherits && permissionKeys(other.allow ?? {}).every((key) => permissions.has(key));
}
