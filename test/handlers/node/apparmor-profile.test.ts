// SPDX-License-Identifier: Apache-2.0
// AppArmor profiles in the daemon: what is loaded and when, whose it is, and what is said of it.
import { expect } from 'chai';
import { Failed } from '../../../src/core/errors.ts';
import { SILENT } from '../../../src/core/log.ts';
import { sha256Hex } from '../../../src/core/sha256.ts';
import { NodeStatusCache } from '../../../src/core/status/node-status-cache.ts';
import type { NodeStatusEntry } from '../../../src/core/status/node-status-entry.ts';
import type { AppArmorProfile } from '../../../src/gen/crd/app-armor-profile.ts';
import { appArmorOnNode } from '../../../src/handlers/node/apparmor-profile.ts';
import { ProfileInstallation } from '../../../src/handlers/node/profile-installation.ts';
import { APPARMOR } from '../../../src/handlers/sources/apparmor-profiles.ts';
import { podSource } from '../../../src/handlers/sources/pods.ts';
import { keyOf } from '../../../src/runtime/object.ts';
import { appArmorProfile, MemoryAppArmor, MemoryRecords } from '../../fakes/apparmor.ts';
import { Shelf } from '../../fakes/profiles.ts';

class Node {
  readonly profiles = new Shelf<AppArmorProfile>();
  readonly kernel = new MemoryAppArmor();
  readonly records = new MemoryRecords();
  readonly counted: string[] = [];
  cache = new NodeStatusCache(() => undefined);
  users: readonly string[] = [];
  link: string | undefined;
  handler = this.started();

  /** A daemon that has just started: it knows what is on the disk and in the kernel. */
  started(): ProfileInstallation {
    this.cache = new NodeStatusCache(() => undefined);
    const kind = appArmorOnNode({
      profiles: this.profiles,
      operatorNamespace: 'spo',
      kernel: this.kernel,
      records: this.records,
      counters: { done: (operation) => this.counted.push(operation), failed: (reason) => this.counted.push(reason) },
      digest: sha256Hex,
      switchedOffBy: async () => this.link,
    });
    return new ProfileInstallation(kind, {
      profiles: this.profiles,
      podSource: podSource({}, [APPARMOR]),
      cache: this.cache,
      log: SILENT,
      usersOf: () => this.users,
      seesAllPods: () => true,
      now: () => 'T',
    });
  }

  async apply(profile: AppArmorProfile): Promise<NodeStatusEntry | undefined> {
    await this.handler.apply(this.profiles.set(profile));
    return this.entry(profile);
  }

  entry({ metadata }: AppArmorProfile): NodeStatusEntry | undefined {
    return this.cache.get(`AppArmorProfile/${metadata.namespace ?? ''}/${metadata.name}`);
  }
}

