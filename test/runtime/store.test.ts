// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { isNewer, Store } from '../../src/runtime/store.ts';
import type { Change } from '../../src/runtime/store.ts';
import { widget } from '../fakes/operator.ts';
import type { Widget } from '../fakes/operator.ts';

function at(name: string, version: string, base?: string): Widget {
  const made = widget(name, base === undefined ? {} : { base });
  return { ...made, metadata: { ...made.metadata, resourceVersion: version } };
}

describe('Store', () => {
  let store: Store<Widget>;
  let changes: string[];

  beforeEach(() => {
    store = new Store();
    changes = [];
    store.subscribe((change: Change<Widget>) => {
      const version = change.object.metadata.resourceVersion ?? '';
      changes.push(`${change.type} ${change.object.metadata.name} ${version} ${change.priority}`);
    });
  });

  const key = (name: string) => ({ namespace: 'default', name });

  it('tells additions, changes and deletions, and nothing for a version that it has', () => {
    store.upsert('', at('a', '1'), 'routine');
    store.upsert('', at('a', '1'), 'fresh');
    store.upsert('', at('a', '2'), 'fresh');
    store.remove(key('a'), 'fresh');
    store.remove(key('a'), 'fresh');
    expect(changes).to.deep.equal(['added a 1 routine', 'modified a 2 fresh', 'deleted a 2 fresh']);
  });

  it('removes at the end of a list what the list did not show, in its scope only', () => {
    store.upsert('', at('a', '1'), 'fresh');
    store.upsert('', at('b', '2'), 'fresh');
    const other = { ...at('c', '3'), metadata: { ...at('c', '3').metadata, namespace: 'other' } };
    store.upsert('', other, 'fresh');
    store.replaced('default', new Set(['default/b']), '9');
    expect(store.list().map((object) => object.metadata.name)).to.deep.equal(['b', 'c']);
    expect(changes.at(-1)).to.equal('deleted a 1 routine');
  });

  it('keeps at the end of a list what is younger than the list', () => {
    store.upsert('', at('a', '12'), 'fresh');
    store.replaced('', new Set(), '9');
    expect(store.get(key('a'))).to.not.equal(undefined);
  });

  it('does not go back to an older version, unless the whole cluster did', () => {
    store.upsert('', at('a', '100'), 'fresh');
    store.reached('', '100');
    store.upsert('', at('a', '99'), 'fresh');
    expect(store.get(key('a'))?.metadata.resourceVersion).to.equal('100');
    store.listing('', '50');
    store.upsert('', at('a', '40'), 'routine');
    store.replaced('', new Set(['default/a']), '50');
    expect(store.get(key('a'))?.metadata.resourceVersion).to.equal('40');
  });

  it('takes everything from the list that follows a rewind, even under a version that it has', () => {
    store.upsert('', at('a', '7', 'x'), 'fresh');
    store.rewind('');
    store.upsert('', at('a', '7', 'y'), 'routine');
    store.replaced('', new Set(['default/a']), '9');
    expect(store.get(key('a'))?.spec?.base).to.equal('y');
    store.upsert('', at('a', '6', 'z'), 'fresh');
    expect(store.get(key('a'))?.spec?.base).to.equal('y');
  });

  it('forgets a scope whose kind has gone, and how far it had come', () => {
    store.upsert('', at('a', '12'), 'fresh');
    store.upsert('', { ...at('b', '3'), metadata: { name: 'b', namespace: 'other', resourceVersion: '3' } }, 'fresh');
    store.reached('default', '12');
    store.clear('default');
    expect(store.list().map((object) => object.metadata.name)).to.deep.equal(['b']);
    expect(changes.at(-1)).to.equal('deleted a 12 routine');
    expect(store.hasReached('default', '1')).to.equal(false);
  });

  it('takes the answer to a write, but not one that the watch has overtaken', () => {
    store.upsert('', at('a', '1'), 'fresh');
    store.observe(at('a', '5'), 'me');
    expect(store.get(key('a'))?.metadata.resourceVersion).to.equal('5');
    store.remove(key('a'), 'fresh');
    store.reached('', '7');
    store.observe(at('a', '6'), 'me');
    expect(store.get(key('a'))).to.equal(undefined);
  });

  it('does not bring back what was deleted and created again in between', () => {
    store.upsert('', at('a', '8'), 'fresh');
    store.reached('', '8');
    store.observe(at('a', '6'), 'me');
    expect(store.get(key('a'))?.metadata.resourceVersion).to.equal('8');
  });

  it('finds objects by computed values, as they are now', () => {
    const byBase = store.index((object) => (object.spec?.base === undefined ? [] : [object.spec.base]));
    const names = (base: string) => byBase(base).map((object) => object.metadata.name);
    store.upsert('', at('a', '1', 'x'), 'fresh');
    store.upsert('', at('b', '2', 'x'), 'fresh');
    expect(names('x')).to.deep.equal(['a', 'b']);
    store.upsert('', at('a', '3', 'y'), 'fresh');
    expect([names('x'), names('y')]).to.deep.equal([['b'], ['a']]);
    store.remove(key('b'), 'fresh');
    expect(names('x')).to.deep.equal([]);
  });

  it('gives the same list until one of its objects changes', () => {
    const byBase = store.index((object) => (object.spec?.base === undefined ? [] : [object.spec.base]));
    store.upsert('', at('a', '1', 'x'), 'fresh');
    const first = byBase('x');
    store.upsert('', at('b', '2', 'y'), 'fresh');
    expect(byBase('x')).to.equal(first);
    store.upsert('', at('a', '3', 'x'), 'fresh');
    expect(byBase('x').map(({ metadata }) => metadata.resourceVersion)).to.deep.equal(['3']);
  });
});

describe('isNewer()', () => {
  it('compares decimal versions of any length, and nothing else', () => {
    expect(isNewer('10', '9')).to.equal(true);
    expect(isNewer('9', '10')).to.equal(false);
    expect(isNewer('18446744073709551616', '18446744073709551615')).to.equal(true);
    expect(isNewer('9', '9')).to.equal(false);
    expect(isNewer('b', 'a')).to.equal(false);
    expect(isNewer(undefined, '1')).to.equal(false);
  });
});
