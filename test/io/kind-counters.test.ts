// SPDX-License-Identifier: Apache-2.0
// The counters as Prometheus reads them.
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { KIND_COUNTERS } from '../../src/core/metrics.ts';
import { countersOfAllKinds, KindCounters } from '../../src/io/kind-counters.ts';

function error(reason: string, count: number): string {
  return `security_profiles_operator_seccomp_profile_error_total{reason="${reason}"} ${String(count)}`;
}

describe('io/kind-counters', () => {
  it("prints the manual's lines", async () => {
    const registry = new Registry();
    const counters = new KindCounters(registry, KIND_COUNTERS.seccomp);
    counters.done('update');
    counters.done('update');
    counters.done('delete');
    counters.failed('InvalidSeccompProfile');
    expect((await registry.metrics()).split('\n').filter((line) => line !== '')).to.deep.equal([
      '# HELP security_profiles_operator_seccomp_profile_total Counter about seccomp profile operations.',
      '# TYPE security_profiles_operator_seccomp_profile_total counter',
      'security_profiles_operator_seccomp_profile_total{operation="update"} 2',
      'security_profiles_operator_seccomp_profile_total{operation="delete"} 1',
      '# HELP security_profiles_operator_seccomp_profile_error_total Counter about seccomp profile errors.',
      '# TYPE security_profiles_operator_seccomp_profile_error_total counter',
      error('SeccompNotSupportedOnNode', 0),
      error('InvalidSeccompProfile', 1),
      error('ProfileNotAllowed', 0),
      error('NamespaceBudgetExceeded', 0),
      error('CannotPullSeccompProfile', 0),
      error('CannotSaveSeccompProfile', 0),
      error('CannotRemoveSeccompProfile', 0),
      error('CannotUpdateSeccompProfile', 0),
      error('CannotUpdateNodeStatus', 0),
    ]);
  });

  it('counts an error where its reason belongs', async () => {
    const registry = new Registry();
    countersOfAllKinds(registry).failed('CannotUpdateAppArmorProfile');
    const lines = (await registry.metrics()).split('\n').filter((line) => line.endsWith(' 1'));
    expect(lines).to.deep.equal([
      'security_profiles_operator_apparmor_profile_error_total{reason="CannotUpdateAppArmorProfile"} 1',
    ]);
  });
});
