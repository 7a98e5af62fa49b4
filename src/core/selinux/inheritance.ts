// SPDX-License-Identifier: Apache-2.0
// From whom a SelinuxProfile inherits. Each block may get the type `process` from one side only: two that bring it are
// refused by compilers up to libsepol 3.7, and one and the same inherited twice as well. Permissive processes are
// inherited, too, whatever the heir says of itself.
import type { SelinuxProfile, SelinuxProfileSpec } from '../../gen/crd/selinux-profile.ts';
import { NotYet, Rejected } from '../errors.ts';
import { DEFAULT_SYSTEM_PROFILES } from './limits.ts';
import type { SelinuxLimit } from './limits.ts';
import { isPath, quoted } from './words.ts';

/** The system policy that declares `process` and what every container needs. */
export const CONTAINER = 'container';

/** How many profiles may be stacked below one. */
export const MAX_PARENT_LEVELS = 15;

/** The cluster and the node around a profile. */
export interface SelinuxSurroundings {
  readonly limit: SelinuxLimit;
  /** Another profile of the same namespace. */
  find(name: string): Pick<SelinuxProfile, 'spec'> | undefined;
}

/** The policies to inherit, in order, none twice. */
export interface Inheritance {
  readonly system: readonly string[];
  /** Names of profiles of the same namespace, at most one. */
  readonly profiles: readonly string[];
  /** The nearest profile above that is permissive. */
  readonly permissive: string | undefined;
}

type Spec = Pick<SelinuxProfileSpec, 'inherit' | 'permissive' | 'disabled'>;

/** The names that a spec inherits, by kind. */
export function inheritedNames({ inherit = [{ name: CONTAINER }] }: Pick<SelinuxProfileSpec, 'inherit'>): {
  readonly system: readonly string[];
  readonly profiles: readonly string[];
} {
  const of = (wanted: string): readonly string[] => [
    ...new Set(inherit.filter(({ kind = 'System' }) => kind === wanted).map(({ name }) => name)),
  ];
  return { system: of('System'), profiles: of('SelinuxProfile') };
}

/**
 * Whom the profile inherits.
 * @throws Rejected for a circle, too many levels, two that bring `process`, or a system policy that is not allowed;
 *   NotYet where a profile is missing or disabled
 */
export function inheritance(name: string, spec: Spec, around: SelinuxSurroundings): Inheritance {
  const { system, profiles } = inheritedNames(spec);
  for (const entry of system) requireAllowed(entry, around.limit);
  const others = system.filter((entry) => entry !== CONTAINER);
  const above = ancestors(name, spec, around);
  return {
    system: profiles.length > 0 ? others : [CONTAINER, ...others],
    profiles,
    permissive: above.find((ancestor) => ancestor.spec.permissive === true)?.name,
  };
}

function requireAllowed(system: string, { allowedSystemProfiles = DEFAULT_SYSTEM_PROFILES }: SelinuxLimit): void {
  if (!isPath(system)) refuse(`${quoted(system)} is no name of a system policy`);
  if (allowedSystemProfiles.includes(system)) return;
  const list = allowedSystemProfiles.join(', ');
  refuse(`the system policy ${system} is not among those that the spod object allows (${list})`);
}

interface Ancestor {
  readonly name: string;
  readonly spec: Spec;
}

/** The profiles above one, nearest first: each has one parent at most. */
function ancestors(name: string, own: Spec, around: SelinuxSurroundings): readonly Ancestor[] {
  const above: Ancestor[] = [];
  for (let heir: Ancestor = { name, spec: own }; ;) {
    const path = [name, ...above.map((ancestor) => ancestor.name)];
    const { profiles } = inheritedNames(heir.spec);
    requireOne(profiles, path);
    const [parent] = profiles;
    if (parent === undefined) return above;
    requireEnd(parent, path);
    heir = { name: parent, spec: specOf(parent, heir.name, around) };
    above.push(heir);
  }
}

function requireOne(profiles: readonly string[], path: readonly string[]): void {
  if (profiles.length < 2) return;
  const whose = path.length > 1 ? ` (${path.join(' -> ')})` : '';
  refuse(`${profiles.join(' and ')} both declare the type process; a profile can inherit only one of them${whose}`);
}

function requireEnd(parent: string, path: readonly string[]): void {
  const whole = [...path, parent];
  if (path.includes(parent)) refuse(`the profiles form a circle: ${whole.slice(path.indexOf(parent)).join(' -> ')}`);
  if (path.length > MAX_PARENT_LEVELS) {
    refuse(`more than ${String(MAX_PARENT_LEVELS)} profiles on one another: ${whole.join(' -> ')}`);
  }
}

function specOf(name: string, heir: string, around: SelinuxSurroundings): Spec {
  const spec = around.find(name)?.spec;
  if (spec !== undefined && spec.disabled !== true) return spec;
  const state = spec === undefined ? 'does not exist' : 'is disabled';
  throw new NotYet(`waits for the SelinuxProfile ${name} of ${heir}, which ${state}`, {
    reason: 'BaseProfileNotFound',
  });
}

function refuse(reason: string): never {
  throw new Rejected('InvalidSelinuxProfile', `spec.inherit: ${reason}`);
}
