// SPDX-License-Identifier: Apache-2.0
// The log enricher's counters as Prometheus reads them, and how series of pods go.
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { AuditCounters } from '../../src/io/audit-counters.ts';

const place = { node: '127.0.0.1', namespace: 'default', pod: 'log-pod', container: 'log-container' };
const common = { timestamp: '1.1:1', pid: 1, executable: '/usr/sbin/nginx' };

describe('io/audit-counters', () => {
  it("prints the manual's lines, and takes them away with their container", async () => {
    const registry = new Registry();
    const counters = new AuditCounters(registry);
    const seccomp = {
      type: 'seccomp',
      ...common,
      architecture: 'SCMP_ARCH_X86_64',
      isDenied: false,
      isOfRuntime: false,
    } as const;
    const series = async () => (await registry.metrics()).split('\n').filter((line) => line.includes('{'));
    counters.count({ ...seccomp, syscallID: 12, syscallName: 'brk' }, place, 17);
    counters.count({ ...seccomp, syscallID: 12, syscallName: 'brk' }, place, 1);
    counters.count({ ...seccomp, syscallID: 3, syscallName: 'close' }, { ...place, pod: 'b' }, 1);
    const contexts = { scontext: 's', tcontext: 't', tclass: 'file', perm: 'read', isDenied: true };
    counters.count({ type: 'selinux', ...common, ...contexts }, place, 2);
    const labels = 'node="127.0.0.1",namespace="default",pod="log-pod",container="log-container"';
    const other = labels.replace('log-pod', 'b');
    const nginx = 'executable="/usr/sbin/nginx"';
    const prefix = 'security_profiles_operator_';
    expect(await series()).to.deep.equal([
      `${prefix}seccomp_profile_audit_total{${labels},${nginx},syscall="brk"} 18`,
      `${prefix}seccomp_profile_audit_total{${other},${nginx},syscall="close"} 1`,
      `${prefix}selinux_profile_audit_total{${labels},${nginx},scontext="s",tcontext="t"} 2`,
    ]);
    counters.forget(place);
    counters.dropped('unattributed', 3);
    expect(await series()).to.deep.equal([
      `${prefix}seccomp_profile_audit_total{${other},${nginx},syscall="close"} 1`,
      `${prefix}log_enricher_dropped_total{reason="unattributed"} 3`,
    ]);
  });
});
