// SPDX-License-Identifier: Apache-2.0
// The policies of a node over several rounds, with a store in memory.
import { expect } from 'chai';
import { SILENT } from '../../../../src/core/log.ts';
import { PolicyInstaller } from '../../../../src/core/selinux/store/installer.ts';
import type { PolicyStore } from '../../../../src/core/selinux/store/installer.ts';
import { marked, markedProfile } from '../../../../src/core/selinux/store/mark.ts';
import { nameOf } from '../../../../src/core/selinux/store/transaction.ts';
import type { CommitResult, Step, StoreModule } from '../../../../src/core/selinux/store/transaction.ts';
import { RECORDING_POLICY } from '../../../../src/core/selinux/store/recording-policy.ts';
import { sha256Hex } from '../../../../src/core/sha256.ts';

/** A node with its store and its folder. A text with `BAD` is refused, and one that inherits what is not there. */
class Node {
  readonly modules = new Map<string, StoreModule>();
  readonly folder = new Map<string, string>();
  commits = 0;
  loads: number | undefined = 1;
  broken = false;
  full = false;
  opened = 0;
  /** Called in the middle of each transaction. */
  during = (): void => undefined;
  /** Classes of the policy in the kernel, and types that it lacks. */
  classes: readonly string[] = ['file'];
  missing: readonly string[] = [];

  installer(): PolicyInstaller {
    return new PolicyInstaller({
      files: async () => [...this.folder].map(([name, text]) => ({ name, text, checksum: sha256Hex(text) })),
      open: () => this.open(),
      names: () => ({
        hasClass: (name) => this.classes.includes(name),
        hasPermission: () => true,
        hasType: (name) => !this.missing.includes(name),
      }),
      loads: () => this.loads,
      now: () => `T${this.commits}`,
      log: SILENT,
    });
  }

  private open(): PolicyStore {
    this.opened += 1;
    let ended = false;
    return {
      list: async () => {
        if (ended) throw new Error('the program has ended');
        if (this.broken) throw new Error('the store is locked');
        return [...this.modules.values()];
      },
      commit: async (steps) => {
        if (ended) throw new Error('the program has ended');
        const result = this.commit(steps);
        ended = result.type === 'ended';
        return result;
      },
      close: () => undefined,
    };
  }

  put(name: string, body = '(blockinherit container)'): void {
    this.folder.set(name, marked(`(block ${name}\n${body}\n)\n`, { kind: 'SelinuxProfile', namespace: 'n', name }));
  }

  private commit(steps: readonly Step[]): CommitResult {
    this.commits += 1;
    this.during();
    if (this.full) return { type: 'refused', words: ['No space left on device'] };
    if (steps.some((step) => step.type === 'install' && step.file.text.includes('HUGE')))
      return { type: 'ended', words: ['it was ended by SIGKILL'] };
    const next = new Map(this.modules);
    for (const step of steps) {
      if (step.type === 'remove') next.delete(step.name);
      else next.set(step.file.name, moduleOf(step.file.name, step.file.text));
    }
    const texts = new Map(steps.flatMap((step) => (step.type === 'install' ? [[step.file.name, step.file.text]] : [])));
    for (const [name, text] of texts) {
      const parent = /blockinherit (\w+)/.exec(text)?.[1] ?? 'container';
      if (text.includes('BAD') || (parent !== 'container' && !next.has(parent)))
        return { type: 'refused', words: [`Failed to resolve statement at /x/modules/400/${name}/cil:2`] };
    }
    if (steps.some((step) => nameOf(step) === 'needed' && step.type === 'remove'))
      return { type: 'refused', words: ['Failed to resolve statement at /x/modules/400/heir/cil:2'] };
    this.modules.clear();
    for (const [name, module] of next) this.modules.set(name, module);
    return { type: 'committed' };
  }
}

function moduleOf(name: string, text: string): StoreModule {
  const lines = text.trim().split('\n');
  return { name, priority: 400, enabled: true, checksum: sha256Hex(text), lastLine: lines.at(-1) ?? '' };
}

