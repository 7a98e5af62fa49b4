// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { IndexCache } from '../../../src/core/binding/index-cache.ts';
import type { ProfileBinding } from '../../../src/gen/crd/profile-binding.ts';
import { binding, ending } from './objects.ts';

/** A binding as a watch shows it after the change with that number. */
function seen(name: string, generation: number, resourceVersion: string): ProfileBinding {
  const made = binding({ name, image: `${name}:${String(generation)}` });
  return { ...made, metadata: { ...made.metadata, generation, resourceVersion } };
}

describe('core/binding/index-cache', () => {
  it('arranges bindings anew when one means something else, comes or goes', () => {
    let bindings: readonly ProfileBinding[] = [];
    const cache = new IndexCache((namespace) => (namespace === 'shop' ? bindings : []));
    const images = (): readonly string[] => [...cache.of('shop').literal.keys()];
    expect(images()).to.deep.equal([]);
    bindings = [seen('a', 1, '5'), seen('b', 1, '6')];
    expect(images()).to.deep.equal(['a:1', 'b:1']);
    const known = cache.of('shop');
    bindings = [seen('b', 1, '6'), seen('a', 1, '7')];
    expect(cache.of('shop'), 'a new status').to.equal(known);
    expect(cache.of('shop'), 'the same list').to.equal(known);
    bindings = [seen('a', 2, '8'), seen('b', 1, '6')];
    expect(images()).to.deep.equal(['a:2', 'b:1']);
    bindings = [ending(seen('a', 2, '8')), seen('b', 1, '6')];
    expect(images()).to.deep.equal(['b:1']);
    expect([...cache.of('shop').byName.keys()]).to.deep.equal(['a', 'b']);
    bindings = [seen('b', 1, '6')];
    expect(images()).to.deep.equal(['b:1']);
    bindings = [];
    expect(images()).to.deep.equal([]);
    expect([...cache.of('other').literal.keys()]).to.deep.equal([]);
  });

  it('keeps a bounded number of namespaces', () => {
    const cache = new IndexCache((namespace) => [binding({ name: namespace })]);
    for (let at = 0; at < 1500; at += 1) cache.of(`ns-${String(at)}`);
    expect([...cache.of('ns-0').byName.keys()]).to.deep.equal(['ns-0']);
  });
});
