// SPDX-License-Identifier: Apache-2.0
// Elections over a network that is slow, in either direction, and carries out what nobody waits for any more.
import { expect } from 'chai';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import type { ApiRequest, ApiResponse, ApiStream, Transport } from '../../src/runtime/api.ts';
import { KubeClient } from '../../src/runtime/client.ts';
import { sleep } from '../../src/runtime/clock.ts';
import { LEASE } from '../../src/runtime/kinds.ts';
import { LeaderElector } from '../../src/runtime/leader.ts';
import { parseLease } from '../../src/runtime/lease.ts';
import { RuntimeMetrics } from '../../src/runtime/metrics.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { FakeClock } from '../fakes/clock.ts';
import { keptLog } from '../fakes/operator.ts';

const place = { name: 'spo', namespace: 'security-profiles-operator' };
const never = new AbortController().signal;

/** How long a request is under way, and its answer. */
interface Delay {
  readonly thereMs: number;
  readonly backMs: number;
}

/** A way to the server that takes time. A request that is broken off reaches it all the same. */
class SlowNetwork implements Transport {
  delayOf: (request: ApiRequest) => Delay = () => ({ thereMs: 0, backMs: 0 });
  private readonly api: FakeApiServer;
  private readonly clock: FakeClock;

  constructor(api: FakeApiServer, clock: FakeClock) {
    this.api = api;
    this.clock = clock;
  }

  request(request: ApiRequest, signal: AbortSignal): Promise<ApiResponse> {
    const answer = this.carry(request, this.delayOf(request));
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('broken off')));
      answer.then(resolve, reject);
    });
  }

  stream(): Promise<ApiStream> {
    return Promise.reject(new Error('nobody watches leases'));
  }

  private async carry(request: ApiRequest, { thereMs, backMs }: Delay): Promise<ApiResponse> {
    if (thereMs > 0) await sleep(this.clock, thereMs, never);
    const answer = await this.api.request(request, never);
    if (backMs > 0) await sleep(this.clock, backMs, never);
    return answer;
  }
}

/** Processes that want to lead, and who does. */
class Candidates {
  readonly api = new FakeApiServer({ kinds: [] });
  readonly clock = new FakeClock();
  readonly network = new SlowNetwork(this.api, this.clock);
  readonly leading = new Set<string>();
  readonly history: string[] = [];
  most = 0;
  private readonly stops: AbortController[] = [];
  private readonly runs: Promise<void>[] = [];

  start(identity: string): {
    readonly elector: LeaderElector;
    readonly stop: AbortController;
    readonly end: Promise<void>;
  } {
    const { clock } = this;
    const metrics = new RuntimeMetrics(new Registry());
    const client = new KubeClient(this.network);
    const elector = new LeaderElector({ ...place, identity }, { client, clock, log: keptLog([]), metrics });
    const stop = new AbortController();
    const end = elector.run((signal) => this.lead(identity, signal), stop.signal);
    this.stops.push(stop);
    this.runs.push(end);
    return { elector, stop, end };
  }

  get holder(): string | undefined {
    const lease = this.api.get(LEASE, place);
    return lease === undefined ? undefined : parseLease(lease).holder;
  }

  async end(): Promise<void> {
    for (const stop of this.stops) stop.abort();
    await Promise.all(this.runs);
  }

  private lead(identity: string, signal: AbortSignal): Promise<void> {
    this.leading.add(identity);
    this.most = Math.max(this.most, this.leading.size);
    this.history.push(`${identity} leads`);
    return new Promise((resolve) => {
      const stop = () => {
        this.leading.delete(identity);
        this.history.push(`${identity} stops`);
        resolve();
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop);
    });
  }
}

const bodyHas = (request: ApiRequest, text: string) => JSON.stringify(request.body ?? '').includes(text);

