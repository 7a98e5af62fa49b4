// SPDX-License-Identifier: Apache-2.0
// Which modules a round changes, and what becomes of a transaction that is refused.
import { expect } from 'chai';
import fc from 'fast-check';
import { nameOf, settle, stepsTo } from '../../../../src/core/selinux/store/transaction.ts';
import type { Commit, PolicyFile, Step, StoreModule } from '../../../../src/core/selinux/store/transaction.ts';
import { marked } from '../../../../src/core/selinux/store/mark.ts';

const file = (name: string, version = 1): PolicyFile => ({
  name,
  text: `(block ${name})`,
  checksum: `${name}-${version}`,
});
const module = (name: string, more: Partial<StoreModule> = {}): StoreModule => ({
  name,
  priority: 400,
  enabled: true,
  checksum: `${name}-1`,
  lastLine: marked('', { kind: 'SelinuxProfile', namespace: 'n', name }).trim(),
  ...more,
});
const words = (steps: readonly Step[]): readonly string[] => steps.map((step) => `${step.type} ${nameOf(step)}`);
const installs = (names: readonly string[]): readonly Step[] =>
  names.map((name) => ({ type: 'install', file: file(name) }));

describe('core/selinux/store/transaction', () => {
  it('installs what is new or has changed, and removes what shall go', () => {
    const modules = [module('same'), module('old'), module('gone'), module('kept'), module('other', { priority: 100 })];
    const steps = stepsTo([file('same'), file('old', 2), file('new')], ['gone', 'never', 'same', 'other'], modules);
    expect(words(steps)).to.deep.equal(['install old', 'install new', 'remove gone']);
  });

  it('leaves modules without our mark alone', () => {
    const foreign = module('foreign', { lastLine: ')', checksum: 'y' });
    expect(words(stepsTo([file('foreign')], [], [foreign]))).to.deep.equal([]);
    expect(stepsTo([], ['foreign'], [foreign])).to.deep.equal([]);
  });

  /** A store that refuses the bad modules, and tells of them as libsepol does, or not at all. */
  function storeThat(
    bad: ReadonlySet<string>,
    speaks: boolean,
  ): { readonly commit: Commit; readonly done: Set<string>; count(): number } {
    const done = new Set<string>();
    let count = 0;
    const commit: Commit = async (steps) => {
      count += 1;
      const wrong = steps.map(nameOf).filter((name) => bad.has(name));
      if (wrong.length === 0) {
        for (const step of steps) done.add(nameOf(step));
        return { type: 'committed' };
      }
      const line = `Failed to resolve allow statement at /var/lib/selinux/final/tmp/modules/400/${wrong[0] ?? ''}/cil:1`;
      return { type: 'refused', words: speaks ? [line, 'Failed to resolve AST'] : [`${wrong.length} faults`] };
    };
    return { commit, done, count: () => count };
  }

  it('is one transaction where nothing is wrong', async () => {
    const store = storeThat(new Set(), true);
    expect(await settle(installs(['a', 'b', 'c']), store.commit)).to.deep.equal(new Map());
    expect(store.count()).to.equal(1);
    expect(await settle([], store.commit)).to.deep.equal(new Map());
    expect(store.count()).to.equal(1);
  });

  it('leaves out the module that the words name, and says where in it', async () => {
    const store = storeThat(new Set(['b']), true);
    const failures = await settle(installs(['a', 'b', 'c']), store.commit);
    expect([...failures]).to.deep.equal([
      ['b', { reason: 'Failed to resolve allow statement at b.cil:1, (block b); Failed to resolve AST', isOwn: true }],
    ]);
    expect(store.count()).to.equal(2);
    expect([...store.done]).to.deep.equal(['a', 'c']);
  });

  it('finds all that are wrong, and does the others, whatever the words say', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(20), { maxLength: 12 }),
        fc.array(fc.nat(20)),
        fc.boolean(),
        async (all, wrong, speaks) => {
          const names = all.map((number) => `m${number}`);
          const bad = new Set(wrong.map((number) => `m${number}`));
          const store = storeThat(bad, speaks);
          const failures = await settle(installs(names), store.commit);
          expect([...store.done].toSorted()).to.deep.equal(names.filter((name) => !bad.has(name)).toSorted());
          expect([...failures.keys()].toSorted()).to.deep.equal(names.filter((name) => bad.has(name)).toSorted());
        },
      ),
    ));

  it('does not take the place of an earlier declaration for what is wrong', async () => {
    const commit: Commit = async (steps) => {
      if (!steps.map(nameOf).includes('heir')) return { type: 'committed' };
      const path = '/var/lib/selinux/x/tmp/modules/400';
      const earlier = `Previous declaration of type at ${path}/parent/cil:2`;
      return {
        type: 'refused',
        words: [
          'Re-declaration of type process',
          earlier,
          `Failed to copy block to blockinherit at ${path}/heir/cil:9`,
        ],
      };
    };
    const failures = await settle(installs(['parent', 'heir']), commit);
    expect([...failures]).to.deep.equal([
      [
        'heir',
        {
          reason:
            'Re-declaration of type process; Previous declaration of type at parent.cil:2; Failed to copy block to blockinherit at heir.cil:9',
          isOwn: true,
        },
      ],
    ]);
  });

  it('searches for nobody where the reason is the same for all', async () => {
    let count = 0;
    const full: Commit = async () => {
      count += 1;
      return { type: 'refused', words: ['No space left on device'] };
    };
    const failures = await settle(installs(['a', 'b', 'c', 'd', 'e']), full);
    expect([...failures.values()]).to.deep.equal(
      Array.from({ length: 5 }, () => ({ reason: 'No space left on device', isOwn: false })),
    );
    expect([failures.size, count]).to.deep.equal([5, 3]);
  });

  it('takes files that cannot be written for no fault of the text', async () => {
    const words = ['Unable to open /x/modules/400/a/cil', 'install the module a is not possible'];
    const failures = await settle(installs(['a']), async () => ({ type: 'refused', words }));
    expect(failures.get('a')?.isOwn).to.equal(false);
  });

  it('tries a step once more that somebody may have ended, when all others are done', async () => {
    const left = ['killed', 'killed'];
    const commit: Commit = async (steps) => {
      if (!steps.map(nameOf).includes('b')) return { type: 'committed' };
      return left.pop() === undefined ? { type: 'committed' } : { type: 'ended', words: ['killed'] };
    };
    expect(await settle(installs(['a', 'b']), commit)).to.deep.equal(new Map());
    left.push('killed');
    expect(await settle(installs(['b']), commit)).to.deep.equal(new Map());
  });

  it('finds the module with which the program ends, and blames nobody where it ends with each', async () => {
    const ending =
      (bad: string): Commit =>
      async (steps) =>
        steps.some((step) => nameOf(step).startsWith(bad))
          ? { type: 'ended', words: ['killed'] }
          : { type: 'committed' };
    const names = ['a', 'b', 'c', 'd', 'e'];
    expect([...(await settle(installs(names), ending('d')))]).to.deep.equal([['d', { reason: 'killed', isOwn: true }]]);
    const all = await settle(installs(names), ending(''));
    expect([...all.values()]).to.deep.equal(names.map(() => ({ reason: 'killed', isOwn: false })));
  });
});
