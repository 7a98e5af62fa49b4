// SPDX-License-Identifier: Apache-2.0
// A process that does not lead, its start when it does, and the resync, under a clock of the test's own.
import { expect } from 'chai';
import { LEASE } from '../../src/runtime/kinds.ts';
import { leaseSpec } from '../../src/runtime/lease.ts';
import { SpoOperator } from '../../src/runtime/spo-operator.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { FakeClock } from '../fakes/clock.ts';
import { testParts, WIDGET, widget, WidgetHandler } from '../fakes/operator.ts';

const place = { name: 'test', namespace: 'default' };
const key = (name: string) => ({ namespace: 'default', name });

describe('a process that does not lead', () => {
  let api: FakeApiServer;
  let clock: FakeClock;
  let handler: WidgetHandler;
  let parts: ReturnType<typeof testParts>;
  let operator: SpoOperator;
  let wake: (key: { readonly namespace: string; readonly name: string }) => void;
  let renewals = 0;

  beforeEach(async () => {
    api = new FakeApiServer({ kinds: [WIDGET] });
    clock = new FakeClock();
    handler = new WidgetHandler();
    parts = testParts(api);
    operator = SpoOperator.create({ ...parts, clock, leader: { ...place, identity: 'me' } });
    wake = operator.register(handler);
    api.put(widget('a'));
    api.put(widget('b'));
    holdLease();
    await operator.start();
  });

  afterEach(async () => {
    const stopped = operator.stop();
    await clock.advance(1000);
    await stopped;
  });

  /** Somebody else holds the lease, and has just renewed it. */
  function holdLease(): void {
    renewals += 1;
    const times = { acquireTime: '', renewTime: String(renewals) };
    const spec = leaseSpec({ holder: 'other', leaseMs: 15_000, transitions: 1, ...times });
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: place, spec };
    api.put(lease);
  }

  async function stayOnStandby(minutes: number): Promise<void> {
    for (let turn = 0; turn < minutes * 6; turn += 1) {
      holdLease();
      await clock.advance(10_000);
    }
  }

  async function metric(name: string): Promise<number> {
    const line = new RegExp(`^${name}\\{.*controller="widget".*\\} (.+)$`, 'm').exec(await parts.registry.metrics());
    return Number(line?.[1] ?? 0);
  }

  it('lets nothing wait, and looks at what is there when it takes over, without the wait of hours', async () => {
    api.put(widget('c'));
    await stayOnStandby(2);
    api.delete(WIDGET, key('a'));
    await stayOnStandby(2);
    expect([await metric('workqueue_depth'), await metric('workqueue_adds_total')]).to.deep.equal([0, 0]);
    await clock.advance(30_000);
    expect([...handler.calls].sort()).to.deep.equal(['apply b', 'apply c']);
    expect(await metric('workqueue_queue_duration_seconds_sum')).to.be.lessThan(1);
    api.put(widget('d'));
    await clock.advance(100);
    expect(handler.calls).to.include('apply d');
  });

  it('does not forget what it is asked for meanwhile', async () => {
    wake(key('missing'));
    await stayOnStandby(1);
    expect(await metric('workqueue_depth')).to.equal(0);
    await clock.advance(30_000);
    expect(handler.calls).to.include('gone missing');
  });

  it('hears of deletions from a time in which it had lost the lead', async () => {
    await clock.advance(30_000);
    expect([...handler.calls].sort()).to.deep.equal(['apply a', 'apply b']);
    holdLease();
    await stayOnStandby(1);
    api.delete(WIDGET, key('a'));
    handler.calls.length = 0;
    await stayOnStandby(1);
    expect(handler.calls).to.deep.equal([]);
    await clock.advance(30_000);
    expect([...handler.calls].sort()).to.deep.equal(['apply b', 'gone a']);
  });

  it('tries again after it has lost and won the lead what had failed before', async () => {
    wake(key('missing'));
    handler.onApply = () => {
      throw new Error('not now');
    };
    await clock.advance(30_000);
    holdLease();
    await stayOnStandby(1);
    handler.onApply = () => ({});
    handler.calls.length = 0;
    await clock.advance(30_000);
    expect([...handler.calls].sort()).to.include.members(['apply a', 'apply b']);
    expect(api.get(LEASE, place)).to.have.nested.property('spec.holderIdentity', 'me');
  });
});

describe('a process that works', () => {
  it('looks at every object again after nine to ten hours, though nothing has changed', async () => {
    const api = new FakeApiServer({ kinds: [WIDGET] });
    const clock = new FakeClock();
    const handler = new WidgetHandler();
    const operator = SpoOperator.create({ ...testParts(api), clock });
    operator.register(handler);
    api.put(widget('a'));
    api.put(widget('b'));
    clock.chance = 0.5;
    await operator.start();
    await clock.advance(100);
    const passes: number[] = [handler.calls.length];
    for (let hour = 1; hour <= 20; hour += 1) {
      await clock.advance(3_600_000);
      passes.push(handler.calls.length);
    }
    expect([passes[9], passes[10], passes[18], passes[19]]).to.deep.equal([2, 4, 4, 6]);
    const stopped = operator.stop();
    await clock.advance(1000);
    await stopped;
  }).timeout(120_000);
});
