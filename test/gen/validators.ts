// SPDX-License-Identifier: Apache-2.0
// The validators by kind, for tests that go through all of them.
import { validateAppArmorProfile } from '../../src/gen/validate/app-armor-profile.ts';
import type { Fault } from '../../src/gen/validate/fault.ts';
import { validateProfileBinding } from '../../src/gen/validate/profile-binding.ts';
import { validateProfileRecording } from '../../src/gen/validate/profile-recording.ts';
import { validateRawSelinuxProfile } from '../../src/gen/validate/raw-selinux-profile.ts';
import { validateSeccompProfile } from '../../src/gen/validate/seccomp-profile.ts';
import { validateSecurityProfileNodeStatus } from '../../src/gen/validate/security-profile-node-status.ts';
import { validateSecurityProfilesOperatorDaemon } from '../../src/gen/validate/security-profiles-operator-daemon.ts';
import { validateSelinuxProfile } from '../../src/gen/validate/selinux-profile.ts';

/** Every fault of a value that should be an object of a kind. */
export type Validator = (value: unknown) => readonly Fault[];

/** The validators by kind. */
export const VALIDATORS: ReadonlyMap<string, Validator> = new Map<string, Validator>([
  ['AppArmorProfile', validateAppArmorProfile],
  ['ProfileBinding', validateProfileBinding],
  ['ProfileRecording', validateProfileRecording],
  ['RawSelinuxProfile', validateRawSelinuxProfile],
  ['SeccompProfile', validateSeccompProfile],
  ['SecurityProfileNodeStatus', validateSecurityProfileNodeStatus],
  ['SecurityProfilesOperatorDaemon', validateSecurityProfilesOperatorDaemon],
  ['SelinuxProfile', validateSelinuxProfile],
]);
