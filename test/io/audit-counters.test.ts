// SPDX-License-Identifier: Apache-2.0
// The log enricher's counters as Prometheus reads them, and how series of pods go.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { ENRICHER_DROPS } from '../../src/core/metrics.ts';
import { AuditCounters } from '../../src/io/audit-counters.ts';

const place = { node: '127.0.0.1', namespace: 'default', pod: 'log-pod', container: 'log-container' };
const common = { timestamp: '1.1:1', pid: 1, executable: '/usr/sbin/nginx' };

describe('io/audit-counters', () => {
  it('shows every reason of a loss from the start, so that the first one changes a rate', async () => {
    const registry = new Registry();
    new AuditCounters(registry);
    const reasons = ['unknown-container', 'too-many-kinds', 'not-understood', 'unattributed', 'lost'];
    for (const reason of reasons) {
      expect(await registry.metrics()).to.include(`log_enricher_dropped_total{reason="${reason}"} 0`);
    }
  });

  it('knows every reason that the compiled program tells', () => {
    const source = readFileSync(new URL('../../native/bpf/src/auditor/report.c', import.meta.url), 'utf8');
    const told = [...source.matchAll(/\[DROP_\w+\] = "([a-z-]+)"/g)].map(([, reason]) => reason);
    expect(told).to.have.length.above(3);
    expect(ENRICHER_DROPS).to.include.members(told);
  });

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
    const series = async () => (await registry.metrics()).split('\n').filter((line) => /\{.* [1-9]/.test(line));
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
