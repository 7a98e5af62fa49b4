// SPDX-License-Identifier: Apache-2.0
// The runtime's writes to a real API server, their number, and its behaviour beside another writer.
import { expect } from 'chai';
import { Rejected } from '../../src/core/errors.ts';
import type { Reader } from '../../src/runtime/handler.ts';
import { CONFIG_MAP, EVENT, LEASE } from '../../src/runtime/kinds.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import type { PatchStep } from '../../src/runtime/outcome.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until, WIDGET, WidgetHandler } from '../fakes/operator.ts';
import { Bench, never, startPlane } from './runtime-plane.ts';

const held = 'test.example.com/held';
const others = 'test.example.com/theirs';

describe('the runtime on a real API server: writing', () => {
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

  async function run(): Promise<Reader<KubeObject>> {
    const operator = bench.operator();
    const maps = operator.reader({ resource: CONFIG_MAP });
    operator.register(handler);
    await operator.start();
    return maps;
  }

  const quiet = () => new Promise((resolve) => setTimeout(resolve, 300));
  const configMap = (data: object): KubeObject => {
    const metadata = { name: 'made', namespace: bench.namespace };
    return Object.assign({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, { data });
  };
  const madeMap = () => bench.client.get(CONFIG_MAP, bench.key('made'), never);
  const statusOf = (object: KubeObject | undefined) =>
    object !== undefined && 'status' in object ? object.status : undefined;

  it('needs two writes for an object with a finalizer and a status, and none at rest', async () => {
    Object.assign(handler, { finalizer: held });
    handler.onApply = (object) => ({ status: { size: object.spec?.size ?? 0 }, desired: [] });
    await run();
    for (let turn = 0; turn < 20; turn += 1) await bench.put(`w${String(turn)}`, { size: turn });
    await until('forty writes', () => bench.proxy.writes.length >= 40);
    await quiet();
    expect(bench.proxy.writes).to.have.length(40);
    expect(handler.calls).to.have.length(20);
  });

  it('writes nothing after a restart when everything already is as it should be', async () => {
    Object.assign(handler, { finalizer: held });
    handler.onApply = (object) => ({ status: { size: object.spec?.size ?? 0 } });
    await bench.put('a', { size: 1 });
    await run();
    // The server has a status before its answer has passed the proxy.
    await until('both writes', () => bench.proxy.writes.length === 2);
    await quiet();
    const before = bench.proxy.writes.length;
    handler = Object.assign(new WidgetHandler(), { finalizer: held, onApply: handler.onApply });
    await run();
    await until('pass', () => handler.calls.length === 1);
    await quiet();
    expect(bench.proxy.writes).to.have.length(before);
  });

  it('never loses the finalizers of others, though both are changed at the same time', async () => {
    Object.assign(handler, { finalizer: held });
    await run();
    for (let turn = 0; turn < 10; turn += 1) {
      const name = `w${String(turn)}`;
      await bench.put(name);
      const add = async (): Promise<void> => {
        const { metadata } = (await bench.get(name)) ?? configMap({});
        const finalizers = [...(metadata.finalizers ?? []), others];
        const patch = { metadata: { resourceVersion: metadata.resourceVersion, finalizers } };
        await bench.edit(name, patch).catch(() => add());
      };
      await add();
      await bench.see('both', name, (object) => object?.metadata.finalizers?.length === 2);
    }
    expect(bench.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  it('runs cleanup() at a deletion and lets the object go, even if it began while nothing ran', async () => {
    Object.assign(handler, { finalizer: held });
    await bench.put('a');
    await bench.edit('a', { metadata: { finalizers: [held] } });
    await bench.remove('a');
    await run();
    await bench.see('its end', 'a', (object) => object === undefined);
    expect(handler.calls[0]).to.equal('cleanup a');
  });

  it('keeps an object whose cleanup() fails, tries again, and lets it go then', async () => {
    Object.assign(handler, { finalizer: held });
    let failures = 3;
    handler.onCleanup = () => {
      if (failures-- > 0) throw new Error('the file is busy');
      return {};
    };
    await bench.put('a');
    await run();
    await bench.see('finalizer', 'a', (object) => object?.metadata.finalizers?.includes(held) === true);
    await bench.remove('a');
    await bench.see('its end', 'a', (object) => object === undefined);
    expect(handler.calls.filter((call) => call === 'cleanup a')).to.have.length(4);
  });

  it('brings a status about although somebody else keeps changing the object', async () => {
    handler.onApply = (object) => ({ status: { size: object.spec?.size ?? 0 } });
    await bench.put('a', { size: 0 });
    await run();
    for (let size = 1; size <= 20; size += 1) await bench.edit('a', { spec: { size } });
    await bench.see('the last status', 'a', (object) => JSON.stringify(statusOf(object)) === '{"size":20}');
    expect(bench.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  it('repairs a status that somebody else has changed', async () => {
    handler.onApply = () => ({ status: { size: 1, note: 'ours' } });
    await bench.put('a');
    await run();
    await bench.see('status', 'a', (object) => statusOf(object) !== undefined);
    await bench.client.patch(WIDGET, bench.key('a'), { status: { note: 'theirs', more: true } }, never, 'status');
    await bench.see('repair', 'a', (object) => JSON.stringify(statusOf(object)) === '{"note":"ours","size":1}');
  });

  it('does not take the status of an object that is gone for a failure', async () => {
    const deleted = Promise.withResolvers<undefined>();
    handler.onApply = async () => {
      await bench.remove('a');
      deleted.resolve(undefined);
      return { status: { size: 1 } };
    };
    await bench.put('a');
    await run();
    await deleted.promise;
    await until('gone', () => handler.calls.includes('gone a'));
    expect(bench.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  it('applies desired objects once, removes what they no longer name, and leaves the fields of others', async () => {
    let data: object = { one: '1', two: '2' };
    handler.onApply = () => ({ desired: [configMap(data)] });
    await bench.put('a');
    await run();
    await until('write', () => bench.proxy.writes.length === 1);
    await bench.client.patch(CONFIG_MAP, bench.key('made'), { data: { theirs: 'x' } }, never);
    data = { one: '1' };
    await bench.edit('a', { spec: { size: 2 } });
    await until('second write', () => bench.proxy.writes.length === 2);
    await bench.edit('a', { spec: { size: 3 } });
    await until('third pass', () => handler.calls.length === 3);
    await quiet();
    expect(await madeMap()).to.have.deep.property('data', { one: '1', theirs: 'x' });
    expect(bench.proxy.writes).to.have.length(2);
    const yaml = await plane.kubectl('-n', bench.namespace, 'get', 'cm', 'made', '-o', 'yaml', '--show-managed-fields');
    expect(yaml).to.include('manager: widget').and.include('operation: Apply');
  });

  it('repairs a desired object that somebody changes or deletes', async () => {
    Object.assign(handler, { watches: [{ resource: CONFIG_MAP, mapToKeys: () => [bench.key('a')] }] });
    handler.onApply = () => ({ desired: [configMap({ one: '1' })] });
    await bench.put('a');
    await run();
    await until('write', () => bench.proxy.writes.length === 1);
    await bench.client.patch(CONFIG_MAP, bench.key('made'), { data: { one: '2' } }, never);
    await until('repair', () => bench.proxy.writes.length === 2);
    await bench.client.remove(CONFIG_MAP, bench.key('made'), {}, never);
    await until('new object', () => bench.proxy.writes.length === 3);
    await quiet();
    expect(await madeMap()).to.have.deep.property('data', { one: '1' });
    expect(bench.proxy.writes).to.have.length(3);
  });

  it('repairs a desired object that is watched by its name alone', async () => {
    const selector = { namespace: bench.namespace, fieldSelector: 'metadata.name=made' };
    Object.assign(handler, { watches: [{ resource: CONFIG_MAP, selector, mapToKeys: () => [bench.key('a')] }] });
    handler.onApply = () => ({ desired: [configMap({ one: '1' })] });
    await bench.put('a');
    await run();
    await until('write', () => bench.proxy.writes.length === 1);
    await bench.client.remove(CONFIG_MAP, bench.key('made'), {}, never);
    await until('new object', () => bench.proxy.writes.length === 2);
    await quiet();
    expect(await madeMap()).to.have.deep.property('data', { one: '1' });
    expect(bench.proxy.writes).to.have.length(2);
  });

  it('takes a failed test of a JSON patch for a conflict, and a patch that makes an object invalid for a refusal', async () => {
    const map = await bench.client.create(CONFIG_MAP, bench.namespace, configMap({ one: 'x', two: 'y' }), never);
    const steps = (value: string): readonly PatchStep[] => [
      { op: 'test', path: '/data/one', value },
      { op: 'remove', path: '/data/one' },
    ];
    const invalid: readonly PatchStep[] = [{ op: 'add', path: '/metadata/labels', value: { a: '/' } }];
    handler.onApply = () => {
      if (handler.calls.length > 3) return {};
      const chosen = [steps('old'), steps('x'), invalid][handler.calls.length - 1] ?? [];
      return { patches: [{ of: map, steps: chosen }], requeueAfterMs: 1 };
    };
    await bench.put('a');
    await run();
    await until('four passes', () => handler.calls.length === 4);
    expect(await madeMap()).to.have.deep.property('data', { two: 'y' });
    expect(bench.proxy.writes.map(({ status }) => status)).to.deep.equal([422, 200, 422]);
    expect(bench.lines.filter(({ level }) => level === 'error')).to.have.length(1);
  });

  it('deletes what is obsolete, but not another object that has taken its name', async () => {
    await bench.client.create(CONFIG_MAP, bench.namespace, configMap({ old: 'x' }), never);
    handler.onApply = () => ({
      toDelete: [{ apiVersion: 'v1', kind: 'ConfigMap', ...bench.key('made') }],
    });
    await bench.put('a');
    const maps = await run();
    await until('deletion', () => bench.proxy.writes.length === 1);
    // Each kind has a watch of its own: that of widgets may be ahead.
    await until('its sight', () => maps.get(bench.key('made')) === undefined);
    await bench.edit('a', { spec: { size: 2 } });
    await until('second pass', () => handler.calls.length === 2);
    await quiet();
    expect(await madeMap()).to.equal(undefined);
    expect(bench.proxy.writes.map(({ method, status }) => `${method} ${String(status)}`)).to.deep.equal(['DELETE 200']);
  });

  it('keeps integers of 63 bits exact on their way from one object into another', async () => {
    const big = 9223372036854775807n;
    await bench.client.create(
      WIDGET,
      bench.namespace,
      { apiVersion: 'test.example.com/v1', kind: 'Widget', metadata: { name: 'a' }, spec: { mask: big } },
      never,
    );
    handler.onApply = (object) => ({
      status: { note: JSON.stringify(Object.values(object.spec ?? {}).map(String)) },
    });
    await run();
    await bench.see('status', 'a', (object) => JSON.stringify([statusOf(object)]).includes('9223372036854775807'));
  });

  it('shows a rejection in kubectl describe', async () => {
    handler.onApply = () => {
      throw new Rejected('InvalidSeccompProfile', 'spec.size of a: must be positive');
    };
    await bench.put('a');
    await run();
    await until('event', () => bench.proxy.writes.some(({ url, status }) => url.includes('/events') && status === 201));
    const text = await plane.kubectl('-n', bench.namespace, 'describe', 'widget', 'a');
    expect(text).to.match(/Warning\s+InvalidSeccompProfile\s+\S+\s+widget\s+spec\.size of a: must be positive/);
  });

  it('counts an event that repeats on one object', async () => {
    handler.onApply = () => ({ events: [{ type: 'Normal', reason: 'Seen', message: 'seen again' }] });
    await bench.put('a');
    await run();
    for (let size = 1; size <= 3; size += 1) {
      await bench.edit('a', { spec: { size } });
      await until('pass', () => handler.calls.length === size + 1);
    }
    await until('four writes', () => bench.proxy.writes.length === 4);
    const events = await bench.client.list(EVENT, { namespace: bench.namespace }, { limit: 0, next: '' }, never);
    expect(events.items).to.have.length(1);
    expect(events.items[0]).to.have.property('count', 4);
  });

  it('lets one of two processes work; the other takes over when the first stops', async () => {
    const second = new WidgetHandler();
    const leader = (identity: string) => ({
      leader: {
        name: 'test',
        namespace: bench.namespace,
        identity,
        timing: { leaseMs: 30_000, renewMs: 25_000, retryMs: 200 },
      },
    });
    const [one, two] = [bench.operator(leader('one')), bench.operator(leader('two'))];
    one.register(handler);
    two.register(second);
    await bench.put('a');
    await one.start();
    await until('pass of one', () => handler.calls.length === 1);
    await two.start();
    await bench.put('b');
    await until('pass of one over b', () => handler.calls.includes('apply b'));
    expect(second.calls).to.deep.equal([]);
    await one.stop();
    await bench.put('c');
    // On a busy machine the lease may not be given back in time, and runs out.
    await until('pass of two', () => second.calls.includes('apply c'), 120_000);
    expect(handler.calls).to.not.include('apply c');
    const lease = await bench.client.get(LEASE, bench.key('test'), never);
    expect(lease).to.have.nested.property('spec.holderIdentity', 'two');
  });

  it('stops working when it cannot renew its lease, before another begins', async () => {
    const timing = { leaseMs: 3000, renewMs: 1000, retryMs: 200 };
    const operator = bench.operator({ leader: { name: 'test', namespace: bench.namespace, identity: 'one', timing } });
    operator.register(handler);
    await operator.start();
    await bench.put('a');
    await until('pass', () => handler.calls.length === 1);
    bench.proxy.trouble = ({ url }) => (url.includes('/leases') ? { status: 503 } : undefined);
    await until('loss', () => bench.lines.some(({ message }) => message.includes('lost the lead')));
    await bench.put('b');
    await quiet();
    expect(handler.calls).to.not.include('apply b');
    bench.proxy.trouble = () => undefined;
    await until('return', () => handler.calls.includes('apply b'));
  }).timeout(300_000);
});
