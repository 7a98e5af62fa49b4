// SPDX-License-Identifier: Apache-2.0
// The metrics of gates as Prometheus reads them.
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { GateCounters } from '../../src/io/gate-counters.ts';

describe('io/gate-counters', () => {
  it('shows both outcomes from the start, waits in seconds, and the pods that wait now', async () => {
    const registry = new Registry();
    const counters = new GateCounters(registry);
    counters.opened('installed', 0.2);
    counters.gated(3);
    const text = await registry.metrics();
    const wait = 'security_profiles_operator_pod_gate_wait_seconds';
    expect(text).to.include(`${wait}_bucket{le="0.1",outcome="installed"} 0`);
    expect(text).to.include(`${wait}_bucket{le="0.25",outcome="installed"} 1`);
    expect(text).to.include(`${wait}_count{outcome="timeout"} 0`);
    expect(text).to.include('security_profiles_operator_gated_pods 3');
  });
});
