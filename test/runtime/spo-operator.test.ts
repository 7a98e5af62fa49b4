// SPDX-License-Identifier: Apache-2.0
// The whole machine on the fake API server: what a handler is called with, and what is written.
import { expect } from 'chai';
import { Failed, NotYet, Rejected } from '../../src/core/errors.ts';
import { SYSTEM_CLOCK } from '../../src/io/clock.ts';
import type { Transport } from '../../src/runtime/api.ts';
import { aborted } from '../../src/runtime/clock.ts';
import { CONFIG_MAP, EVENT, NODE } from '../../src/runtime/kinds.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import { SpoOperator } from '../../src/runtime/spo-operator.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { testParts, until, WIDGET, widget, WidgetHandler } from '../fakes/operator.ts';
import type { LogLine } from '../fakes/operator.ts';

const key = { namespace: 'default', name: 'a' };
const configMap = (data: Record<string, string>): KubeObject & { data: object } => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'made', namespace: 'default' },
  data,
});

/** The server with watches that show nothing, as where an answer overtakes them for long. */
function withSilentWatches(api: FakeApiServer): Transport {
  async function* silent(signal: AbortSignal): AsyncGenerator {
    await aborted(signal);
    yield* [];
  }
  return {
    request: (request, signal) => api.request(request, signal),
    stream: async (request, signal) => ({ ...(await api.stream(request, signal)), lines: silent(signal) }),
  };
}

