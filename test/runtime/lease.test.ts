// SPDX-License-Identifier: Apache-2.0
// Elections among processes on one fake API server, with time in the test's hand.
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { KubeClient } from '../../src/runtime/client.ts';
import { LEASE } from '../../src/runtime/kinds.ts';
import { leaseStep, observe, parseLease } from '../../src/runtime/lease.ts';
import { LeaderElector } from '../../src/runtime/leader.ts';
import { RuntimeMetrics } from '../../src/runtime/metrics.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { FakeClock } from '../fakes/clock.ts';
import { keptLog } from '../fakes/operator.ts';

const place = { name: 'spo', namespace: 'security-profiles-operator' };

describe('leaseStep()', () => {
  const record = { holder: 'a', durationMs: 15_000, transitions: 2, acquireTime: undefined, mark: 'a 1' };

  it('lets nobody take a lease that was renewed within its length, by our own clock', () => {
    expect(leaseStep({ record, since: 0 }, 'b', 14_999)).to.deep.equal({ type: 'wait' });
    expect(leaseStep({ record, since: 0 }, 'b', 15_000)).to.deep.equal({ type: 'take', transitions: 3 });
    const renewed = observe({ record, since: 0 }, { ...record, mark: 'a 2' }, 10_000);
    expect(leaseStep(renewed, 'b', 15_000)).to.deep.equal({ type: 'wait' });
  });

  it('lets everybody take a lease that was given back, and the holder renew', () => {
    expect(leaseStep({ record: { ...record, holder: '' }, since: 0 }, 'b', 0)).to.deep.equal({
      type: 'take',
      transitions: 3,
    });
    expect(leaseStep({ record, since: 0 }, 'a', 99_999)).to.deep.equal({ type: 'renew' });
  });

  it('takes a lease without a spec for nobody’s', () => {
    const empty = parseLease({ apiVersion: 'v1', kind: 'Lease', metadata: { name: 'x' } });
    expect(empty).to.deep.include({ holder: '', durationMs: 0, transitions: 0 });
  });
});

describe('LeaderElector', () => {
  let api: FakeApiServer;
  let clock: FakeClock;
  let history: string[];
  const stops: AbortController[] = [];
  const runs: Promise<void>[] = [];

  beforeEach(() => {
    api = new FakeApiServer({ kinds: [] });
    clock = new FakeClock();
    history = [];
  });

  afterEach(async () => {
    for (const stop of stops) stop.abort();
    await Promise.all(runs.splice(0));
    stops.length = 0;
  });

  function elector(identity: string): LeaderElector {
    const metrics = new RuntimeMetrics(new Registry());
    return new LeaderElector({ ...place, identity }, { client: new KubeClient(api), clock, log: keptLog([]), metrics });
  }

  function run(
    identity: string,
    elected = elector(identity),
  ): { readonly stop: AbortController; readonly end: Promise<void> } {
    const stop = new AbortController();
    const lead = (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        history.push(`${identity} leads`);
        signal.addEventListener('abort', () => {
          history.push(`${identity} stops`);
          resolve();
        });
      });
    const end = elected.run(lead, stop.signal);
    stops.push(stop);
    runs.push(end);
    return { stop, end };
  }

  const holder = () => parseLease(api.get(LEASE, place) ?? { apiVersion: '', kind: '', metadata: { name: '' } }).holder;

  it('lets one lead, and the other take over when the first has vanished', async () => {
    run('a');
    await clock.advance(100);
    run('b');
    await clock.advance(30_000);
    expect(history).to.deep.equal(['a leads']);
    api.fault = ({ method, body }) =>
      method === 'PUT' && JSON.stringify(body).includes('"a"') ? new Error('cut') : undefined;
    await clock.advance(12_000);
    expect(history).to.deep.equal(['a leads', 'a stops']);
    await clock.advance(8000);
    expect(history).to.deep.equal(['a leads', 'a stops', 'b leads']);
    expect(holder()).to.equal('b');
  });

  it('lets the same one lead on when the wall clock is set a day forward or back', async () => {
    run('a');
    await clock.advance(100);
    run('b');
    for (const day of [86_400_000, -86_400_000, 0]) {
      clock.wallMs = day;
      await clock.advance(40_000);
    }
    expect(history).to.deep.equal(['a leads']);
    expect(holder()).to.equal('a');
  });

  it('stops leading before anybody else may begin', async () => {
    const times: number[] = [];
    run('a');
    await clock.advance(1);
    run('b');
    await clock.advance(1);
    api.fault = ({ method, body }) =>
      method === 'PUT' && JSON.stringify(body).includes('"a"') ? new Error('cut') : undefined;
    for (let ms = 0; ms < 30_000 && history.length < 3; ms += 100) {
      const known = history.length;
      await clock.advance(100);
      if (history.length > known) times.push(clock.monotonic());
    }
    expect(history).to.deep.equal(['a leads', 'a stops', 'b leads']);
    expect((times[1] ?? 0) - (times[0] ?? 0)).to.be.greaterThan(2000);
  });

  it('hands over within one retry when it gives the lease back', async () => {
    const first = elector('a');
    const { stop, end } = run('a', first);
    await clock.advance(1);
    run('b');
    await clock.advance(5000);
    stop.abort();
    await end;
    await first.release(new AbortController().signal);
    expect(holder()).to.equal('');
    await clock.advance(2400);
    expect(history).to.deep.equal(['a leads', 'a stops', 'b leads']);
  });

  it('leads on at once after a restart under the same name', async () => {
    const { stop, end } = run('a');
    await clock.advance(1);
    stop.abort();
    await end;
    run('a');
    await clock.advance(1);
    expect(history).to.deep.equal(['a leads', 'a stops', 'a leads']);
  });

  it('survives the conflicts and refusals of an API server', async () => {
    let turn = 0;
    api.fault = () => {
      turn += 1;
      return turn % 3 === 0 ? { status: 409, body: {} } : undefined;
    };
    run('a');
    await clock.advance(30_000);
    expect(history).to.deep.equal(['a leads']);
  });
});
