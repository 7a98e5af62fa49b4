// SPDX-License-Identifier: Apache-2.0
// Objects on their way into a store: a spec is measured and compressed once, however often the rest of its object
// changes.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Source, SourceBudget } from '../../src/runtime/handler.ts';
import { Intake } from '../../src/runtime/intake.ts';
import type { ObjectMeta } from '../../src/runtime/object.ts';
import { Store } from '../../src/runtime/store.ts';
import { WIDGET } from '../fakes/operator.ts';
import type { Widget } from '../fakes/operator.ts';

const KEY = { namespace: 'ns', name: 'w' };

const BUDGET: SourceBudget<Widget> = {
  limits: { bytes: 10_000, objects: 5 },
  identity: ({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata }),
};
const SOURCE: Source<Widget> = { resource: WIDGET, budget: BUDGET };

interface Version {
  readonly version: number;
  readonly generation?: number;
  readonly uid?: string;
  readonly name?: string;
  readonly second?: number;
}

describe('runtime/intake', () => {
  let store: Store<Widget>;
  let intake: Intake;
  let reads: number;

  beforeEach(() => {
    store = new Store<Widget>();
    intake = new Intake(SOURCE, store, () => undefined);
    reads = 0;
  });

  /** A widget that counts how often its text is read. */
  function counted(text: string, { version, generation = 1, uid = 'u', name = 'w', second = 0 }: Version): Widget {
    const spec = {
      get text() {
        reads += 1;
        return text;
      },
    };
    const creationTimestamp = `2026-01-01T00:00:0${String(second)}Z`;
    const metadata = { namespace: 'ns', name, uid, generation, resourceVersion: String(version), creationTimestamp };
    return { apiVersion: 'test.io/v1', kind: 'Widget', metadata, spec };
  }

  const upsert = (widget: Widget): void => intake.upsert('', widget, 'fresh');

  /** How often the text of the object is read on its way in. */
  const readsOf = (take: () => void): number => {
    reads = 0;
    take();
    return reads;
  };

  it('keeps the spec that it has where only something else has changed', () => {
    upsert(counted('x'.repeat(5000), { version: 1 }));
    const before = store.get(KEY);
    expect(readsOf(() => upsert(counted('not read', { version: 2 })))).to.equal(0);
    expect(store.get(KEY)?.spec).to.equal(before?.spec);
    expect(store.get(KEY)?.metadata.resourceVersion).to.equal('2');
  });

  it('takes another spec, that of another object of the name, and any after a restore of the cluster', () => {
    upsert(counted('a', { version: 1 }));
    upsert(counted('b', { version: 2, generation: 2 }));
    expect(store.get(KEY)?.spec?.text).to.equal('b');
    upsert(counted('c', { version: 3, generation: 2, uid: 'v' }));
    expect(store.get(KEY)?.spec?.text).to.equal('c');
    store.rewind('');
    upsert(counted('d', { version: 3, generation: 2, uid: 'v' }));
    expect(store.get(KEY)?.spec?.text).to.equal('d');
  });

  it('reads nothing of an answer that the watch has shown already', () => {
    upsert(counted('a', { version: 7 }));
    expect(readsOf(() => intake.observe(counted('a', { version: 7 }), 'us'))).to.equal(0);
    expect(readsOf(() => intake.observe(counted('b', { version: 8, generation: 2 }), 'us'))).to.be.greaterThan(0);
    expect(store.get(KEY)?.spec?.text).to.equal('b');
  });

  it('measures nothing anew beyond the budget, and all of it when there is room', () => {
    upsert(counted('x'.repeat(9000), { version: 1, name: 'old', uid: 'o' }));
    upsert(counted('y'.repeat(5000), { version: 2, second: 1 }));
    expect(store.isWithheld(KEY)).to.equal(true);
    expect(readsOf(() => upsert(counted('y'.repeat(5000), { version: 3, second: 1 })))).to.equal(0);
    expect(store.isWithheld(KEY)).to.equal(true);
    expect(store.get(KEY)?.metadata.resourceVersion).to.equal('3');
    store.remove({ namespace: 'ns', name: 'old' }, 'fresh');
    upsert(counted('y'.repeat(5000), { version: 4, second: 1 }));
    expect(store.isWithheld(KEY)).to.equal(false);
    expect(store.get(KEY)?.spec?.text).to.have.length(5000);
  });

  it('measures labels, finalizers and owners beyond the usual, though they change no generation', () => {
    const names = Array.from({ length: 300 }, (_, at) => `team.example/${String(at).padStart(40, 'x')}`);
    const usual: ObjectMeta = { ...counted('a', { version: 1 }).metadata, finalizers: ['team.example/a'] };
    const owners = names.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid: name }));
    const large: readonly Partial<ObjectMeta>[] = [
      { finalizers: names },
      { ownerReferences: owners },
      { labels: Object.fromEntries(names.map((name) => [name, ''])) },
      { annotations: { note: 'x'.repeat(60_000) } },
    ];
    let version = 1;
    const takes = (metadata: Partial<ObjectMeta>): boolean => {
      const resourceVersion = String((version += 1));
      upsert({ ...counted('a', { version }), metadata: { ...usual, ...metadata, resourceVersion } });
      return !store.isWithheld(KEY);
    };
    expect(takes({})).to.equal(true);
    for (const metadata of large) {
      expect(takes(metadata), Object.keys(metadata).join()).to.equal(false);
      expect(takes({})).to.equal(true);
    }
    expect(store.get(KEY)?.spec?.text).to.equal('a');
  });

  it('wants no spec that it has already, and every other one', () => {
    const bare = (version: Version): Widget => withoutSpec(counted('', version));
    const wants = (version: Version): boolean => intake.wantsSpec('', bare(version));
    expect(wants({ version: 1 })).to.equal(true);
    upsert(counted('x'.repeat(5000), { version: 2 }));
    expect(wants({ version: 3 })).to.equal(false);
    upsert(bare({ version: 3 }));
    expect(store.get(KEY)?.spec?.text).to.have.length(5000);
    expect(wants({ version: 3 }), 'an old version').to.equal(false);
    expect(wants({ version: 4, generation: 2 }), 'another generation').to.equal(true);
    expect(wants({ version: 4, uid: 'v' }), 'another object').to.equal(true);
    store.rewind('');
    expect(wants({ version: 4 }), 'another cluster').to.equal(true);
    const free = new Intake({ resource: WIDGET }, store, () => undefined);
    expect(free.wantsSpec('', bare({ version: 9 })), 'nothing is kept compactly').to.equal(true);
    const none = new Intake({ resource: WIDGET, specless: true }, store, () => undefined);
    expect(none.wantsSpec('', bare({ version: 9, generation: 9 })), 'nothing is kept of it').to.equal(false);
  });

  it('keeps the same, whether objects come whole or without a spec that is not wanted', () => {
    const step = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      deed: fc.constantFrom('spec', 'status', 'status', 'labels', 'delete'),
      length: fc.constantFrom(10, 4000, 6000),
    });
    let skimmed = 0;
    const law = fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
      const cluster = new Map<string, Widget>();
      const stores = [new Store<Widget>(), new Store<Widget>()] as const;
      const [whole, sparing] = stores.map((one) => new Intake(SOURCE, one, () => undefined));
      for (const [at, { name, deed, length }] of steps.entries()) {
        const before = cluster.get(name);
        if (deed === 'delete') {
          cluster.delete(name);
          for (const one of stores) one.remove({ namespace: 'ns', name }, 'fresh');
          continue;
        }
        const after = changed(before, { name, deed, length, at });
        cluster.set(name, after);
        whole?.upsert('', after, 'fresh');
        const { status, ...head } = withoutSpec(after);
        const isWanted = sparing?.wantsSpec('', head) === true;
        if (!isWanted) skimmed += 1;
        sparing?.upsert('', isWanted ? after : { ...head, ...(status === undefined ? {} : { status }) }, 'fresh');
        const [expected, found] = stores.map((one) =>
          one.list().map((widget) => [JSON.parse(JSON.stringify(widget)) as unknown, one.isWithheld(widget.metadata)]),
        );
        expect(found).to.deep.equal(expected);
      }
    });
    fc.assert(law);
    expect(skimmed).to.be.greaterThan(0);
  });
});