describe('SpoOperator', () => {
  let api: FakeApiServer;
  let operator: SpoOperator;
  let handler: WidgetHandler;
  let lines: LogLine[];

  beforeEach(() => {
    api = new FakeApiServer({ kinds: [WIDGET] });
    lines = [];
    operator = SpoOperator.create(testParts(api, lines));
    handler = new WidgetHandler();
  });

  afterEach(() => operator.stop());

  async function run(): Promise<void> {
    operator.register(handler);
    await operator.start();
  }

  it('hands every listed object to apply() once, over several pages', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) api.put(widget(name));
    await run();
    await until('seven passes', () => handler.calls.length >= 7);
    expect([...handler.calls].sort()).to.deep.equal(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `apply ${name}`));
  });

  it('tells a handler that work begins, before the first object', async () => {
    api.put(widget('a'));
    const told = Object.assign(handler, { begin: () => void handler.calls.push(`begin ${String(api.writes.length)}`) });
    operator.register(told);
    await operator.start();
    await until('a pass', () => handler.calls.length >= 2);
    expect(handler.calls).to.deep.equal(['begin 0', 'apply a']);
  });

  it('writes a status once, and nothing more when nothing changes', async () => {
    api.put(widget('a', { size: 3 }));
    handler.onApply = (object) => ({ status: { size: object.spec?.size ?? 0 } });
    await run();
    await until('status', () => JSON.stringify(api.get(WIDGET, key)).includes('"status":{"size":3}'));
    api.put(widget('a', { size: 4 }));
    await until('status', () => JSON.stringify(api.get(WIDGET, key)).includes('"status":{"size":4}'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(api.writes.map(({ method, path }) => `${method} ${path}`)).to.deep.equal(
      Array(2).fill('PATCH /apis/test.example.com/v1/namespaces/default/widgets/a/status'),
    );
    expect(handler.calls).to.deep.equal(['apply a', 'apply a']);
  });

  it('tells of a step that a status takes when the status is written, and not when that is refused', async () => {
    api.put(widget('a'));
    let refusals = 1;
    api.fault = ({ path }) => (path.includes('/status') && refusals-- > 0 ? { status: 409, body: {} } : undefined);
    handler.onApply = () => {
      const reason = handler.calls.length === 1 ? 'Refused' : 'Taken';
      const event = { type: 'Normal', reason, message: 'a step', withStatus: true } as const;
      return { status: { size: 1 }, events: [event] };
    };
    await run();
    await until('event', () => api.list(EVENT).length > 0);
    expect(api.list(EVENT).map((event) => 'reason' in event && event.reason)).to.deep.equal(['Taken']);
  });

  it('tells the handler of an object that is gone, by its key', async () => {
    api.put(widget('a'));
    await run();
    await until('pass', () => handler.calls.length === 1);
    api.delete(WIDGET, key);
    await until('gone', () => handler.calls.includes('gone a'));
  });

  it('asks nothing more of an object that a write found gone, until the watch says so', async () => {
    api.put(widget('a'));
    handler.onApply = () => ({ status: { size: handler.calls.length }, requeueAfterMs: 1 });
    await run();
    await until('passes', () => handler.calls.length > 2);
    api.fault = ({ method }) => (method === 'PATCH' ? { status: 404, body: {} } : undefined);
    await until('a write that finds it gone', () => api.requests.some(({ status }) => status === 404));
    const before = handler.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(handler.calls.length).to.equal(before);
  });

  it('passes over the objects that a watched object names, before and after its change', async () => {
    api.put(widget('a'));
    api.put(widget('b'));
    const handlerOfNodes = Object.assign(handler, {
      watches: [
        {
          resource: NODE,
          mapToKeys: (node: KubeObject) => [{ namespace: 'default', name: node.metadata.labels?.['widget'] ?? '' }],
        },
      ],
    });
    operator.register(handlerOfNodes);
    await operator.start();
    await until('passes', () => handler.calls.length === 2);
    const node = (of: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels: { widget: of } } });
    api.put(node('a'));
    await until('pass over a', () => handler.calls.length === 3);
    api.put(node('b'));
    await until('passes over both', () => handler.calls.length === 5);
    expect(handler.calls.slice(2)).to.deep.equal(['apply a', 'apply a', 'apply b']);
  });

  it('applies desired objects under the name of the handler, and not again while they stand', async () => {
    api.put(widget('a', { size: 1 }));
    handler.onApply = (object) => ({ desired: [configMap({ size: String(object.spec?.size) })] });
    operator.reader({ resource: CONFIG_MAP });
    await run();
    await until('config map', () => api.get(CONFIG_MAP, { namespace: 'default', name: 'made' }) !== undefined);
    api.put({ ...widget('a', { size: 1 }), metadata: { ...widget('a').metadata, labels: { touched: 'yes' } } });
    await until('second pass', () => handler.calls.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(api.writes.map(({ query }) => query)).to.deep.equal([{ fieldManager: 'widget', force: 'true' }]);
  });

  const made = { namespace: 'default', name: 'made' };
  const named = { namespace: 'default', fieldSelector: 'metadata.name=made' };
  const identity = ({ apiVersion, kind, metadata }: KubeObject): KubeObject => ({ apiVersion, kind, metadata });
  for (const [how, source] of Object.entries({
    'as a whole': { resource: CONFIG_MAP },
    'by its name': { resource: CONFIG_MAP, selector: named },
    'by its name and cut down': { resource: CONFIG_MAP, selector: named, transform: identity },
    'cut down': { resource: CONFIG_MAP, transform: identity },
  })) {
    it(`applies a desired object again that somebody changed or deleted where it is watched ${how}`, async () => {
      api.put(widget('a'));
      Object.assign(handler, { watches: [{ ...source, mapToKeys: () => [key] }] });
      handler.onApply = () => ({ desired: [configMap({ size: '1' })] });
      await run();
      await until('config map', () => api.get(CONFIG_MAP, made) !== undefined);
      api.put(configMap({ size: '2' }));
      await until('repair', () => JSON.stringify(api.get(CONFIG_MAP, made)).includes('"size":"1"'));
      api.delete(CONFIG_MAP, made);
      await until('new one', () => api.get(CONFIG_MAP, made) !== undefined);
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(api.writes).to.have.length(3);
    });
  }

  it('applies what nobody watches again after ten minutes, when a pass comes by', async () => {
    let later = 0;
    const clock = { ...SYSTEM_CLOCK, monotonic: () => SYSTEM_CLOCK.monotonic() + later };
    operator = SpoOperator.create({ ...testParts(api, lines), clock });
    api.put(widget('a'));
    handler.onApply = () => ({ desired: [configMap({ size: '1' })] });
    await run();
    await until('config map', () => api.get(CONFIG_MAP, made) !== undefined);
    api.delete(CONFIG_MAP, made);
    api.put(widget('a', { size: 2 }));
    await until('second pass', () => handler.calls.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(api.writes, 'not with every pass').to.have.length(1);
    later = 600_000;
    api.put(widget('a', { size: 3 }));
    await until('new one', () => api.get(CONFIG_MAP, made) !== undefined);
  });

  it('applies everything again when it has lost the lead and has it again', async () => {
    const timing = { leaseMs: 300, renewMs: 100, retryMs: 20 };
    const leader = { name: 'test', namespace: 'default', identity: 'one', timing };
    operator = SpoOperator.create({ ...testParts(api, lines), leader });
    api.put(widget('a'));
    handler.onApply = () => ({ desired: [configMap({ size: '1' })] });
    await run();
    await until('config map', () => api.get(CONFIG_MAP, made) !== undefined);
    api.fault = ({ path }) => (path.includes('/leases') ? { status: 503, body: {} } : undefined);
    await until('loss', () => lines.some(({ message }) => message.includes('lost the lead')));
    api.delete(CONFIG_MAP, made);
    api.fault = () => undefined;
    await until('new one', () => api.get(CONFIG_MAP, made) !== undefined);
  });

  const taintedNode = (...keys: readonly string[]): KubeObject & { spec: object } => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n' },
    spec: { taints: keys.map((name) => ({ key: name, effect: 'NoSchedule' })) },
  });
  const taintsOf = (node: KubeObject | undefined): readonly { readonly key: string }[] =>
    Object.values(node ?? {}).flatMap((part: { taints?: readonly { key: string }[] }) => part.taints ?? []);

  it('patches an object of others, and does the pass again when a test of the patch fails', async () => {
    const seen = api.put(taintedNode('ours', 'other'));
    api.put(widget('a'));
    handler.onApply = () => {
      const at = taintsOf(api.get(NODE, { name: 'n' })).findIndex(({ key }) => key === 'ours');
      if (at < 0) return {};
      const place = handler.calls.length === 1 ? at + 1 : at;
      const steps = [
        { op: 'test', path: `/spec/taints/${String(place)}/key`, value: 'ours' },
        { op: 'remove', path: `/spec/taints/${String(place)}` },
      ] as const;
      return { patches: [{ of: seen, steps }], events: [{ type: 'Normal', reason: 'Free', message: 'freed' }] };
    };
    await run();
    await until('the taint to go', () => taintsOf(api.get(NODE, { name: 'n' })).length === 1);
    expect(taintsOf(api.get(NODE, { name: 'n' }))).to.deep.equal([{ key: 'other', effect: 'NoSchedule' }]);
    await until('the event', () => api.list(EVENT).length === 1);
    expect(handler.calls).to.deep.equal(['apply a', 'apply a']);
    expect(lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  it('does not patch another object that has taken the name', async () => {
    const seen = api.put(taintedNode('ours'));
    api.delete(NODE, { name: 'n' });
    api.put(taintedNode('ours'));
    api.put(widget('a'));
    handler.onApply = () =>
      handler.calls.length > 2 ? {} : { patches: [{ of: seen, steps: [{ op: 'remove', path: '/spec/taints/0' }] }] };
    await run();
    await until('a pass without a patch', () => handler.calls.length === 3);
    expect(taintsOf(api.get(NODE, { name: 'n' }))).to.have.length(1);
  });

  it('patches the handled object and writes its status after that, in one pass', async () => {
    api.put(widget('a', { text: 'x' }));
    handler.onApply = (object) => {
      if (object.spec?.text === undefined) return {};
      return { patches: [{ of: object, steps: [{ op: 'remove', path: '/spec/text' }] }], status: { size: 1 } };
    };
    await run();
    await until('status', () => JSON.stringify(api.get(WIDGET, key)).includes('"status":{"size":1}'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(api.get(WIDGET, key)).to.have.deep.property('spec', {});
    expect(handler.calls).to.deep.equal(['apply a']);
  });

  it('deletes obsolete objects with their uid and resourceVersion as preconditions', async () => {
    const { uid, resourceVersion } = api.put(configMap({})).metadata;
    api.put(widget('a'));
    operator.reader({ resource: CONFIG_MAP });
    handler.onApply = () => ({
      toDelete: [{ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'made' }],
    });
    await run();
    await until('deletion', () => api.get(CONFIG_MAP, { namespace: 'default', name: 'made' }) === undefined);
    expect(api.writes[0]?.body).to.have.deep.property('preconditions', { uid, resourceVersion });
  });

  it('holds an object with the outcome of apply(), runs cleanup() at its deletion, and lets it go', async () => {
    Object.assign(handler, { finalizer: 'test.example.com/held' });
    api.put(widget('a'));
    await run();
    const finalizers = () => api.get(WIDGET, key)?.metadata.finalizers;
    await until('finalizer', () => finalizers() !== undefined);
    expect(finalizers()).to.deep.equal(['test.example.com/held']);
    api.delete(WIDGET, key);
    await until('deletion', () => api.get(WIDGET, key) === undefined);
    await until('gone', () => handler.calls.includes('gone a'));
    expect(handler.calls).to.deep.equal(['apply a', 'cleanup a', 'gone a']);
    expect(api.writes).to.have.length(2);
  });

  it('keeps the finalizer while cleanup() wants it, and writes the status meanwhile', async () => {
    Object.assign(handler, { finalizer: 'test.example.com/held' });
    api.put(widget('a'));
    let busy = true;
    const metadata = { finalizers: { 'test.example.com/held': true } };
    handler.onCleanup = () => (busy ? { metadata, status: { note: 'in use' }, requeueAfterMs: 20 } : {});
    await run();
    await until('finalizer', () => api.get(WIDGET, key)?.metadata.finalizers !== undefined);
    api.delete(WIDGET, key);
    await until('status', () => JSON.stringify(api.get(WIDGET, key)).includes('in use'));
    busy = false;
    await until('deletion', () => api.get(WIDGET, key) === undefined);
  });

  it('leaves the finalizers of others alone', async () => {
    Object.assign(handler, { finalizer: 'test.example.com/held' });
    api.put({ ...widget('a'), metadata: { ...widget('a').metadata, finalizers: ['other.example.com/one'] } });
    await run();
    await until('finalizer', () => api.get(WIDGET, key)?.metadata.finalizers?.length === 2);
    expect(api.get(WIDGET, key)?.metadata.finalizers).to.deep.equal(['other.example.com/one', 'test.example.com/held']);
    api.delete(WIDGET, key);
    await until('release', () => api.get(WIDGET, key)?.metadata.finalizers?.length === 1);
    expect(api.get(WIDGET, key)?.metadata.finalizers).to.deep.equal(['other.example.com/one']);
  });

  it('does a pass again with the newer object after a conflict, without an alarm', async () => {
    api.put(widget('a', { size: 1 }));
    handler.onApply = (object) => {
      if (handler.calls.length === 1) api.put(widget('a', { size: 2 }));
      return { status: { size: object.spec?.size ?? 0 } };
    };
    await run();
    await until('status of the newer', () => JSON.stringify(api.get(WIDGET, key)).includes('"status":{"size":2}'));
    expect(lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  it('tells a rejection once, as a warning event, and does not retry', async () => {
    api.put(widget('a'));
    handler.onApply = () => {
      throw new Rejected('InvalidSeccompProfile', 'spec.size of a: must be positive');
    };
    await run();
    await until('event', () => api.list(EVENT).length > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(handler.calls).to.deep.equal(['apply a']);
    expect(api.list(EVENT)).to.have.length(1);
    expect(api.list(EVENT)[0]).to.include({ type: 'Warning', reason: 'InvalidSeccompProfile' });
    expect(api.list(EVENT)[0]).to.include({ message: 'spec.size of a: must be positive' });
  });

  it('waits quietly for what is not yet there', async () => {
    api.put(widget('a'));
    handler.onApply = () => {
      if (handler.calls.length < 3) throw new NotYet('the base is missing', { requeueAfterMs: 5 });
      return {};
    };
    await run();
    await until('third pass', () => handler.calls.length === 3);
    expect(lines.filter(({ level }) => level === 'error' || level === 'warn')).to.deep.equal([]);
  });

  it('tries again after any other error, logs its cause, and counts it', async () => {
    const parts = testParts(api, lines);
    operator = SpoOperator.create(parts);
    api.put(widget('a'));
    handler.onApply = () => {
      if (handler.calls.length < 4) {
        throw new Failed('CannotSaveSeccompProfile', 'write a.json', { cause: new Error('no space left on device') });
      }
      return {};
    };
    await run();
    await until('fourth pass', () => handler.calls.length === 4);
    await until('event', () => api.list(EVENT).length > 0);
    expect(lines.filter(({ level }) => level === 'error')).to.have.length(3);
    expect(await parts.registry.metrics()).to.include(
      'controller_runtime_reconcile_errors_total{controller="widget"} 3',
    );
    expect(api.list(EVENT)[0]).to.include({ message: 'write a.json: no space left on device' });
  });

  it('tells of a failure with one event, however often it is tried', async () => {
    api.put(widget('a'));
    handler.onApply = () => {
      throw new Failed('CannotSaveSeccompProfile', 'write a.json');
    };
    await run();
    await until('event', () => api.list(EVENT).length > 0);
    const reconciles = handler.calls.length;
    await until('more reconciles', () => handler.calls.length > reconciles + 2);
    expect(api.list(EVENT)).to.have.length(1);
    expect(api.list(EVENT)[0]).to.not.have.property('count', 2);
  });

  it('works on a second object while the first takes its time', async () => {
    api.put(widget('a'));
    api.put(widget('b'));
    const slow = Promise.withResolvers<undefined>();
    handler.onApply = async (object) => {
      if (object.metadata.name === 'a') await slow.promise;
      return {};
    };
    await run();
    await until('b', () => handler.calls.includes('apply b'));
    slow.resolve(undefined);
  });

  it('reads what it has just written, before the watch shows it', async () => {
    api.put(widget('a', { size: 1 }));
    const reader = operator.reader<ReturnType<typeof widget>>({ resource: WIDGET });
    const seen: unknown[] = [];
    handler.onApply = (object) => {
      seen.push(object.status?.size);
      return seen.length === 1 ? { status: { size: 7 }, requeueAfterMs: 1 } : {};
    };
    await run();
    await until('second pass', () => seen.length === 2);
    expect(seen).to.deep.equal([undefined, 7]);
    expect(reader.get(key)?.status?.size).to.equal(7);
  });

  it('works again over its own object that it has brought into another form, though only the answer shows it', async () => {
    operator = SpoOperator.create(testParts(withSilentWatches(api), lines));
    const wanted = widget('a', { size: 2 });
    const seen: unknown[] = [];
    handler.onApply = (object) => {
      seen.push(object.spec?.size);
      return object.spec?.size === 2 ? { status: { size: 2 } } : { desired: [wanted] };
    };
    api.put(widget('a', { size: 1 }));
    await run();
    await until('status', () => JSON.stringify(api.get(WIDGET, key)).includes('"status":{"size":2}'));
    expect(seen).to.deep.equal([1, 2]);
    expect(api.writes).to.have.length(2);
  });

  it('needs no more rights than its rules say', async () => {
    const allowed = new FakeApiServer({ kinds: [WIDGET] });
    const patch = { apiGroups: [WIDGET.group], resources: ['widgets', 'widgets/status'], verbs: ['patch'] };
    Object.assign(handler, { finalizer: 'test.example.com/held', rules: [patch] });
    const draft = SpoOperator.create(testParts(allowed));
    draft.register(handler);
    api = new FakeApiServer({
      kinds: [WIDGET],
      rules: draft.rules(),
    });
    operator = SpoOperator.create(testParts(api, lines));
    api.put(widget('a'));
    handler.onApply = () => ({ status: { size: 1 }, events: [{ type: 'Normal', reason: 'Made', message: 'made' }] });
    await run();
    await until('event', () => api.list(EVENT).length === 1);
    api.delete(WIDGET, key);
    await until('deletion', () => api.get(WIDGET, key) === undefined);
    expect(api.requests.filter(({ status }) => status === 403)).to.deep.equal([]);
  });

  it('asks no watch whom a change concerns before work begins, and counts what throws afterwards as a bug', async () => {
    const parts = testParts(api, lines);
    operator = SpoOperator.create(parts);
    const asked: string[] = [];
    const mapToKeys = ({ metadata }: KubeObject): never => {
      asked.push(metadata.name);
      throw new Error('no map');
    };
    api.put(configMap({}));
    api.put(widget('a'));
    operator.register(Object.assign(handler, { watches: [{ resource: CONFIG_MAP, mapToKeys }] }));
    await operator.start();
    await until('the first reconcile', () => handler.calls.length === 1);
    expect(asked).to.deep.equal([]);
    api.put({ ...configMap({}), metadata: { name: 'later', namespace: 'default' } });
    await until('the question', () => asked.length === 1);
    const text = await parts.registry.getSingleMetricAsString('controller_runtime_reconcile_panics_total');
    expect(text).to.include('{controller="widget"} 1');
    expect(lines.filter(({ level }) => level === 'error').map(({ message }) => message)).to.deep.equal([
      'a predicate or a map function failed',
    ]);
  });
});
