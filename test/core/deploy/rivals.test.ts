// SPDX-License-Identifier: Apache-2.0
// Of several operators exactly one goes on, whichever asks.
import { expect } from 'chai';
import fc from 'fast-check';
import { laterOperators, rivalOf, rivalSentence } from '../../../src/core/deploy/rivals.ts';
import type { RivalSpod } from '../../../src/core/deploy/rivals.ts';

const spod = (namespace: string, creationTimestamp: string, status?: object): RivalSpod => ({
  metadata: { name: 'spod', namespace, creationTimestamp },
  ...(status === undefined ? {} : { status }),
});
const early = '2026-01-01T00:00:00Z';
const late = '2026-01-02T00:00:00Z';
const ANSWERED = { state: 'RUNNING' };

describe('core/deploy/rivals', () => {
  it('lets the older one go on', () => {
    const spods = [spod('a', late, ANSWERED), spod('b', early, ANSWERED)];
    expect(rivalOf('a', spods[0], spods)).to.equal('b');
    expect(rivalOf('b', spods[1], spods)).to.equal(undefined);
    expect(rivalSentence('b')).to.match(/^the operator of namespace b was here first/);
  });

  it('has one that has no spod yet look for one that an operator has answered', () => {
    expect(rivalOf('a', undefined, [spod('b', early)]), 'an object that nobody has looked at').to.equal(undefined);
    expect(rivalOf('a', undefined, [spod('b', early, ANSWERED)])).to.equal('b');
  });

  it('lets nobody be locked out, also after a restart, by an older object that no operator has answered', () => {
    const own = spod('a', late, ANSWERED);
    expect(rivalOf('a', own, [own, spod('b', early)])).to.equal(undefined);
  });

  it('looks at objects of other names and at its own no further', () => {
    const other: RivalSpod = { metadata: { name: 'other', namespace: 'b', creationTimestamp: early } };
    const own = spod('a', late);
    expect(rivalOf('a', own, [own, other])).to.equal(undefined);
  });

  it('tells of later ones that an operator has answered, of a few by name', () => {
    const own = spod('a', early, ANSWERED);
    expect(laterOperators('a', [own, spod('b', late)], 1)).to.equal(undefined);
    const many = ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => spod(name, late, ANSWERED));
    const told = laterOperators('a', [own, ...many], 7);
    expect(told).to.include({ type: 'OnlyOperator', status: 'False', observedGeneration: 7 });
    expect(told?.message).to.match(/^there is another operator in namespace b, c, d, e, f and 2 more\./);
  });

  it('leaves exactly one of any number, also of the same second', () => {
    const arbitrary = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(early, late)), {
      minLength: 1,
      selector: ([namespace]) => namespace,
    });
    fc.assert(
      fc.property(arbitrary, (installed) => {
        const spods = installed.map(([namespace, created]) => spod(namespace, created, ANSWERED));
        const going = spods.filter((own) => rivalOf(own.metadata.namespace ?? '', own, spods) === undefined);
        expect(going).to.have.length(1);
      }),
    );
  });
});