function withoutSpec({ apiVersion, kind, metadata, status }: Widget): Widget {
  return { apiVersion, kind, metadata, ...(status === undefined ? {} : { status }) };
}

interface Deed {
  readonly name: string;
  readonly deed: string;
  readonly length: number;
  /** Its place in the order of all. */
  readonly at: number;
}

/** A widget that is created, or changed in its spec, its status or its labels. */
function changed(before: Widget | undefined, { name, deed, length, at }: Deed): Widget {
  const resourceVersion = String(at + 1);
  const spec = { text: 'x'.repeat(length) };
  if (before === undefined) {
    const creationTimestamp = `2026-01-01T00:00:${String(at).padStart(2, '0')}Z`;
    const metadata = {
      namespace: 'ns',
      name,
      uid: `u${String(at)}`,
      generation: 1,
      resourceVersion,
      creationTimestamp,
    };
    return { apiVersion: 'test.io/v1', kind: 'Widget', metadata, spec };
  }
  const generation = (before.metadata.generation ?? 1) + (deed === 'spec' ? 1 : 0);
  const labels = deed === 'labels' ? { labels: { long: 'y'.repeat(length) } } : {};
  const metadata = { ...before.metadata, ...labels, generation, resourceVersion };
  return {
    ...before,
    metadata,
    ...(deed === 'spec' ? { spec } : {}),
    ...(deed === 'status' ? { status: { size: at } } : {}),
  };
}
