// SPDX-License-Identifier: Apache-2.0
// Validation by kind, for tests that go through all of them or need one.
import type { Fault } from '../../src/core/validation/fault.ts';
import { validate } from '../../src/core/validation/validate.ts';
import { SHAPES } from '../../src/gen/shape/all.ts';
import { SECCOMP_PROFILE_SHAPE } from '../../src/gen/shape/seccomp-profile.ts';
import { SECURITY_PROFILES_OPERATOR_DAEMON_SHAPE } from '../../src/gen/shape/security-profiles-operator-daemon.ts';

/** Every fault of a value that should be an object of a kind. */
export type Validator = (value: unknown) => readonly Fault[];

/** The validators by kind. */
export const VALIDATORS: ReadonlyMap<string, Validator> = new Map(
  await Promise.all(
    Object.entries(SHAPES).map(async ([kind, load]): Promise<readonly [string, Validator]> => {
      const shape = await load();
      return [kind, (value) => validate(value, shape)];
    }),
  ),
);

/** Every fault of a value that should be a SeccompProfile. */
export const validateSeccompProfile: Validator = (value) => validate(value, SECCOMP_PROFILE_SHAPE);

/** Every fault of a value that should be a SecurityProfilesOperatorDaemon. */
export const validateSecurityProfilesOperatorDaemon: Validator = (value) =>
  validate(value, SECURITY_PROFILES_OPERATOR_DAEMON_SHAPE);
