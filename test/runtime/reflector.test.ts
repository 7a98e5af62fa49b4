// SPDX-License-Identifier: Apache-2.0
// A reflector on the fake API server: whatever goes wrong, the store ends up like the server.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { SILENT } from '../../src/core/log.ts';
import { SYSTEM_CLOCK } from '../../src/io/clock.ts';
import { KubeClient } from '../../src/runtime/client.ts';
import { Intake } from '../../src/runtime/intake.ts';
import type { Source } from '../../src/runtime/handler.ts';
import { Reflector, REFLECTOR_TUNING } from '../../src/runtime/reflector.ts';
import type { ReflectorTuning } from '../../src/runtime/reflector.ts';
import { Store } from '../../src/runtime/store.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { keptLog, until, WIDGET, widget } from '../fakes/operator.ts';
import type { LogLine } from '../fakes/operator.ts';

const key = (name: string) => ({ namespace: 'default', name });

describe('Reflector', () => {
  let api: FakeApiServer;
  let store: Store;
  let stop: AbortController;
  let ended: Promise<void>;
  let synced: number;
  let lines: LogLine[];

  beforeEach(() => {
    api = new FakeApiServer({ kinds: [WIDGET] });
    store = new Store();
    stop = new AbortController();
    ended = Promise.resolve();
    synced = 0;
    lines = [];
  });

  afterEach(async () => {
    stop.abort();
    await ended;
  });

  function start(source: Partial<Source> = {}, tuning: Partial<ReflectorTuning> = {}, namespace = ''): void {
    const backoff = { firstMs: 2, capMs: 20, jitter: 0.5 };
    const parts = {
      client: new KubeClient(api),
      clock: SYSTEM_CLOCK,
      log: keptLog(lines),
      tuning: { ...REFLECTOR_TUNING, pageSize: 2, backoff, absentMs: 20, ...tuning },
    };
    const whole = { resource: WIDGET, ...source };
    const intake = new Intake(whole, store, () => undefined);
    const scope = { source: whole, namespace, store, intake, onSynced: () => (synced += 1) };
    ended = new Reflector(parts, scope).run(stop.signal);
  }

  const names = () => [...store.keys()].sort().map((text) => text.replace('default/', ''));
  const same = (...wanted: string[]) => until(`store with ${wanted.join()}`, () => names().join() === wanted.join());
  const watching = () => until('watch', () => api.openWatches === 1);

  it('lists in pages, then watches from there, and says once that it is complete', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) api.put(widget(name));
    start();
    await watching();
    api.put(widget('f'));
    await same('a', 'b', 'c', 'd', 'e', 'f');
    api.delete(WIDGET, key('a'));
    await same('b', 'c', 'd', 'e', 'f');
    expect(synced).to.equal(1);
    expect(api.requests.map(({ query }) => query['limit'] ?? query['watch'])).to.deep.equal(['2', '2', '2', '1']);
  });

  it('continues after a connection that broke, and misses no deletion', async () => {
    api.put(widget('a'));
    api.put(widget('b'));
    start();
    await watching();
    api.endWatches(new Error('cut'));
    api.delete(WIDGET, key('a'));
    await same('b');
    expect(api.requests.filter(({ query }) => query['limit'] !== undefined)).to.have.length(1);
  });

  it('continues a watch that ended regularly, from the version of the last bookmark', async () => {
    start();
    await watching();
    for (let turn = 0; turn < 3; turn += 1)
      api.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: `n${String(turn)}` } });
    api.sendToWatches();
    await new Promise((resolve) => setTimeout(resolve, 5));
    api.compact();
    api.endWatches();
    await until('second watch', () => api.requests.filter(({ query }) => query['watch'] !== undefined).length === 2);
    await watching();
    expect(api.requests.filter(({ query }) => query['limit'] !== undefined)).to.have.length(1);
  });

  it('lists again after 410, and sees what was deleted meanwhile', async () => {
    api.put(widget('a'));
    api.put(widget('b'));
    start();
    await watching();
    api.endWatches(new Error('cut'));
    api.delete(WIDGET, key('a'));
    api.compact();
    await same('b');
  });

  it('lists again after an ERROR event with 410 in an open watch', async () => {
    api.put(widget('a'));
    start();
    await watching();
    api.sendToWatches({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
    await until('second list', () => api.requests.filter(({ query }) => query['limit'] !== undefined).length === 2);
    await same('a');
  });

  it('reads a list without pages when its pages expire', async () => {
    for (const name of ['a', 'b', 'c']) api.put(widget(name));
    api.fault = ({ query }) => {
      if (query?.['continue'] === undefined) return undefined;
      api.put(widget('d'));
      api.compact();
      return undefined;
    };
    start();
    await same('a', 'b', 'c', 'd');
    expect(api.requests.at(2)?.query).to.deep.equal({});
  });

  it('survives 503, 429 and no answer at all, and keeps the time that the server asks for', async () => {
    const faults = [
      { status: 503, body: undefined },
      new Error('connect ECONNREFUSED'),
      { status: 429, body: undefined, retryAfterMs: 60 },
    ];
    api.fault = () => faults.shift();
    api.put(widget('a'));
    const begun = performance.now();
    start();
    await same('a');
    expect(performance.now() - begun).to.be.greaterThan(59);
  });

  it('does not wait as long as the server says for the cache of a kind that has just been defined', async () => {
    const message = 'storage is (re)initializing';
    const body = { kind: 'Status', status: 'Failure', reason: 'TooManyRequests', code: 429, message };
    const faults = [{ status: 429, body, retryAfterMs: 60_000 }];
    api.fault = () => faults.shift();
    api.put(widget('a'));
    start();
    await same('a');
    expect(faults).to.deep.equal([]);
  });

  it('lists again when a watch shows something that it cannot read', async () => {
    start();
    await watching();
    api.sendToWatches({ type: 'ADDED', object: 'nonsense' });
    await until('second list', () => api.requests.filter(({ query }) => query['limit'] !== undefined).length === 2);
  });

  it('takes a watch that has fallen silent for dead', async () => {
    start({}, { silenceMs: 30 });
    await watching();
    await until('third watch', () => api.requests.filter(({ query }) => query['watch'] !== undefined).length >= 3);
    expect(lines.map(({ fields }) => String(fields['error'])).join()).to.include('the watch fell silent');
    expect(api.openWatches).to.be.lessThan(2);
  });

  it('does not hammer a server that ends every watch at once', async () => {
    api.fault = ({ query }) => (query?.['watch'] === undefined ? undefined : { status: 200, body: undefined });
    const begun = performance.now();
    start({}, { backoff: { firstMs: 20, capMs: 40, jitter: 0 } });
    await until('requests', () => api.requests.length >= 9);
    expect(performance.now() - begun).to.be.greaterThan(100);
  });

  it('asks the server for what the source selects, and no more', async () => {
    api.put({ ...widget('a'), metadata: { ...widget('a').metadata, labels: { on: 'yes' } } });
    api.put(widget('b'));
    start({ selector: { labelSelector: 'on=yes' } }, {}, 'default');
    await watching();
    api.put({ ...widget('b'), metadata: { ...widget('b').metadata, labels: { on: 'yes' } } });
    await same('a', 'b');
    api.put({ ...widget('a'), metadata: { ...widget('a').metadata, labels: {} } });
    await same('b');
    expect(api.requests[0]?.path).to.equal('/apis/test.example.com/v1/namespaces/default/widgets');
  });

  it('drops what only other writers need: managedFields and the copy that kubectl keeps', async () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'long', mine: 'x' };
    api.put({
      ...widget('a'),
      metadata: { ...widget('a').metadata, annotations, ...{ managedFields: [{ manager: 'm' }] } },
    });
    start();
    await same('a');
    expect(store.get(key('a'))?.metadata).to.not.have.property('managedFields');
    expect(store.get(key('a'))?.metadata.annotations).to.deep.equal({ mine: 'x' });
  });

  it('counts a kind that need not exist as empty, until it does exist', async () => {
    let exists = false;
    api.fault = () => (exists ? undefined : { status: 404, body: undefined });
    api.put(widget('a'));
    start({ optional: true });
    await until('complete', () => synced === 1);
    exists = true;
    await same('a');
    expect(lines.filter(({ level }) => level === 'warn')).to.deep.equal([]);
  });

  it('asks seldom for a kind that need not exist', async () => {
    api.fault = () => ({ status: 404, body: undefined });
    start({ optional: true }, { absentMs: REFLECTOR_TUNING.absentMs });
    await until('complete', () => synced === 1);
    await sleep(100);
    expect(api.requests).to.have.length(1);
  });

  it('tells the deletion of all objects when a kind that need not exist goes away', async () => {
    let exists = true;
    const deleted: string[] = [];
    store.subscribe(({ type, object }) => type === 'deleted' && deleted.push(object.metadata.name));
    api.fault = () => (exists ? undefined : { status: 404, body: undefined });
    api.put(widget('a'));
    api.put(widget('b'));
    start({ optional: true });
    await watching();
    exists = false;
    api.endWatches(new Error('cut'));
    await until('empty store', () => names().length === 0);
    expect(deleted.sort()).to.deep.equal(['a', 'b']);
    exists = true;
    await same('a', 'b');
    expect(synced).to.equal(1);
  });

  it('stops at once, even in the middle of a wait', async () => {
    api.fault = () => new Error('down');
    start({}, { backoff: { firstMs: 60_000, capMs: 60_000, jitter: 0 } });
    await until('failure', () => lines.length > 0);
    stop.abort();
    await ended;
  });

  it('says so when it keeps failing', async () => {
    api.fault = () => new Error('down');
    start();
    await until('warning', () => lines.some(({ level }) => level === 'warn'));
    expect(SILENT.named('x')).to.equal(SILENT);
  });
});