describe('LeaderElector on a slow network', () => {
  let world: Candidates;

  beforeEach(() => {
    world = new Candidates();
  });

  afterEach(() => world.end());

  it('does not lead by a lease that was taken so long ago that others may have it', async () => {
    let slow = 1;
    world.network.delayOf = (request) => {
      const isTake = request.method === 'POST' && bodyHas(request, '"a"') && slow-- > 0;
      return { thereMs: 0, backMs: isTake ? 28_000 : 0 };
    };
    world.start('a');
    await world.clock.advance(1);
    world.start('b');
    await world.clock.advance(60_000);
    expect(world.most).to.equal(1);
    expect(world.history).to.deep.equal(['a leads']);
  });

  it('counts a renewal from when it was sent, however late its answer comes', async () => {
    world.start('a');
    await world.clock.advance(1);
    world.start('b');
    await world.clock.advance(1);
    let renewals = 1;
    world.network.delayOf = (request) => {
      if (!bodyHas(request, '"a"')) return { thereMs: 0, backMs: 0 };
      return renewals-- > 0 ? { thereMs: 0, backMs: 4900 } : { thereMs: 600_000, backMs: 0 };
    };
    await world.clock.advance(60_000);
    expect(world.most).to.equal(1);
    expect(world.history.slice(0, 3)).to.deep.equal(['a leads', 'a stops', 'b leads']);
  });

  it('asks again at once after a conflict', async () => {
    world.start('a');
    await world.clock.advance(1);
    const touched = world.api.get(LEASE, place);
    if (touched !== undefined)
      world.api.put({ ...touched, metadata: { ...touched.metadata, labels: { touched: 'yes' } } });
    await world.clock.advance(2100);
    const asked = world.api.requests.map(({ method, status }) => `${method} ${String(status)}`);
    expect(asked).to.deep.equal(['GET 404', 'POST 201', 'PUT 409', 'GET 200', 'PUT 200']);
  });

  it('waits a lease out that somebody has deleted', async () => {
    world.start('a');
    await world.clock.advance(1);
    world.start('b');
    await world.clock.advance(4000);
    world.network.delayOf = (request) => ({ thereMs: bodyHas(request, '"a"') ? 600_000 : 0, backMs: 0 });
    world.api.delete(LEASE, place);
    await world.clock.advance(60_000);
    expect(world.most).to.equal(1);
    expect(world.history).to.deep.equal(['a leads', 'a stops', 'b leads']);
  });

  it('gives the lease back though the stop broke off a renewal, whether that was carried out or not', async () => {
    for (const thereMs of [0, 200, 600_000]) {
      world = new Candidates();
      const { elector, stop, end } = world.start('a');
      await world.clock.advance(1);
      world.network.delayOf = ({ method }) =>
        method === 'PUT' ? { thereMs, backMs: 600_000 } : { thereMs: 0, backMs: 0 };
      await world.clock.advance(2100);
      stop.abort();
      await end;
      world.network.delayOf = () => ({ thereMs: 0, backMs: 0 });
      const released = elector.release(never);
      await world.clock.advance(1000);
      await released;
      expect(world.holder, `${String(thereMs)} ms`).to.equal('');
    }
  });

  it('asks nothing when it is stopped before it took part', async () => {
    const { elector, stop, end } = world.start('a');
    stop.abort();
    await world.clock.advance(100);
    await end;
    const before = world.api.requests.length;
    await elector.release(never);
    expect(world.api.requests.length).to.equal(before);
  });

  it('never has two leaders, whatever requests and answers take', async () => {
    const ms = fc.oneof(fc.constant(0), fc.nat(6000), fc.nat(40_000));
    const delays = fc.array(fc.record({ thereMs: ms, backMs: ms }), { minLength: 10, maxLength: 60 });
    const law = fc.asyncProperty(delays, fc.nat(3000), async (planned, later) => {
      world = new Candidates();
      let turn = 0;
      world.network.delayOf = () => planned[turn++] ?? { thereMs: 0, backMs: 0 };
      world.start('a');
      await world.clock.advance(later);
      world.start('b');
      await world.clock.advance(400_000);
      expect(world.most).to.be.at.most(1);
      expect(world.leading.size).to.equal(1);
      await world.end();
    });
    await fc.assert(law, { numRuns: 60 });
  }).timeout(120_000);
});