describe('handlers/node/apparmor-profile', () => {
  let node: Node;
  beforeEach(() => (node = new Node()));

  it('loads a profile once, and notes what it has loaded', async () => {
    const entry = await node.apply(appArmorProfile('a'));
    expect(entry).to.include({ state: 'Installed' });
    expect(entry?.hash).to.equal(node.records.get('a')?.binary);
    await node.apply(appArmorProfile('a'));
    expect(node.kernel.done).to.deep.equal(['compile', 'load a']);
    expect(node.counted).to.deep.equal(['update']);
  });

  it('compiles and loads nothing after a restart', async () => {
    await node.apply(appArmorProfile('a', 'mount,'));
    node.handler = node.started();
    node.kernel.done.splice(0);
    expect(await node.apply(appArmorProfile('a', 'mount,'))).to.include({
      state: 'Installed',
      message: 'the kernel of this node does not enforce rules of these kinds: mount',
    });
    expect(node.kernel.done).to.deep.equal([]);
  });

  it('loads everything after a reboot', async () => {
    await node.apply(appArmorProfile('a'));
    node.kernel.loaded.clear();
    node.records.records.clear();
    node.handler = node.started();
    await node.apply(appArmorProfile('a'));
    expect(node.kernel.done.slice(2)).to.deep.equal(['compile', 'load a']);
  });

  it('loads again what was unloaded by hand, but in place of nothing that has come since', async () => {
    await node.apply(appArmorProfile('a'));
    node.kernel.loaded.clear();
    await node.apply(appArmorProfile('a'));
    expect(node.kernel.done.slice(2)).to.deep.equal(['compile', 'load a']);
    node.kernel.loaded.set('a', 'of the node');
    node.kernel.has = async () => false;
    expect(await node.apply(appArmorProfile('a', 'network,'))).to.include({ reason: 'CannotLoadAppArmorProfile' });
    expect([node.kernel.loaded.get('a'), node.records.all()]).to.deep.equal(['of the node', []]);
  });

  it('puts right what others have replaced or removed in the kernel, and says so until the profile is another one', async () => {
    await node.apply(appArmorProfile('a'));
    const text = node.kernel.loaded.get('a');
    for (const tamper of [() => node.kernel.loaded.set('a', 'of others'), () => node.kernel.loaded.delete('a')]) {
      tamper();
      const entry = await node.apply(appArmorProfile('a'));
      expect(entry).to.include({ state: 'Installed', reason: 'FileDiffered' });
      expect(entry?.message).to.match(
        /^somebody had replaced or removed the profile in the kernel: loaded again at T; /,
      );
      expect(node.kernel.loaded.get('a')).to.equal(text);
    }
    expect(await node.apply(appArmorProfile('a')), 'still').to.include({ reason: 'FileDiffered' });
    expect(node.counted).to.deep.equal(['update', 'update', 'update']);
    const next = appArmorProfile('a', 'network,', { metadata: { generation: 2 } });
    expect((await node.apply(next))?.reason).to.equal(undefined);
  });

  it('finds out after a restart what was replaced meanwhile, but calls nothing replaced that the kernel does not show', async () => {
    await node.apply(appArmorProfile('a'));
    node.handler = node.started();
    node.kernel.loaded.set('a', 'of others');
    await node.apply(appArmorProfile('a'));
    expect(node.kernel.loaded.get('a')).to.include('file,');
    node.kernel.shows = false;
    await node.apply(appArmorProfile('b'));
    node.kernel.done.splice(0);
    expect((await node.apply(appArmorProfile('b')))?.reason).to.equal(undefined);
    expect(node.kernel.done).to.deep.equal([]);
  });

  it('calls nothing replaced after a reboot, or where a start was broken off', async () => {
    await node.apply(appArmorProfile('a'));
    node.kernel.loaded.clear();
    node.records.records.clear();
    expect((await node.apply(appArmorProfile('a')))?.reason).to.equal(undefined);
    await node.records.save({ ...node.records.get('a')!, source: '', binary: '', loaded: '' });
    expect((await node.apply(appArmorProfile('a')))?.reason).to.equal(undefined);
  });

  it('compiles anew for another parser or kernel, and loads only what has come out otherwise', async () => {
    await node.apply(appArmorProfile('a'));
    node.kernel.compiler = 'parser 2';
    await node.apply(appArmorProfile('a'));
    expect(node.kernel.done).to.deep.equal(['compile', 'load a', 'compile']);
    await node.apply(appArmorProfile('a', '# a comment\n  file,'));
    await node.apply(appArmorProfile('a', 'network,'));
    expect(node.kernel.done.slice(3)).to.deep.equal(['compile', 'compile', 'replace a']);
  });

  it("leaves the node's own profile of that name alone, in every order", async () => {
    node.kernel.loaded.set('a', 'of the node');
    const why = "the kernel of this node has a profile a already that is not the operator's; it is left as it is";
    expect(await node.apply(appArmorProfile('a'))).to.include({
      state: 'Error',
      reason: 'CannotLoadAppArmorProfile',
      message: why,
    });
    node.kernel.has = async () => false;
    expect(await node.apply(appArmorProfile('a'))).to.include({ message: why });
    expect([node.records.all(), node.kernel.loaded.get('a')]).to.deep.equal([[], 'of the node']);
    await node.handler.cleanup(appArmorProfile('a'));
    await node.handler.gone({ namespace: 'ns', name: 'a' });
    expect(node.kernel.loaded.get('a')).to.equal('of the node');
  });

  it('shows the words of the parser at the line of the user, and keeps what was loaded', async () => {
    await node.apply(appArmorProfile('a'));
    const policy = 'profile a {\n  file,\n  nonsense,\n}';
    expect(await node.apply(appArmorProfile('a', '', { spec: { policy } }))).to.include({
      state: 'Error',
      reason: 'InvalidAppArmorProfile',
      message: 'spec.policy: line 3, column 3: syntax error',
    });
    expect(node.kernel.loaded.get('a')).to.include('file,');
  });

  it('says what the loader refuses, and has no part in it', async () => {
    expect(await node.apply(appArmorProfile('a', 'forbidden,'))).to.include({
      state: 'Error',
      message: 'a: the loader refuses it',
    });
    expect(node.records.all()).to.deep.equal([]);
  });

  it('refuses names of the runtimes and names that an older profile has', async () => {
    expect(await node.apply(appArmorProfile('docker-default'))).to.include({ reason: 'InvalidAppArmorProfile' });
    const older = appArmorProfile('a', 'file,', { metadata: { creationTimestamp: '2026-01-01T00:00:00Z' } });
    const later = { namespace: 'aa', uid: 'later', creationTimestamp: '2026-01-02T00:00:00Z' };
    const younger = appArmorProfile('a', 'network,', { metadata: later });
    await node.apply(older);
    expect(await node.apply(younger)).to.include({
      reason: 'ProfileNameTaken',
      message: 'ns/a is older and has the same name, of which a node can have one profile only',
    });
    await node.handler.cleanup(younger);
    expect(node.kernel.loaded.get('a'), 'it is still the other one').to.include('file,');
    expect(node.handler.watches[0]!.mapToKeys(older)).to.deep.equal([{ namespace: 'aa', name: 'a' }]);
    node.profiles.take('a', 'ns');
    await node.handler.gone(keyOf(older));
    expect(await node.apply(younger)).to.include({ state: 'Installed' });
    expect([node.records.get('a')?.namespace, node.kernel.loaded.get('a')?.includes('network')]).to.deep.equal([
      'aa',
      true,
    ]);
  });

  it('leaves the name of the profile for recordings to the operator', async () => {
    const metadata = { creationTimestamp: '2026-01-01T00:00:00Z' };
    expect(await node.apply(appArmorProfile('log-enricher-trace', 'file,', { metadata }))).to.include({
      reason: 'InvalidAppArmorProfile',
    });
    const own = { namespace: 'spo', uid: 'own', creationTimestamp: '2026-01-02T00:00:00Z' };
    expect(await node.apply(appArmorProfile('log-enricher-trace', 'network,', { metadata: own }))).to.include({
      state: 'Installed',
    });
  });

  it('says of a name that a disabled profile has how it becomes free', async () => {
    const metadata = { creationTimestamp: '2026-01-01T00:00:00Z' };
    await node.apply(appArmorProfile('a', 'file,', { metadata, spec: { disabled: true } }));
    const later = { namespace: 'aa', uid: 'later', creationTimestamp: '2026-01-02T00:00:00Z' };
    expect(await node.apply(appArmorProfile('a', 'network,', { metadata: later }))).to.include({
      reason: 'ProfileNameTaken',
      message:
        'ns/a is older and has the same name, of which a node can have one profile only; ' +
        'it is not installed, and keeps the name until it is deleted',
    });
  });

  it('does not load what an administrator has switched off', async () => {
    node.link = '/etc/apparmor.d/disable/a';
    expect(await node.apply(appArmorProfile('a'))).to.include({
      state: 'Disabled',
      reason: 'DisabledOnNode',
      message: 'the administrator of this node has switched it off by /etc/apparmor.d/disable/a',
    });
    expect(node.kernel.done).to.deep.equal([]);
  });

  it('says of one that is switched off and still loaded that the kernel enforces it', async () => {
    await node.apply(appArmorProfile('a'));
    node.link = '/etc/apparmor.d/disable/a';
    expect(await node.apply(appArmorProfile('a'))).to.include({
      state: 'Disabled',
      message:
        'the administrator of this node has switched it off by /etc/apparmor.d/disable/a, ' +
        'but the kernel still has it and enforces it until it is removed or the node restarts',
    });
    node.kernel.loaded.clear();
    expect((await node.apply(appArmorProfile('a')))?.message).to.match(/disable\/a$/);
  });

  it('takes a profile out when the last pod has ended, and never before', async () => {
    await node.apply(appArmorProfile('a'));
    node.users = ['ns/p'];
    await node.handler.cleanup(appArmorProfile('a'));
    expect([node.entry(appArmorProfile('a'))?.message, node.kernel.loaded.has('a')]).to.deep.equal([
      'pod ns/p on this node uses the profile',
      true,
    ]);
    node.users = [];
    await node.handler.cleanup(appArmorProfile('a'));
    expect([node.kernel.loaded.has('a'), node.records.all(), node.counted]).to.deep.equal([
      false,
      [],
      ['update', 'delete'],
    ]);
  });

  it('takes out at its start what was deleted meanwhile', async () => {
    await node.apply(appArmorProfile('a'));
    node.profiles.take('a');
    node.handler = node.started();
    expect(await node.handler.removeOrphans([])).to.deep.equal([]);
    expect([node.kernel.loaded.has('a'), node.records.all()]).to.deep.equal([false, []]);
  });

  it('tries again what has failed, and knows after a crash in between that it is its own', async () => {
    node.kernel.fault = new Error('load a: Operation not permitted');
    const failure = await node.apply(appArmorProfile('a')).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Failed);
    expect(node.entry(appArmorProfile('a'))).to.include({
      state: 'Error',
      reason: 'CannotLoadAppArmorProfile',
      message: 'load a: Operation not permitted',
    });
    node.kernel.fault = undefined;
    node.kernel.loaded.set('a', 'loaded, and the note not finished');
    node.handler = node.started();
    expect(await node.apply(appArmorProfile('a'))).to.include({ state: 'Installed' });
    expect(node.kernel.loaded.get('a')).to.include('file,');
  });
});
