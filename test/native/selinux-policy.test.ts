// SPDX-License-Identifier: Apache-2.0
// The program that changes a node's SELinux policy, with real transactions on a small store. As it is shipped, and
// under AddressSanitizer and UBSan. No kernel takes the policy here.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { SILENT } from '../../src/core/log.ts';
import { PolicyInstaller } from '../../src/core/selinux/store/installer.ts';
import { marked } from '../../src/core/selinux/store/mark.ts';
import type { PolicyFile, Step } from '../../src/core/selinux/store/transaction.ts';
import { digest } from '../../src/io/digest.ts';
import { channelTo, startedChannel } from '../../src/io/native/child-channel.ts';
import { SelinuxPolicyStore } from '../../src/io/native/selinux-policy.ts';
import { SelinuxNames } from '../../src/io/selinuxfs.ts';
import { buildSanitized, nativeProgram } from './fixtures.ts';
import { HOMES, policyStore, STORE } from './policy-store.ts';

for (const build of ['Release', 'Debug'] as const) {
  describe(`selinux_policy, ${build}`, function () {
    this.timeout(180_000);
    let folder: string;
    let root: string;
    let commits: number;
    let opened: SelinuxPolicyStore[];

    before(function () {
      if (process.getuid?.() !== 0) {
        console.log('      not root: a policy store is none of ours here');
        this.skip();
      }
      if (build === 'Debug') buildSanitized();
    });
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'spo-policy-'));
      root = policyStore(folder);
      commits = 0;
      opened = [];
    });
    afterEach(() => {
      for (const store of opened) store.close();
      rmSync(folder, { recursive: true });
    });

    function open(of = root): SelinuxPolicyStore {
      const words = [`--root=${of}`, `--store=${STORE}`, `--scratch=${folder}`];
      const store = new SelinuxPolicyStore(startedChannel(nativeProgram('selinux_policy', build), words));
      opened.push(store);
      return store;
    }

    function fileOf(name: string, body: string, inherits = 'container'): PolicyFile {
      const cil = `(block ${name}\n(blockinherit ${inherits})\n${body}\n)\n`;
      const text = marked(cil, { kind: 'SelinuxProfile', namespace: 'n', name });
      return { name, text, checksum: digest(text) };
    }

    const install = (file: PolicyFile): Step => ({ type: 'install', file });

    /** An installer for a changing folder, which counts transactions. */
    function installer(files: Map<string, PolicyFile>): PolicyInstaller {
      return new PolicyInstaller({
        files: async () => [...files.values()],
        names: () => new SelinuxNames('/nowhere'),
        loads: () => undefined,
        now: () => 'T',
        open: () => {
          const store = open();
          const commit = (steps: readonly Step[]) => {
            commits += 1;
            return store.commit(steps);
          };
          return { list: () => store.list(), commit, close: () => store.close() };
        },
        log: SILENT,
      });
    }

    it('installs and removes modules in one transaction each, and lists them', async () => {
      const store = open();
      expect((await store.list()).map(({ name, priority }) => [name, priority])).to.deep.equal([['base', 100]]);
      const files = [fileOf('a_n', ''), fileOf('b_n', `;; ${'é€'.repeat(9000)}`, 'a_n')];
      expect(await store.commit(files.map(install))).to.deep.equal({ type: 'committed' });
      const own = (await store.list()).filter(({ priority }) => priority === 400);
      expect(own.map(({ name, checksum }) => [name, checksum]).toSorted()).to.deep.equal(
        files.map(({ name, checksum }) => [name, checksum]),
      );
      expect(own[0]?.enabled).to.equal(true);
      expect(own[0]?.lastLine).to.equal(`;; security-profiles-operator: SelinuxProfile n/${own[0]?.name ?? ''}`);
      const removal = ['a_n', 'b_n'].map((name) => ({ type: 'remove', name }) as const);
      expect(await store.commit(removal)).to.deep.equal({ type: 'committed' });
      expect((await store.list()).length).to.equal(1);
    });

    it('says why a transaction is refused, changes nothing then, and goes on', async () => {
      const store = open();
      const files = [fileOf('a_n', ''), fileOf('b_n', '(allow process none_t (file (read)))')];
      const refused = await store.commit(files.map(install));
      expect(refused.type === 'refused' && refused.words[0]).to.match(/^Failed to resolve allow .*\/400\/b_n\/cil:3$/);
      expect((await store.list()).length).to.equal(1);
      expect(await store.commit([install(fileOf('a_n', ''))])).to.deep.equal({ type: 'committed' });
      const removal = await store.commit([{ type: 'remove', name: 'never_n' }]);
      expect(removal.type === 'refused' && removal.words.at(-1)).to.equal('remove the module never_n is not possible');
    });

    it('keeps the settings of the node that say how a policy is built, and the contexts of homes', async () => {
      const homes = path.join(root, 'etc/selinux', STORE, 'contexts/files/file_contexts.homedirs');
      const store = open();
      expect(await store.commit([install(fileOf('a_n', '(neverallow process etc_t (file (read)))'))])).to.deep.equal({
        type: 'committed',
      });
      store.close();
      expect(readFileSync(homes, 'utf8')).to.equal(HOMES);
      const settings = path.join(root, 'etc/selinux/semanage.conf');
      writeFileSync(settings, readFileSync(settings, 'utf8').replace('expand-check = 0', 'expand-check = 1'));
      const strict = open();
      const refused = await strict.commit([install(fileOf('b_n', '(neverallow process etc_t (file (read)))'))]);
      expect(refused.type === 'refused' && refused.words.join(' ')).to.include('neverallow');
      strict.close();
      expect(readdirSync(folder)).to.deep.equal(['root']);
    });

    it('tells of disabled modules and of other priorities', async () => {
      const store = open();
      const file = fileOf('a_n', '');
      await store.commit([install(file)]);
      store.close();
      const active = path.join(root, 'var/lib/selinux', STORE, 'active/modules');
      writeFileSync(path.join(active, 'disabled/a_n'), '');
      mkdirSync(path.join(active, '500/c_n'), { recursive: true });
      writeFileSync(path.join(active, '500/c_n/cil'), '(type other_t)\n');
      writeFileSync(path.join(active, '500/c_n/lang_ext'), 'cil');
      const files = new Map([
        ['a_n', file],
        ['c_n', fileOf('c_n', '')],
      ]);
      const policies = installer(files);
      await policies.round();
      expect(policies.state('a_n')?.msg).to.include('semodule -e a_n enables it');
      expect(policies.state('c_n')?.msg).to.include('priority 500, which is in effect instead');
    });

    it('installs many at once, and leaves out those that are wrong', async () => {
      const names = Array.from({ length: 50 }, (_, number) => `p${number}_n`);
      const files = new Map(names.map((name) => [name, fileOf(name, '(allow process etc_t (file (write)))')]));
      files.set('p7_n', fileOf('p7_n', '(allow process none_t (file (read)))'));
      files.set('p9_n', fileOf('p9_n', '(allow process etc_t (file ()))'));
      let policies = installer(files);
      await policies.round();
      expect(commits).to.equal(3);
      const failed = names.filter((name) => policies.state(name)?.status !== 'Installed');
      expect(failed).to.deep.equal(['p7_n', 'p9_n']);
      expect(policies.state('p7_n')?.msg).to.equal(
        'Failed to resolve allow statement at p7_n.cil:3, (allow process none_t (file (read))); Failed to resolve AST',
      );
      expect(policies.state('p9_n')?.msg).to.include('Bad allow rule at p9_n.cil:3, (allow process etc_t (file ()))');
      files.delete('p7_n');
      files.delete('p9_n');
      commits = 0;
      policies = installer(files);
      await policies.round();
      expect(commits).to.equal(0);
      expect(policies.state('p0_n')?.status).to.equal('Installed');
    });

    it('refuses to take a parent from its child, and names the child', async () => {
      const files = new Map([
        ['a_n', fileOf('a_n', '')],
        ['b_n', fileOf('b_n', '', 'a_n')],
      ]);
      const policies = installer(files);
      await policies.round();
      files.delete('a_n');
      await policies.round();
      expect(policies.state('a_n')).to.deep.include({ status: 'Failed', removal: true });
      expect(policies.state('a_n')?.msg).to.include('Failed to resolve blockinherit statement at b_n.cil:2');
      files.delete('b_n');
      await policies.round();
      expect([policies.state('a_n'), policies.state('b_n')]).to.deep.equal([undefined, undefined]);
    });

    it('shows a program that ends in a transaction as a result of it', async () => {
      const child = spawn(
        nativeProgram('selinux_policy', build),
        [`--root=${root}`, `--store=${STORE}`, `--scratch=${folder}`],
        {
          stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
          env: {},
        },
      );
      const store = new SelinuxPolicyStore(channelTo('selinux_policy', child));
      await store.list();
      child.kill('SIGKILL');
      expect(await store.commit([install(fileOf('a_n', ''))])).to.deep.equal({
        type: 'ended',
        words: ['selinux_policy was ended by SIGKILL before it had finished'],
      });
      store.close();
      expect((await open().list()).length).to.equal(1);
    });

    it('says what it lacks where there is no store', async () => {
      const store = open(path.join(folder, 'none'));
      expect(await store.list().catch(String)).to.match(/^Error: the policy store of the node cannot be opened: /);
      store.close();
      expect(existsSync(path.join(folder, 'none'))).to.equal(false);
    });
  });
}