describe('core/selinux/store/installer', () => {
  let node: Node;
  let installer: PolicyInstaller;

  beforeEach(() => {
    node = new Node();
    installer = node.installer();
  });

  it('knows nothing before its first round', async () => {
    expect(installer.ready).to.equal(false);
    await installer.round();
    expect(installer.ready).to.equal(true);
    expect(node.commits).to.equal(0);
  });

  it('installs all at once, and nothing again, also after a restart', async () => {
    for (let number = 0; number < 50; number++) node.put(`p${number}`);
    await installer.round();
    expect(installer.state('p49')).to.deep.equal({
      status: 'Installed',
      msg: '',
      checksum: sha256Hex(node.folder.get('p49') ?? ''),
    });
    await installer.round();
    installer = node.installer();
    await installer.round();
    expect(installer.state('p0')?.status).to.equal('Installed');
    expect(node.commits).to.equal(1);
  });

  it('installs again what others have removed or replaced, and tells of it', async () => {
    for (const name of ['a', 'b', 'c']) node.put(name);
    await installer.round();
    expect([installer.outdated, [...installer.touched()]]).to.deep.equal([false, []]);
    node.modules.delete('a');
    const b = node.modules.get('b')!;
    node.modules.set('b', { ...b, checksum: 'another' });
    node.loads = 2;
    expect(installer.outdated).to.equal(true);
    await installer.round();
    expect(installer.outdated).to.equal(false);
    expect(node.modules.get('a')?.checksum).to.equal(sha256Hex(node.folder.get('a') ?? ''));
    expect([...installer.touched()]).to.deep.equal([
      ['a', 'T2'],
      ['b', 'T2'],
    ]);
    expect(installer.state('a')).to.deep.include({ status: 'Installed', tampering: { at: 'T2', restored: true } });
    await installer.round();
    expect(installer.state('a')?.tampering?.at, 'is told until the next time').to.equal('T2');
    expect(installer.state('c')?.tampering).to.equal(undefined);
    node.folder.delete('a');
    await installer.round();
    expect([...installer.touched().keys()]).to.deep.equal(['b']);
  });

  it('tells of policies that others disable and enable, and of none that became another one or was refused', async () => {
    for (const name of ['a', 'b']) node.put(name);
    node.put('bad', '(BAD)');
    await installer.round();
    const a = node.modules.get('a')!;
    node.modules.set('a', { ...a, enabled: false });
    node.put('b', '(blockinherit a)');
    node.put('bad');
    await installer.round();
    expect([...installer.touched().keys()]).to.deep.equal(['a']);
    expect(installer.state('a')).to.deep.include({ disabled: true, tampering: { at: 'T3', restored: false } });
    node.modules.set('a', a);
    node.commits = 9;
    await installer.round();
    expect(installer.state('a')).to.deep.include({ status: 'Installed', tampering: { at: 'T9', restored: false } });
    expect(installer.state('bad')?.tampering).to.equal(undefined);
  });

  it('leaves open where a policy stands until the round has ended that may install it', async () => {
    const open = (): readonly boolean[] => ['a', 'b'].map((name) => installer.isOpen(name));
    expect(open()).to.deep.equal([true, true]);
    await installer.round();
    expect(open()).to.deep.equal([false, false]);
    node.put('a');
    let seen: readonly boolean[] = [];
    node.during = () => {
      seen = open();
      node.broken = true;
    };
    expect(await installer.round().catch(String)).to.equal('Error: the store is locked');
    expect(seen).to.deep.equal([true, false]);
    // It is in the store, of which nobody knows yet, and its file goes.
    node.folder.clear();
    expect(open()).to.deep.equal([true, false]);
    node.broken = false;
    node.during = () => undefined;
    await installer.round();
    expect([open(), node.modules.size]).to.deep.equal([[false, false], 0]);
  });

  it('is outdated before no round, and where the kernel does not tell', async () => {
    expect(installer.outdated).to.equal(false);
    node.loads = undefined;
    await installer.round();
    expect(installer.outdated).to.equal(false);
  });

  it('keeps a policy whose file is not there yet, and removes one whose file has gone', async () => {
    node.put('a');
    node.put('b');
    await installer.round();
    node.folder.clear();
    installer = node.installer();
    await installer.round();
    expect(installer.state('a')?.status).to.equal('Installed');
    expect([...installer.installed().keys()]).to.deep.equal(['a', 'b']);
    node.put('a');
    await installer.round();
    node.folder.clear();
    installer.remove('b');
    await installer.round();
    expect([installer.state('a'), installer.state('b'), node.modules.size]).to.deep.equal([undefined, undefined, 0]);
  });

  it('says why a policy is refused, keeps the version before, and tries it again only when there is hope', async () => {
    node.put('parent');
    node.put('child');
    await installer.round();
    const before = node.modules.get('child');
    node.put('child', 'BAD');
    await installer.round();
    const refused = { status: 'Failed', msg: 'Failed to resolve statement at child.cil:2, BAD' };
    expect(installer.state('child')).to.deep.include(refused);
    expect(node.modules.get('child')).to.equal(before);
    const commits = node.commits;
    await installer.round();
    expect(node.commits).to.equal(commits);
    expect(installer.state('child')).to.deep.include(refused);
    node.put('heir', '(blockinherit later)');
    await installer.round();
    expect(installer.state('heir')?.status).to.equal('Failed');
    node.put('later');
    await installer.round();
    expect(installer.state('heir')?.status).to.equal('Installed');
  });

  it('does not try what names a class that the node lacks, until the node has it', async () => {
    node.put('a', '(allow process etc_t ( new ( read )))');
    node.put('b', '(allow process etc_t ( file ( read )))');
    await installer.round();
    expect(installer.state('a')?.msg).to.equal('the policy of this node has no class "new" at a.cil:2');
    expect(installer.state('b')?.status).to.equal('Installed');
    await installer.round();
    expect(installer.state('a')?.status).to.equal('Failed');
    expect(node.commits).to.equal(1);
    node.classes = ['file', 'new'];
    node.modules.set('foreign', { ...moduleOf('foreign', '(block foreign)'), priority: 100 });
    await installer.round();
    expect(installer.state('a')?.status).to.equal('Installed');
  });

  it('tries what names an unknown type by itself, and says which', async () => {
    node.missing = ['none_t'];
    node.put('a', '(allow process none_t ( file ( read ))) ; BAD');
    node.put('b');
    await installer.round();
    expect(installer.state('b')?.status).to.equal('Installed');
    expect(installer.state('a')?.msg).to.match(/^Failed to resolve .*; the policy of this node has no type none_t$/);
    expect(node.commits).to.equal(2);
  });

  it('says of an installed policy that its type is not there', async () => {
    node.missing = ['a.process'];
    node.put('a');
    await installer.round();
    expect(installer.state('a')).to.include({
      status: 'Installed',
      msg: 'the policy of this node has no type a.process, which pods would name',
    });
  });

  it('says of a removal that it is not possible', async () => {
    node.put('needed');
    await installer.round();
    node.folder.clear();
    await installer.round();
    expect(installer.state('needed')).to.deep.include({
      status: 'Failed',
      removal: true,
      msg: 'Failed to resolve statement at heir.cil:2',
    });
  });

  it('tells of modules that are disabled, of others that are in effect, and of those that are not ours', async () => {
    for (const name of ['off', 'low', 'theirs']) node.put(name);
    node.modules.set('theirs', { ...moduleOf('theirs', '(type theirs_t)'), checksum: 'x' });
    await installer.round();
    const off = node.modules.get('off') as StoreModule;
    node.modules.set('off', { ...off, enabled: false });
    node.modules.set('high', { ...moduleOf('low', ''), priority: 500, checksum: '' });
    await installer.round();
    expect(installer.state('off')?.msg).to.equal('the module off is disabled on the node: semodule -e off enables it');
    expect(installer.state('low')?.msg).to.equal(
      'the node has a module low with the priority 500, which is in effect instead',
    );
    expect(installer.state('theirs')?.msg).to.include("that is not the operator's is on the node");
    expect(node.commits).to.equal(1);
  });

  it('keeps what it knows when the store cannot be read', async () => {
    node.put('a');
    await installer.round();
    node.broken = true;
    expect(await installer.round().catch(String)).to.equal('Error: the store is locked');
    expect(installer.state('a')?.status).to.equal('Installed');
  });

  it('installs the others with another program where one ends, and does not try the guilty one again', async () => {
    for (const name of ['a', 'b', 'c']) node.put(name);
    node.put('huge', 'HUGE');
    await installer.round();
    expect(['a', 'b', 'c', 'huge'].map((name) => installer.state(name)?.status)).to.deep.equal([
      ...['Installed', 'Installed', 'Installed', 'Failed'],
    ]);
    expect(installer.state('huge')?.msg).to.equal('it was ended by SIGKILL');
    const { commits, opened } = node;
    await installer.round();
    expect([node.commits, node.opened]).to.deep.equal([commits, opened + 1]);
  });

  it('tries again what the node has refused for reasons of its own', async () => {
    node.put('a');
    node.full = true;
    expect(await installer.round().catch(String)).to.equal('Error: No space left on device');
    expect(installer.state('a')).to.deep.include({ status: 'Failed', msg: 'No space left on device' });
    node.full = false;
    await installer.round();
    expect(installer.state('a')?.status).to.equal('Installed');
  });

  it('tries a wrong text again when the modules of others have changed', async () => {
    node.put('a', '(blockinherit theirs)');
    await installer.round();
    expect(installer.state('a')?.status).to.equal('Failed');
    node.modules.set('theirs', moduleOf('theirs', '(block theirs)'));
    await installer.round();
    expect(installer.state('a')?.status).to.equal('Installed');
  });

  it("leaves an administrator's module of the same form alone, and takes the policy for recordings away", async () => {
    node.put('udica');
    node.modules.set('udica', moduleOf('udica', '(block udica\n(blockinherit container)\n)\n'));
    node.modules.set(RECORDING_POLICY.name, moduleOf(RECORDING_POLICY.name, RECORDING_POLICY.text));
    installer.remove(RECORDING_POLICY.name);
    await installer.round();
    expect([...node.modules.keys()]).to.deep.equal(['udica']);
    expect(installer.state('udica')?.msg).to.include("that is not the operator's is on the node");
    node.folder.clear();
    await installer.round();
    expect([...node.modules.keys()]).to.deep.equal(['udica']);
  });

  it('marks modules in their last line', () => {
    const profile = { kind: 'RawSelinuxProfile', namespace: 'n', name: 'a.b' };
    const text = marked('(block x)', profile);
    expect(text.split('\n')[0]).to.equal('(block x)');
    expect(markedProfile(text.trim().split('\n').at(-1) ?? '')).to.deep.equal(profile);
    expect(
      ['', ')', ';; security-profiles-operator: x', ';; else SelinuxProfile n/a'].map(markedProfile),
    ).to.deep.equal(Array.from({ length: 4 }, () => undefined));
  });
});
