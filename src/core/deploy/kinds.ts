// SPDX-License-Identifier: Apache-2.0
// The kinds of profiles that nodes have, as the spod says: seccomp always, the others where an option turns them on.
import type { ProfileReference } from '../../gen/crd/profile-binding.ts';
import type { SecurityProfilesOperatorDaemonSpec } from '../../gen/crd/security-profiles-operator-daemon.ts';

/** A kind that containers can be bound to, or recorded into. */
type Kind = ProfileReference['kind'];

/** The options of the spod that turn kinds on. */
export type KindOption = 'enableSelinux' | 'enableAppArmor';

const OPTIONS: Readonly<Record<Kind, KindOption | undefined>> = {
  SeccompProfile: undefined,
  SelinuxProfile: 'enableSelinux',
  AppArmorProfile: 'enableAppArmor',
};

/** The option without which nodes have no profiles of the kind; undefined where they have. */
export function missingOption(spec: SecurityProfilesOperatorDaemonSpec, kind: Kind): KindOption | undefined {
  const option = OPTIONS[kind];
  return option === undefined || spec[option] === true ? undefined : option;
}

/** Whether nodes have profiles of the kind. */
export function hasKind(spec: SecurityProfilesOperatorDaemonSpec, kind: Kind): boolean {
  return missingOption(spec, kind) === undefined;
}
