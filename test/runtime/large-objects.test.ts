// SPDX-License-Identifier: Apache-2.0
// Objects of tenants that are large or many: read in pages that fit, kept within the budget of their namespace, with an
// answer for those beyond it and nothing lost for all others.
import { expect } from 'chai';
import type { Rejected } from '../../src/core/errors.ts';
import type { Source, SourceBudget } from '../../src/runtime/handler.ts';
import { LONGEST_PAGE } from '../../src/runtime/page-size.ts';
import { SpoOperator } from '../../src/runtime/spo-operator.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { testParts, until, WIDGET, widget, WidgetHandler } from '../fakes/operator.ts';
import type { LogLine, Widget } from '../fakes/operator.ts';

const MB = 1_000_000;

/** Room for two objects of a megabyte, and for five in all. */
const BUDGET: SourceBudget<Widget> = {
  limits: { bytes: 2.5 * MB, objects: 5 },
  identity: ({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata }),
};

const SOURCE: Source<Widget> = { resource: WIDGET, pageSize: 8, budget: BUDGET };

/** A widget that was created in a second of an hour. */
function created(name: string, second: number, bytes: number, namespace = 'default'): Widget {
  const plain = widget(name, { text: 'x'.repeat(bytes) });
  const creationTimestamp = `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;
  return { ...plain, metadata: { ...plain.metadata, namespace, creationTimestamp } };
}

class BudgetedHandler extends WidgetHandler {
  readonly source = SOURCE;
  readonly reasons: string[] = [];

  withheld(object: Widget, why: Rejected) {
    this.calls.push(`withheld ${object.metadata.name}`);
    this.reasons.push(`${why.reason}: ${why.message}`);
    return Promise.resolve({});
  }

  /** The last request for each object. */
  get last(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.calls.map((call) => {
        const [what = '', name = ''] = call.split(' ');
        return [name, what];
      }),
    );
  }
}

describe('large objects', () => {
  let api: FakeApiServer;
  let operator: SpoOperator;
  let handler: BudgetedHandler;
  let lines: LogLine[];

  beforeEach(() => {
    api = new FakeApiServer({ kinds: [WIDGET] });
    lines = [];
    operator = SpoOperator.create(testParts(api, lines));
    handler = new BudgetedHandler();
  });
  afterEach(() => operator.stop());

  async function run(): Promise<void> {
    operator.register(handler);
    await operator.start();
  }

  const last = (expected: Readonly<Record<string, string>>) => () =>
    Object.entries(expected).every(([name, call]) => handler.last[name] === call);

  it('are asked for in pages that are halved until they fit, and grow again', async () => {
    for (let i = 0; i < 4; i++) api.put(created(`a-${String(i)}`, i, 1.2 * MB, `large-${String(i)}`));
    for (let i = 0; i < 20; i++) api.put(created(`z-${String(i)}`, i, 10, `small-${String(i)}`));
    await run();
    await until('all', () => handler.calls.length === 24);
    const lists = api.requests.filter(({ query }) => query['watch'] === undefined && query['limit'] !== undefined);
    // 8, 4 and 2 are too long; then one at a time, and more when pages are short.
    expect(lists.map(({ query }) => query['limit'])).to.deep.equal([
      '8',
      '4',
      '2',
      '1',
      '1',
      '1',
      '1',
      '1',
      '2',
      '4',
      '8',
      '8',
    ]);
    expect(lines.filter(({ level }) => level !== 'debug')).to.deep.equal([]);
  });

  it('of more than a page come alone', async () => {
    api.put(created('a', 1, LONGEST_PAGE + MB));
    api.put(created('b', 2, 10, 'other'));
    await run();
    await until('both', last({ a: 'withheld', b: 'apply' }));
  });

  it('are kept as far as their namespace has room, oldest first, and the rest is answered', async () => {
    api.put(created('c-young', 3, MB));
    api.put(created('a-old', 1, MB));
    api.put(created('b-middle', 2, MB));
    api.put(created('d-other', 9, MB, 'other'));
    await run();
    await until('all', last({ 'a-old': 'apply', 'b-middle': 'apply', 'c-young': 'withheld', 'd-other': 'apply' }));
    const reason =
      'NamespaceBudgetExceeded: namespace default has more than 2 MiB or 5 objects of the kind, and the objects created before this one use them up: delete or shrink some';
    expect(new Set(handler.reasons)).to.deep.equal(new Set([reason]));
  });

  it('are kept whatever the order in which they come', async () => {
    await run();
    api.put(created('young', 3, MB));
    api.put(created('middle', 2, MB));
    await until('two', last({ young: 'apply', middle: 'apply' }));
    api.put(created('old', 1, MB));
    await until('the youngest to be withheld', last({ young: 'withheld', middle: 'apply', old: 'apply' }));
  });

  it('come back when another is deleted or shrinks, though nothing was changed of them', async () => {
    for (const [name, second] of Object.entries({ a: 1, b: 2, c: 3, d: 4 })) api.put(created(name, second, MB));
    await run();
    await until('all', last({ a: 'apply', b: 'apply', c: 'withheld', d: 'withheld' }));
    const sizes: number[] = [];
    handler.onApply = ({ spec }) => {
      sizes.push(spec?.text?.length ?? 0);
      return {};
    };
    api.delete(WIDGET, { namespace: 'default', name: 'a' });
    await until('room for one', last({ a: 'gone', b: 'apply', c: 'apply', d: 'withheld' }));
    let refusals = 1;
    api.fault = ({ method, path }) =>
      method === 'GET' && path.endsWith('/d') && refusals-- > 0 ? { status: 500, body: {} } : undefined;
    api.put(created('b', 2, 10));
    await until('room for both', last({ b: 'apply', c: 'apply', d: 'apply' }));
    expect(refusals).to.equal(-1);
    expect([...new Set(sizes)].sort((a, b) => a - b)).to.deep.equal([10, MB]);
  });

  it('may be deleted when they are beyond the budget', async () => {
    const held = (name: string, second: number): Widget => {
      const object = created(name, second, MB);
      return { ...object, metadata: { ...object.metadata, finalizers: ['test/held'] } };
    };
    for (const [name, second] of Object.entries({ a: 1, b: 2, c: 3 })) api.put(held(name, second));
    handler.onCleanup = () => ({ metadata: { finalizers: { 'test/held': false } } });
    await run();
    await until('all', last({ c: 'withheld' }));
    for (const name of ['c', 'b', 'a']) api.delete(WIDGET, { namespace: 'default', name });
    await until('all to be gone', last({ a: 'gone', b: 'gone', c: 'gone' }));
  });

  it('keep the finalizers of others though these are not kept here, and wait for their version', async () => {
    const others = Array.from({ length: 200 }, (_, at) => `team.example/${String(at).padStart(60, 'x')}`);
    const identity = ({ apiVersion, kind, metadata }: Widget): Widget => {
      const finalizers = metadata.finalizers?.filter((name) => name.startsWith('test/')) ?? [];
      return { apiVersion, kind, metadata: { ...metadata, finalizers, isCut: true } };
    };
    const cutting = { ...SOURCE, budget: { limits: { bytes: 5000, objects: 5 }, identity } };
    const object = created('a', 1, 10);
    api.put({ ...object, metadata: { ...object.metadata, finalizers: [...others, 'test/held'] } });
    handler.onCleanup = () => ({ metadata: { finalizers: { 'test/held': false } } });
    operator.register(Object.assign(handler, { source: cutting }));
    await operator.start();
    await until('it', last({ a: 'withheld' }));
    const key = { namespace: 'default', name: 'a' };
    let changes = 1;
    api.fault = ({ method, path }) => {
      if (method === 'GET' && path.endsWith('/a') && changes-- > 0) {
        const now = api.get(WIDGET, key);
        if (now !== undefined) api.put({ ...now, metadata: { ...now.metadata, annotations: { note: 'new' } } });
      }
      return undefined;
    };
    api.delete(WIDGET, key);
    await until('ours to go', () => api.get(WIDGET, key)?.metadata.finalizers?.includes('test/held') === false);
    expect(api.get(WIDGET, key)?.metadata).to.deep.include({ finalizers: others, annotations: { note: 'new' } });
    expect(changes).to.be.below(0);
  });

  it('are limited in number', async () => {
    for (let i = 1; i <= 7; i++) api.put(created(`p${String(i)}`, i, 1));
    await run();
    await until('all', last({ p1: 'apply', p5: 'apply', p6: 'withheld', p7: 'withheld' }));
  });

  it('without an answer of the handler are rejected', async () => {
    const silent = new WidgetHandler();
    for (const [name, second] of Object.entries({ a: 1, b: 2, c: 3 })) api.put(created(name, second, MB));
    operator.register(Object.assign(silent, { source: SOURCE }));
    await operator.start();
    await until('two', () => silent.calls.length === 2);
    const events = () => api.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/events'));
    await until('an event', () => events().length === 1);
    expect(JSON.stringify(events()[0]?.body)).to.include('NamespaceBudgetExceeded');
    expect([...silent.calls].sort()).to.deep.equal(['apply a', 'apply b']);
  });

  it('are reconciled one at a time, while small ones go on', async () => {
    let running = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    handler.onApply = async ({ metadata }) => {
      if (metadata.name.startsWith('small')) return {};
      most = Math.max(most, (running += 1));
      await new Promise<void>((resolve) => waiting.push(resolve));
      running -= 1;
      return {};
    };
    for (let i = 0; i < 3; i++) api.put(created(`large-${String(i)}`, i, 200_000, `n${String(i)}`));
    await run();
    await until('the first large one', () => waiting.length === 1);
    for (let i = 0; i < 4; i++) api.put(created(`small-${String(i)}`, i, 10, 'others'));
    await until('the small ones', () => handler.calls.filter((call) => call.includes('small')).length === 4);
    const release = setInterval(() => waiting.shift()?.(), 5);
    await until('the large ones', () => handler.calls.filter((call) => call.includes('large')).length === 3);
    clearInterval(release);
    for (const end of waiting) end();
    expect(most).to.equal(1);
  });
});
