// SPDX-License-Identifier: Apache-2.0
// How often a reflector asks, and when it complains, with time in the test's hand: what lives long has worked, whatever
// ends it; what only seems to work is asked ever more rarely.
import { expect } from 'chai';
import { setImmediate as turn } from 'node:timers/promises';
import type { ApiRequest, ApiResponse, ApiStream, Transport } from '../../src/runtime/api.ts';
import { KubeClient } from '../../src/runtime/client.ts';
import { Intake } from '../../src/runtime/intake.ts';
import { Reflector, REFLECTOR_TUNING } from '../../src/runtime/reflector.ts';
import { Store } from '../../src/runtime/store.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { FakeClock } from '../fakes/clock.ts';
import { keptLog, WIDGET, widget } from '../fakes/operator.ts';
import type { LogLine } from '../fakes/operator.ts';

const bookmark = (version: number) => ({
  type: 'BOOKMARK',
  object: { kind: 'Widget', metadata: { resourceVersion: String(version) } },
});

/** A server whose every watch shows the same lines and then ends. */
class BriefWatches implements Transport {
  private readonly api: FakeApiServer;
  private readonly lines: () => readonly unknown[];

  constructor(api: FakeApiServer, lines: () => readonly unknown[]) {
    this.api = api;
    this.lines = lines;
  }

  request(request: ApiRequest, signal: AbortSignal): Promise<ApiResponse> {
    return this.api.request(request, signal);
  }

  async stream(request: ApiRequest, signal: AbortSignal): Promise<ApiStream> {
    const answer = await this.api.stream(request, signal);
    return { ...answer, lines: this.brief() };
  }

  private async *brief(): AsyncGenerator {
    await turn();
    yield* this.lines();
  }
}

describe('the pace of a reflector', () => {
  let api: FakeApiServer;
  let store: Store;
  let clock: FakeClock;
  let lines: LogLine[];
  let stop: AbortController;
  let ended: Promise<void>;

  beforeEach(() => {
    api = new FakeApiServer({ kinds: [WIDGET] });
    store = new Store();
    clock = new FakeClock();
    lines = [];
    stop = new AbortController();
  });

  afterEach(async () => {
    stop.abort();
    api.endWatches();
    await ended;
  });

  async function start(transport: Transport = api): Promise<void> {
    const parts = { client: new KubeClient(transport), clock, log: keptLog(lines), tuning: REFLECTOR_TUNING };
    const source = { resource: WIDGET };
    const intake = new Intake(source, store, () => undefined);
    const scope = { source, namespace: '', store, intake, onSynced: () => undefined };
    ended = new Reflector(parts, scope).run(stop.signal);
    await clock.advance(0);
  }

  const watches = () => api.requests.filter(({ query }) => query['watch'] !== undefined).length;
  const lists = () => api.requests.length - watches();
  const warnings = () => lines.filter(({ level }) => level === 'warn');

  /** How long it takes until a watch is open again. */
  async function waitForWatch(): Promise<number> {
    const begun = clock.monotonic();
    while (api.openWatches === 0 && clock.monotonic() - begun < 60_000) await clock.advance(50);
    return clock.monotonic() - begun;
  }

  it('renews a quiet watch at once, however often a balancer with a short patience cuts it', async () => {
    await start();
    for (let cut = 0; cut < 10; cut += 1) {
      await clock.advance(35_000);
      api.endWatches(new Error('read ECONNRESET'));
      expect(await waitForWatch()).to.be.lessThan(1000);
    }
    expect(warnings()).to.deep.equal([]);
    expect(lists()).to.equal(1);
  });

  it('waits ever longer where watches are cut at once, and complains', async () => {
    await start();
    let waited = 0;
    for (let cut = 0; cut < 10; cut += 1) {
      await clock.advance(1000);
      api.endWatches(new Error('read ECONNRESET'));
      waited = await waitForWatch();
    }
    expect(waited).to.be.greaterThan(10_000);
    expect(warnings().length).to.be.greaterThan(5);
  });

  for (const code of [410, 500, 403]) {
    it(`asks ever more rarely, and complains, where every watch only shows an error (${String(code)})`, async () => {
      await start(new BriefWatches(api, () => [{ type: 'ERROR', object: { kind: 'Status', code } }]));
      await clock.advance(60_000);
      expect(watches()).to.be.within(5, 12);
      expect(lists()).to.be.at.most(watches() + 1);
      expect(warnings().length).to.be.greaterThan(3);
    });
  }

  it('asks ever more rarely, and complains, where every watch shows a bookmark and ends', async () => {
    await start(new BriefWatches(api, () => [bookmark(api.version)]));
    await clock.advance(60_000);
    expect(watches()).to.be.within(5, 12);
    expect(warnings().length).to.be.greaterThan(3);
  });

  it('does not wait for a day because a server says so', async () => {
    api.fault = () => ({ status: 429, body: {}, retryAfterMs: 86_400_000 });
    await start();
    api.fault = () => undefined;
    await clock.advance(61_000);
    expect([lists(), watches()]).to.deep.equal([2, 1]);
  });

  it('asks again at once where a watch has shown a change and ended', async () => {
    await start();
    for (let size = 1; size <= 20; size += 1) {
      api.put(widget('a', { size }));
      await clock.advance(0);
      api.endWatches();
      await clock.advance(0);
      expect(api.openWatches).to.equal(1);
    }
    expect(warnings()).to.deep.equal([]);
  });

  it('does not take a change for news that every watch shows again', async () => {
    api.put(widget('a'));
    await start(new BriefWatches(api, () => [{ type: 'MODIFIED', object: api.list(WIDGET)[0] }]));
    await clock.advance(60_000);
    expect(watches()).to.be.within(5, 12);
  });

  it('goes on where it was when a watch falls silent that has shown something', async () => {
    await start();
    api.sendToWatches();
    await clock.advance(REFLECTOR_TUNING.silenceMs + 1000);
    expect([watches(), lists()]).to.deep.equal([2, 1]);
  });

  it('lists again when a watch goes back: the cluster was restored from a backup', async () => {
    api.put(widget('a', { size: 1 }));
    const backup = api.version;
    api.put(widget('a', { size: 2 }));
    api.put(widget('b'));
    await start();
    await clock.advance(1000);
    api.restore(backup);
    await waitForWatch();
    api.sendToWatches(bookmark(api.version));
    await clock.advance(1000);
    expect(store.list()).to.deep.equal(api.list(WIDGET));
    expect(store.list()).to.have.length(1);
  });

  it('takes what a restored cluster has, though it has given our versions again', async () => {
    api.put(widget('a', { size: 1 }));
    const backup = api.version;
    for (const size of [2, 3]) api.put(widget('a', { size }));
    api.put(widget('b'));
    await start();
    api.restore(backup);
    for (const size of [7, 8]) api.put(widget('a', { size }));
    for (const name of ['c', 'd']) api.put(widget(name));
    await waitForWatch();
    api.sendToWatches(bookmark(backup));
    await clock.advance(1000);
    expect(store.list()).to.have.deep.members(api.list(WIDGET));
  });

  it('finds a restored cluster out though it says nothing of versions up to ours', async () => {
    for (let size = 1; size < 10; size += 1) api.put(widget('a', { size }));
    await start();
    api.restore(3);
    await waitForWatch();
    api.put(widget('c'));
    for (let minute = 0; minute < 3; minute += 1) {
      api.sendToWatches();
      await clock.advance(60_000);
    }
    expect(store.list()).to.have.deep.members(api.list(WIDGET));
    expect(store.list()).to.have.length(2);
  });
});
