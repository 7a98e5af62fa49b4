// SPDX-License-Identifier: Apache-2.0
// Counting of reviews, and that each is told of: what a burst of them leaves in memory is collected some time later.
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { WebhookMetrics } from '../../src/io/webhook-metrics.ts';

describe('io/webhook-metrics', () => {
  it('counts reviews by webhook and outcome, and tells of each', async () => {
    const registry = new Registry();
    let told = 0;
    const metrics = new WebhookMetrics(registry, ['binding.spo.io'], () => (told += 1));
    metrics.reviewed('binding.spo.io', 'bound', 2);
    metrics.reviewed('binding.spo.io', 'bound', 3);
    expect(told).to.equal(2);
    const lines = (await registry.metrics()).split('\n');
    const bound = lines.filter((line) => line.includes('outcome="bound"') && line.endsWith(' 2'));
    expect(bound).to.have.length(1);
  });
});
