// SPDX-License-Identifier: Apache-2.0
// Watches, lists and reconciles when the network or the real API server fails: each fault that was measured
// of the bare framework, and those of the clients that were looked at beside it.
import { expect } from 'chai';
import { isLongLine } from '../../src/runtime/api.ts';
import { parseObject } from '../../src/runtime/client.ts';
import { NAMESPACE, NODE } from '../../src/runtime/kinds.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { testParts, until, WIDGET, WidgetHandler } from '../fakes/operator.ts';
import { Bench, namespaceObject, never, startPlane } from './runtime-plane.ts';

describe('the runtime on a real API server: reading', () => {
  let plane: ControlPlane;
  let bench: Bench;
  let handler: WidgetHandler;

  before(async function () {
    this.timeout(1_200_000);
    plane = await startPlane();
  });

  beforeEach(async () => {
    bench = await Bench.create(plane);
    handler = new WidgetHandler();
  });

  afterEach(() => bench.close());

  const called = (...calls: readonly string[]) =>
    until(calls.join(), () => calls.every((call) => handler.calls.includes(call)));

  async function run(tuning = {}, transport = bench.transport): Promise<void> {
    const operator = bench.operator({ transport, tuning: { ...testParts(transport).tuning, ...tuning } });
    operator.register(handler);
    await operator.start();
  }

  it('tries again what a handler throws, logs it, and comes through', async () => {
    await bench.put('a');
    handler.onApply = () => {
      if (handler.calls.length < 4) throw new Error('not this time');
      return {};
    };
    await run();
    await until('fourth pass', () => handler.calls.length === 4);
    expect(bench.lines.filter(({ level }) => level === 'error')).to.have.length(3);
  });

  it('does not let a slow object hold up others, nor another kind', async () => {
    const nodes: string[] = [];
    const slow = Promise.withResolvers<undefined>();
    const operator = bench.operator();
    operator.register(handler);
    operator.register({
      kind: NODE,
      name: 'node',
      rules: [],
      apply: async (node: KubeObject) => {
        nodes.push(node.metadata.name);
        return {};
      },
    });
    handler.onApply = async (object) => {
      if (object.metadata.name === 'a') await slow.promise;
      return {};
    };
    await bench.put('a');
    await operator.start();
    await called('apply a');
    await bench.put('b');
    const name = `n-${bench.namespace}`;
    await bench.client.create(NODE, undefined, { apiVersion: 'v1', kind: 'Node', metadata: { name } }, never);
    await called('apply b');
    await until('node', () => nodes.includes(name));
    slow.resolve(undefined);
  });

  it('is shown large objects in the form in which it can leave out a spec', async () => {
    const text = ',"spec":{"a":1},"status":{'.repeat(4000);
    await bench.put('a', { text });
    await bench.edit('a', { metadata: { annotations: { note: ',"spec":{' } } });
    await bench.client.patch(WIDGET, bench.key('a'), { status: { size: 1, note: ',"status":{' } }, never, 'status');
    const object = await bench.get('a');
    const rest = Object.fromEntries(Object.entries(object ?? {}).filter(([name]) => name !== 'spec'));
    const from = { resourceVersion: '', timeoutSeconds: 30 };
    const ending = new AbortController();
    const stream = await bench.client.watch(WIDGET, { namespace: bench.namespace }, from, ending.signal);
    const first = await stream.lines[Symbol.asyncIterator]().next();
    const value: unknown = first.value;
    ending.abort();
    if (!isLongLine(value)) throw new Error('it is no long line');
    const objectOf = (event: unknown): KubeObject =>
      parseObject((event as { readonly object: unknown }).object, WIDGET);
    expect(objectOf(value.withoutSpec())).to.deep.equal(rest);
    expect(objectOf(value.whole())).to.deep.equal({ ...rest, spec: { text } });
  });

  it('sees a deletion that happens while a watch that the server ended is not yet renewed', async () => {
    await bench.put('a');
    await run();
    await called('apply a');
    await until('watch', () => bench.proxy.watchesOf('widgets').length === 1);
    bench.proxy.endWatches();
    await bench.remove('a');
    await called('gone a');
    expect(bench.proxy.listsOf('widgets')).to.have.length(1);
  });

  it('goes on after connections were reset, with what changed meanwhile, and never ends the process', async () => {
    await bench.put('a');
    await bench.put('b');
    await run();
    await called('apply a', 'apply b');
    await until('watch', () => bench.proxy.watchesOf('widgets').length === 1);
    bench.proxy.trouble = () => 'break';
    bench.proxy.breakAll();
    await bench.remove('a');
    await bench.put('c');
    await new Promise((resolve) => setTimeout(resolve, 100));
    bench.proxy.trouble = () => undefined;
    await called('gone a', 'apply c');
  });

  it('goes on after a time of 503s, asking ever more rarely', async () => {
    await run();
    await until('watch', () => bench.proxy.watchesOf('widgets').length === 1);
    bench.proxy.trouble = () => ({ status: 503 });
    bench.proxy.endWatches();
    const begun = performance.now();
    await bench.put('a');
    const asked = (): number => bench.proxy.passed.filter(({ status }) => status === 503).length;
    await until('questions', () => asked() >= 15);
    const took = performance.now() - begun;
    bench.proxy.trouble = () => undefined;
    await called('apply a');
    // Without a wait they would be asked in less than that.
    expect(took).to.be.greaterThan(150);
  });

  it('waits as long as a 429 says', async () => {
    await run();
    await until('watch', () => bench.proxy.watchesOf('widgets').length === 1);
    let refusals = 1;
    bench.proxy.trouble = () => (refusals-- > 0 ? { status: 429, headers: { 'retry-after': '1' } } : undefined);
    const begun = performance.now();
    bench.proxy.endWatches();
    await bench.put('a');
    await called('apply a');
    expect(performance.now() - begun).to.be.at.least(1000);
  });

  it('lists again when an open watch says 410, and finds what was deleted', async () => {
    await bench.put('a');
    await run();
    await called('apply a');
    await until('watch', () => bench.proxy.watchesOf('widgets').length === 1);
    bench.proxy.freezeWatches();
    await bench.remove('a');
    bench.proxy.inject({ type: 'ERROR', object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 } });
    await called('gone a');
    expect(bench.proxy.listsOf('widgets')).to.have.length(2);
  });

  for (const code of [500, 403, 504]) {
    it(`goes on after an open watch has said ${String(code)}, and misses nothing`, async () => {
      await bench.put('a');
      await run();
      await called('apply a');
      await until('watch', () => bench.proxy.watchesOf('widgets').length === 1);
      bench.proxy.freezeWatches();
      await bench.remove('a');
      await bench.put('b');
      bench.proxy.inject({ type: 'ERROR', object: { kind: 'Status', status: 'Failure', message: 'trouble', code } });
      await called('gone a', 'apply b');
      expect(bench.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
    });
  }

  it('notices that the other end of a watch has vanished without a word', async () => {
    await bench.put('first');
    await run({ silenceMs: 1500 });
    await until('watch', () => bench.proxy.watchesOf('widgets').length === 1);
    await bench.put('a');
    await called('apply a');
    bench.proxy.freezeWatches();
    await bench.put('b');
    await called('apply b');
    // One that is slow to show something is renewed, too, and then there is a list.
    expect(bench.proxy.listsOf('widgets').length).to.be.at.most(bench.proxy.watchesOf('widgets').length - 1);
  });

  it('lists again when the server says nothing to a watch from a version that it has not reached', async () => {
    await bench.put('a');
    let ahead = 1;
    bench.proxy.rewrite = (url) =>
      url.includes('/widgets?') && url.includes('watch=1') && ahead-- > 0
        ? url.replace(/resourceVersion=(\d+)/, (_, version) => `resourceVersion=${String(Number(version) + 100_000)}`)
        : url;
    await run({ silenceMs: 700 });
    await until('watch', () => bench.proxy.watchesOf('widgets').length === 1);
    await bench.put('b');
    await called('apply b');
    expect(bench.proxy.listsOf('widgets').length).to.be.greaterThan(1);
    expect(bench.proxy.watchesOf('widgets')[0]?.status).to.equal(200);
  });

  it('gives up on answers that never come, and asks again', async () => {
    let ignored = 1;
    bench.proxy.trouble = () => (ignored-- > 0 ? 'ignore' : undefined);
    await bench.put('a');
    await run({}, bench.transportWithin(2000));
    await called('apply a');
  });

  it('keeps the version of quiet watches fresh by bookmarks, so that they need no new list', async () => {
    await run({ watchSeconds: [3, 3] });
    const other = `${bench.namespace}-other`;
    await bench.client.create(NAMESPACE, undefined, namespaceObject(other), never);
    for (let turn = 0; turn < 3; turn += 1) {
      const made = { apiVersion: 'test.example.com/v1', kind: 'Widget', metadata: { name: `w${String(turn)}` } };
      await bench.client.create({ ...handler.kind }, other, made, never);
    }
    const versions = (): readonly number[] =>
      bench.proxy.watchesOf('widgets').map(({ url }) => Number(/resourceVersion=(\d+)/.exec(url)?.[1]));
    // A bookmark comes shortly before the end of a watch, if the server gets to it.
    await until('a watch from a later version', () => versions().some((version) => version > (versions()[0] ?? 0)));
    expect(bench.proxy.listsOf('widgets')).to.have.length(1);
    expect(bench.proxy.watchesOf('widgets')[0]?.url)
      .to.include('allowWatchBookmarks=true')
      .and.include('timeoutSeconds=3');
  }).timeout(300_000);

  it('reads long lists in pages, and every object once', async () => {
    await Promise.all(Array.from({ length: 45 }, (_, number) => bench.put(`w${String(number)}`)));
    await run({ pageSize: 20 });
    await until('45 passes', () => handler.calls.length === 45);
    expect(new Set(handler.calls).size).to.equal(45);
    expect(bench.proxy.listsOf('widgets')).to.have.length(3);
  });

  it('reads a list as a whole when its pages expire while they are read', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, number) => bench.put(`w${String(number)}`)));
    const expired = JSON.stringify({ kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 });
    bench.proxy.trouble = ({ url }) => (url.includes('continue=') ? { status: 410, body: expired } : undefined);
    await run({ pageSize: 5 });
    await until('12 passes', () => handler.calls.length === 12);
    const asked = bench.proxy.listsOf('widgets').map(({ url, status }) => {
      const query = new URL(url, bench.proxy.url).searchParams;
      return `${String(status)} ${[...query.keys()].join()}`;
    });
    expect(asked).to.deep.equal(['200 limit', '410 limit,continue', '200 ']);
  });

  it('watches several namespaces of one kind, and no other', async () => {
    const second = `${bench.namespace}-second`;
    for (const name of [second, `${bench.namespace}-third`]) {
      await bench.client.create(NAMESPACE, undefined, namespaceObject(name), never);
      const object = { apiVersion: 'test.example.com/v1', kind: 'Widget', metadata: { name: `in-${name}` } };
      await bench.client.create(handler.kind, name, object, never);
    }
    await bench.put('a');
    const operator = bench.operator({ namespaces: [bench.namespace, second] });
    operator.register(handler);
    await operator.start();
    await called('apply a', `apply in-${second}`);
    await bench.client.remove(handler.kind, { namespace: second, name: `in-${second}` }, {}, never);
    await called(`gone in-${second}`);
    expect(handler.calls.join()).to.not.include('third');
  });

  it('watches only what a selector selects', async () => {
    Object.assign(handler, { selector: { labelSelector: 'wanted=yes' } });
    await bench.put('a');
    await bench.put('b');
    await run();
    await bench.edit('a', { metadata: { labels: { wanted: 'yes' } } });
    await called('apply a');
    await bench.edit('a', { metadata: { labels: { wanted: 'no' } } });
    await called('gone a');
    expect(handler.calls).to.deep.equal(['apply a', 'gone a']);
  });

  it('uses few connections for many requests', async () => {
    handler.onApply = (object) => ({ status: { size: object.spec?.size ?? 0 } });
    await run();
    for (let turn = 0; turn < 40; turn += 1) await bench.put(`w${String(turn)}`, { size: turn });
    await until('40 statuses', () => bench.proxy.writes.length === 40);
    expect(bench.proxy.connections).to.be.lessThan(8);
  });

  it('outlives a killed API server: what changed before its end and after its start is handled, deletions too', async () => {
    for (const name of ['a', 'b', 'c']) await bench.put(name);
    await run();
    await called('apply a', 'apply b', 'apply c');
    bench.proxy.trouble = () => 'break';
    bench.proxy.breakAll();
    await bench.remove('a');
    await bench.put('e');
    await plane.stopApiServer('SIGKILL');
    bench.proxy.trouble = () => undefined;
    await plane.startApiServer();
    await bench.remove('b');
    await bench.put('d');
    await called('gone a', 'gone b', 'apply d', 'apply e');
    // The new server's watch cache begins after the version that we had seen: a real 410.
    expect(bench.proxy.listsOf('widgets').length).to.be.greaterThan(1);
  }).timeout(300_000);

  it('outlives an API server that stands still for a while', async () => {
    await run({ silenceMs: 1000 }, bench.transportWithin(2000));
    await until('watch', () => bench.proxy.watchesOf('widgets').length === 1);
    plane.haltApiServer(true);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    plane.haltApiServer(false);
    await bench.put('a');
    await called('apply a');
  }).timeout(300_000);
});
