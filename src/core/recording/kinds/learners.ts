// SPDX-License-Identifier: Apache-2.0
// The kinds of profiles that recordings make. A new one is one more entry.
import type { RecordedKind } from '../request.ts';
import type { Learner, LearntProfile } from './learner.ts';
import { APPARMOR_LEARNER } from './apparmor.ts';
import { SECCOMP_LEARNER } from './seccomp.ts';
import { SELINUX_LEARNER } from './selinux.ts';

const LEARNERS: Readonly<Record<RecordedKind, Learner>> = {
  SeccompProfile: SECCOMP_LEARNER,
  SelinuxProfile: SELINUX_LEARNER,
  AppArmorProfile: APPARMOR_LEARNER,
};

/** All of them. */
export const LEARNT_KINDS = Object.keys(LEARNERS) as readonly RecordedKind[];

/** The learner of a kind. */
export function learnerOf<P extends LearntProfile>(kind: P['kind']): Learner<P> {
  // The table has the learner of each kind under its name.
  return LEARNERS[kind] as unknown as Learner<P>;
}
