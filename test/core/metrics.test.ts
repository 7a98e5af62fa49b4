// SPDX-License-Identifier: Apache-2.0
// The metrics that the manual promises, by name and label.
import { expect } from 'chai';
import { COUNTERS, SECCOMP_ERRORS, SELINUX_ERRORS } from '../../src/core/metrics.ts';

/** The manual's table "Available metrics". */
const MANUAL: Readonly<Record<string, readonly string[]>> = {
  seccomp_profile_total: ['operation'],
  seccomp_profile_audit_total: ['node', 'namespace', 'pod', 'container', 'executable', 'syscall'],
  seccomp_profile_bpf_total: ['node', 'mount_namespace', 'profile'],
  seccomp_profile_error_total: ['reason'],
  selinux_profile_total: ['operation'],
  selinux_profile_audit_total: ['node', 'namespace', 'pod', 'container', 'executable', 'scontext', 'tcontext'],
  selinux_profile_error_total: ['reason'],
};

/** The same table's reasons of seccomp errors. */
const MANUAL_REASONS = [
  'SeccompNotSupportedOnNode',
  'InvalidSeccompProfile',
  'CannotSaveSeccompProfile',
  'CannotRemoveSeccompProfile',
  'CannotUpdateSeccompProfile',
  'CannotUpdateNodeStatus',
] as const;

/** And of SELinux errors. */
const MANUAL_SELINUX_REASONS = [
  'CannotSaveSelinuxPolicy',
  'CannotUpdatePolicyStatus',
  'CannotRemoveSelinuxPolicy',
  'CannotContactSelinuxd',
  'CannotWritePolicyFile',
  'CannotGetPolicyStatus',
] as const;

describe('core/metrics', () => {
  it("has the manual's reasons", () => {
    expect(SECCOMP_ERRORS).to.include.members([...MANUAL_REASONS]);
    expect(SELINUX_ERRORS).to.include.members([...MANUAL_SELINUX_REASONS]);
  });

  it("has the manual's metrics with the manual's labels", () => {
    const ours = Object.fromEntries(Object.values(COUNTERS).map(({ name, labels }) => [name, labels]));
    expect(ours).to.deep.equal(MANUAL);
  });
});
