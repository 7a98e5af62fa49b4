// SPDX-License-Identifier: Apache-2.0
// The program that changes a node's SELinux policy, killed in the middle of real transactions on a small store: the
// next one finishes what it finds. Each state that libsemanage can be killed in is made by hand, too, since some of
// them last for microseconds only. No kernel takes the policy here; test/native/guests/selinux-policy.test.ts has one.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { marked } from '../../src/core/selinux/store/mark.ts';
import type { Step, StoreModule } from '../../src/core/selinux/store/transaction.ts';
import { digest } from '../../src/io/digest.ts';
import { channelTo } from '../../src/io/native/child-channel.ts';
import { SelinuxPolicyStore } from '../../src/io/native/selinux-policy.ts';
import { randomFrom } from '../integration/kill-wishes.ts';
import { nativeProgram } from './fixtures.ts';
import { policyStore, STORE } from './policy-store.ts';

const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000_000);
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 20);

describe(`selinux_policy after an end in a transaction (KILL_SEED=${String(SEED)})`, function () {
  this.timeout(600_000);
  let folder: string;
  let root: string;
  let state: string;
  let final: string;
  let policies: string;

  before(function () {
    if (process.getuid?.() !== 0) {
      console.log('      not root: a policy store is none of ours here');
      this.skip();
    }
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-interrupted-'));
    root = policyStore(folder);
    state = path.join(root, 'var/lib/selinux', STORE);
    final = path.join(root, 'var/lib/selinux/final', STORE);
    policies = path.join(root, 'etc/selinux', STORE, 'policy');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function start() {
    const words = [`--root=${root}`, `--store=${STORE}`, `--scratch=${folder}`];
    const stdio = ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'] as const;
    const child = spawn(nativeProgram('selinux_policy'), words, { stdio: [...stdio], env: {} });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    return { child, ended, store: new SelinuxPolicyStore(channelTo('selinux_policy', child)) };
  }

  /** Runs the program for something that it shall do, until it has ended. */
  async function withStore<T>(work: (store: SelinuxPolicyStore) => Promise<T>): Promise<T> {
    const { store, ended } = start();
    try {
      return await work(store);
    } finally {
      store.close();
      await ended;
    }
  }

  function step(permissions: string): Step {
    const cil = `(block a_n\n(blockinherit container)\n(allow process etc_t (dir (${permissions})))\n)\n`;
    const text = marked(cil, { kind: 'SelinuxProfile', namespace: 'n', name: 'a' });
    return { type: 'install', file: { name: 'a_n', text, checksum: digest(text) } };
  }

  const own = (modules: readonly StoreModule[]): readonly string[] =>
    modules.filter(({ priority }) => priority === 400).map(({ checksum }) => checksum);
  const checksumOf = (of: Step): string => (of.type === 'install' ? of.file.checksum : '');
  const commit = (of: Step) => withStore((store) => store.commit([of]));
  const list = () => withStore(async (store) => own(await store.list()));

  /** The kernel's policy, as a node finds it when it starts. */
  function policy(): string {
    const names = readdirSync(policies);
    expect(names, 'half-written files beside the policy').to.have.length(1);
    return digest(readFileSync(path.join(policies, names[0] ?? '')).toString('latin1'));
  }

  function expectNothingLeft(): void {
    expect(readdirSync(state).toSorted()).to.deep.equal(['active', 'semanage.read.LOCK', 'semanage.trans.LOCK']);
    expect(existsSync(final)).to.equal(false);
    expect(readdirSync(folder)).to.deep.equal(['root']);
  }

  it('takes away what was to take the place of the store', async () => {
    await commit(step('search'));
    const before = policy();
    cpSync(path.join(state, 'active'), path.join(state, 'tmp'), { recursive: true });
    mkdirSync(final, { recursive: true });
    expect(await list()).to.deep.equal([checksumOf(step('search'))]);
    expect(policy()).to.equal(before);
    expectNothingLeft();
  });

  it('puts the store back where it was on its way out', async () => {
    await commit(step('search'));
    cpSync(path.join(state, 'active'), path.join(state, 'tmp'), { recursive: true });
    renameSync(path.join(state, 'active'), path.join(state, 'previous'));
    expect(await list()).to.deep.equal([checksumOf(step('search'))]);
    expectNothingLeft();
  });

  it('copies the files of the policy where the store was ahead of them', async () => {
    await commit(step('search'));
    const [name = ''] = readdirSync(policies);
    const old = readFileSync(path.join(policies, name));
    await commit(step('search write'));
    const wanted = policy();
    writeFileSync(path.join(policies, name), old);
    writeFileSync(path.join(policies, `${name}.tmp`), 'half');
    for (const made of [final, path.join(state, 'previous')]) mkdirSync(made, { recursive: true });
    expect(await list()).to.deep.equal([checksumOf(step('search write'))]);
    expect(policy()).to.equal(wanted);
    expectNothingLeft();
  });

  it('removes settings that were being read, and follows no link for that', async () => {
    const [left, other] = ['.semanage-abcdef', 'other'].map((name) => path.join(folder, name, 'etc/selinux'));
    for (const settings of [left ?? '', other ?? '']) {
      mkdirSync(settings, { recursive: true });
      writeFileSync(path.join(settings, 'semanage.conf'), '');
    }
    symlinkSync(path.join(folder, 'other'), path.join(folder, '.semanage-linked'));
    await list();
    expect(readdirSync(folder).toSorted()).to.deep.equal(['.semanage-linked', 'other', 'root']);
    expect(readdirSync(other ?? '')).to.deep.equal(['semanage.conf']);
  });

  it('leaves the store and the policy of one text or of the other, whenever it is killed', async () => {
    const random = randomFrom(SEED);
    const steps = ['search', 'search write'].map(step);
    const known = new Map<string, string>();
    let shortest = Infinity;
    for (const each of steps) {
      const begun = performance.now();
      await commit(each);
      shortest = Math.min(shortest, performance.now() - begun);
      known.set(checksumOf(each), policy());
    }
    let inTheMiddle = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { child, store, ended } = start();
      const result = store.commit([steps[round % 2] ?? step('')]).catch(() => undefined);
      await sleep(random() * shortest);
      child.kill('SIGKILL');
      if ((await result)?.type === 'ended') inTheMiddle += 1;
      await ended;
      const [checksum = ''] = await list();
      expect(policy(), `seed ${String(SEED)}, round ${String(round)}`).to.equal(known.get(checksum));
      expectNothingLeft();
    }
    expect(inTheMiddle, 'kills in the middle of a transaction').to.be.greaterThan(0);
  });
});
