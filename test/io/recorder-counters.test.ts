// SPDX-License-Identifier: Apache-2.0
// The eBPF recorder's counters as Prometheus reads them, and how series of containers go.
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { RecorderCounters } from '../../src/io/recorder-counters.ts';

const callsOf = (...numbers: readonly number[]) => new Map([['SCMP_ARCH_X86_64', new Set(numbers)] as const]);

describe('io/recorder-counters', () => {
  it('shows every reason of a loss from the start, so that the first one changes a rate', async () => {
    const registry = new Registry();
    new RecorderCounters(registry, 'n');
    for (const reason of ['too-many-containers', 'unknown-container']) {
      expect(await registry.metrics()).to.include(`bpf_recorder_dropped_total{reason="${reason}"} 0`);
    }
  });

  it("prints the manual's line with the different calls of a container, and takes it away with it", async () => {
    const registry = new Registry();
    const counters = new RecorderCounters(registry, 'worker');
    const series = async () => (await registry.metrics()).split('\n').filter((line) => /\{.* [1-9]/.test(line));
    counters.seen('unknown', { id: 'b', calls: callsOf(1) });
    counters.entered('a', 4026533352);
    const seen = [callsOf(1, 2), callsOf(1, 2), callsOf(1, 2, 7)].map((calls) =>
      counters.seen('my-recording-nginx', { id: 'a', calls }),
    );
    expect(seen).to.deep.equal([true, false, false]);
    counters.dropped('unknown-container');
    const prefix = 'security_profiles_operator_';
    const dropped = `${prefix}bpf_recorder_dropped_total{reason="unknown-container"} 1`;
    const labels = 'node="worker",mount_namespace="4026533352",profile="my-recording-nginx"';
    expect(await series()).to.deep.equal([`${prefix}seccomp_profile_bpf_total{${labels}} 3`, dropped]);
    for (const id of ['a', 'b']) counters.gone(id);
    expect(await series()).to.deep.equal([dropped]);
  });
});
