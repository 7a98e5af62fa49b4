// SPDX-License-Identifier: Apache-2.0
// The daemon's handler: what it writes to the disk, what it notes, and what it leaves alone.
import { expect } from 'chai';
import { Failed } from '../../../src/core/errors.ts';
import { SILENT } from '../../../src/core/log.ts';
import type { Limit } from '../../../src/core/seccomp/allowed.ts';
import { sha256Hex } from '../../../src/core/sha256.ts';
import { NodeStatusCache } from '../../../src/core/status/node-status-cache.ts';
import type { NodeStatusEntry } from '../../../src/core/status/node-status-entry.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import { ProfileInstallation } from '../../../src/handlers/node/profile-installation.ts';
import { seccompOnNode } from '../../../src/handlers/node/seccomp-profile.ts';
import { podSource } from '../../../src/handlers/sources/pods.ts';
import type { WorkloadPod } from '../../../src/handlers/sources/pods.ts';
import { SECCOMP } from '../../../src/handlers/sources/seccomp-profiles.ts';
import { keyText } from '../../../src/runtime/object.ts';
import type { ObjectKey } from '../../../src/runtime/object.ts';
import type { ProfileFile } from '../../../src/core/seccomp/files.ts';
import { KERNEL, MemoryFiles, NO_ARTIFACTS, Shelf, seccompProfile } from '../../fakes/profiles.ts';

const never = new AbortController().signal;

class Node {
  readonly profiles = new Shelf<SeccompProfile>();
  readonly files = new MemoryFiles();
  readonly cache = new NodeStatusCache(() => undefined);
  readonly counted: string[] = [];
  users: readonly string[] = [];
  limit: Limit = {};
  seesAllPods = true;
  readonly inventory: ProfileFile[] = [];
  readonly kind = seccompOnNode({
    profiles: this.profiles,
    artifacts: NO_ARTIFACTS,
    watches: [],
    files: this.files,
    inventory: this.inventory,
    counters: { done: (operation) => this.counted.push(operation), failed: (reason) => this.counted.push(reason) },
    kernel: KERNEL,
    digest: sha256Hex,
    limit: () => this.limit,
  });
  readonly handler = new ProfileInstallation(this.kind, {
    profiles: this.profiles,
    podSource: podSource({}, [SECCOMP]),
    cache: this.cache,
    log: SILENT,
    usersOf: () => this.users,
    seesAllPods: () => this.seesAllPods,
    now: () => 'T',
  });

  async apply(profile: SeccompProfile): Promise<void> {
    await this.handler.apply(this.profiles.set(profile));
  }

  entry(name: string): NodeStatusEntry | undefined {
    return this.cache.get(`SeccompProfile/ns/${name}`);
  }

  names(file: string): readonly string[] {
    const document = JSON.parse(this.files.texts.get(file) ?? '{}') as { syscalls?: { names: string[] }[] };
    return (document.syscalls ?? []).flatMap((rule) => rule.names);
  }

  /** The profiles that a pod concerns which runs under a localhostProfile. */
  concernedByPod(localhost: string): readonly ObjectKey[] {
    const metadata = { name: 'pod', namespace: 'ns' };
    const uses = [{ kind: 'SeccompProfile', name: localhost }];
    const pod: WorkloadPod = { apiVersion: 'v1', kind: 'Pod', metadata, uses };
    return this.handler.watches[1]!.mapToKeys(pod);
  }

  /** Has the daemon find these files of the namespace `ns` at its start, and remove those that nobody needs. */
  async removeOrphans(names: readonly string[]): Promise<readonly ObjectKey[]> {
    this.inventory.splice(0, Infinity, ...names.map((file) => ({ directory: 'ns', file })));
    return this.handler.removeOrphans([]);
  }

  /** Keys of profiles that a change of this one concerns. */
  relatives(profile: SeccompProfile): readonly string[] {
    return this.handler.watches[0]!.mapToKeys(profile).map(keyText);
  }
}

describe('handlers/node/seccomp-profile', () => {
  let node: Node;
  beforeEach(() => (node = new Node()));

  it('writes a file again that others have changed or removed, and says so until the profile is another one', async () => {
    const profile = seccompProfile('a');
    await node.apply(profile);
    const text = node.files.texts.get('ns/a.json');
    expect(node.entry('a')?.reason).to.equal(undefined);
    node.files.texts.set('ns/a.json', '{"defaultAction":"SCMP_ACT_ALLOW"}');
    await node.apply(profile);
    expect(node.files.texts.get('ns/a.json')).to.equal(text);
    expect(node.entry('a')).to.include({ state: 'Installed', reason: 'FileDiffered' });
    expect(node.entry('a')?.message).to.match(
      /^somebody had changed or removed the file on the node: written again at T/,
    );
    await node.apply(profile);
    expect(node.entry('a')?.reason, 'still').to.equal('FileDiffered');
    await node.apply(seccompProfile('a', ['write'], { metadata: { generation: 2 } }));
    expect(node.entry('a')?.reason).to.equal(undefined);
  });

  it('writes the file, notes what it holds, and counts it once', async () => {
    await node.apply(seccompProfile('a', ['read', 'write']));
    expect(node.names('ns/a.json')).to.deep.equal(['read', 'write']);
    expect(node.entry('a')).to.include({ state: 'Installed', uid: 'a', generation: 1 });
    expect(node.entry('a')?.hash).to.match(/^[0-9a-f]{16}$/);
    await node.apply(seccompProfile('a', ['read', 'write']));
    expect(node.counted).to.deep.equal(['update']);
  });

  it('looks at as many levels of profiles above a base as may be stacked, and no further', () => {
    const name = (level: number): string => `p${String(level).padStart(2, '0')}`;
    for (let level = 40; level > 0; level--) {
      node.profiles.set(seccompProfile(name(level), ['read'], { spec: { baseProfileName: name(level - 1) } }));
    }
    const base = node.profiles.set(seccompProfile(name(0)));
    const expected = Array.from({ length: 15 }, (_, level) => `ns/${name(level + 1)}`);
    expect([...node.relatives(base)].sort()).to.deep.equal(expected);
  });

  it('asks for no pass when only others changed the object', () => {
    const before = seccompProfile('a');
    const with_ = (metadata: object): SeccompProfile => seccompProfile('a', ['read'], { metadata });
    const status = { ...before, status: { status: 'Installed' as const } };
    expect(node.handler.predicate(before, status)).to.equal(false);
    expect(node.handler.predicate(before, with_({ labels: { 'spo.x-k8s.io/profile-id': 'x' } }))).to.equal(false);
    expect(node.handler.predicate(before, with_({ finalizers: ['spo.x-k8s.io/installed-on-nodes'] }))).to.equal(false);
    expect(node.handler.predicate(before, with_({ generation: 2 }))).to.equal(true);
    expect(node.handler.predicate(before, with_({ uid: 'other' }))).to.equal(true);
    expect(node.handler.predicate(before, with_({ deletionTimestamp: 'T' }))).to.equal(true);
    expect(node.handler.predicate(before, with_({ finalizers: ['in-use-by-active-pods'] }))).to.equal(true);
    expect(node.handler.predicate(before, with_({ labels: { 'spo.x-k8s.io/partial': 'true' } }))).to.equal(true);
  });

  it('notes what is wrong with a profile, and keeps the file that was right', async () => {
    await node.apply(seccompProfile('a', ['read']));
    await node.apply(seccompProfile('a', ['opne'], { metadata: { generation: 2 } }));
    expect(node.entry('a')).to.include({ state: 'Error', reason: 'InvalidSeccompProfile', generation: 2 });
    expect(node.entry('a')?.message).to.contain('opne');
    expect(node.names('ns/a.json')).to.deep.equal(['read']);
    expect(node.counted).to.deep.equal(['update', 'InvalidSeccompProfile']);
  });

  it('throws when the disk fails, so that it is tried again, and says so once', async () => {
    node.files.fault = new Error('write /k/ns/a.json: no space left on device');
    for (let i = 0; i < 2; i++) {
      const error: unknown = await node.apply(seccompProfile('a')).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(Failed).and.to.include({ reason: 'CannotSaveSeccompProfile' });
    }
    expect(node.entry('a')).to.include({ state: 'Error', message: 'write /k/ns/a.json: no space left on device' });
    expect(node.counted).to.deep.equal(['CannotSaveSeccompProfile']);
    node.files.fault = undefined;
    await node.apply(seccompProfile('a'));
    expect(node.entry('a')).to.include({ state: 'Installed' });
  });

  it('waits for a base, and knows whom a base concerns at any distance', async () => {
    const top = seccompProfile('top', ['exit'], { spec: { baseProfileName: 'middle' } });
    const middle = seccompProfile('middle', ['read'], { spec: { baseProfileName: 'base' } });
    await node.apply(top);
    expect(node.entry('top')).to.include({ state: 'Pending', reason: 'BaseProfileNotFound' });
    await node.apply(middle);
    const base = seccompProfile('base', ['write']);
    await node.apply(base);
    expect(node.relatives(base)).to.have.members(['ns/middle', 'ns/top']);
    await node.apply(middle);
    await node.apply(top);
    expect(node.names('ns/top.json')).to.deep.equal(['exit', 'read', 'write']);
    expect(node.entry('top')).to.include({ state: 'Installed' });
  });

  it('names relatives in a circle without end, and installs none of them', async () => {
    const a = seccompProfile('a', ['read'], { spec: { baseProfileName: 'b' } });
    const b = seccompProfile('b', ['read'], { spec: { baseProfileName: 'a' } });
    await node.apply(a);
    await node.apply(b);
    await node.apply(a);
    expect(node.relatives(a)).to.have.members(['ns/a', 'ns/b']);
    expect(node.entry('a')?.message).to.contain('circle: a -> b -> a');
    expect(node.files.texts.size).to.equal(0);
  });

  it('keeps to the limit of the spod, and takes away what it forbids since', async () => {
    await node.apply(seccompProfile('a', ['mount']));
    node.limit = { allowedSyscalls: ['read'] };
    await node.apply(seccompProfile('a', ['mount']));
    expect(node.entry('a')).to.include({ state: 'Error', reason: 'ProfileNotAllowed' });
    expect(node.files.texts.size).to.equal(0);
    expect(node.counted).to.deep.equal(['update', 'delete', 'ProfileNotAllowed']);
    await node.apply(seccompProfile('b', ['mount']));
    expect(node.files.texts.size).to.equal(0);
  });

  it('takes it away also where the profile is wrong since, or its base has gone, but nothing that is allowed', async () => {
    for (const names of [['mount'], ['read']]) {
      node = new Node();
      const onBase = (name: string) => seccompProfile(name, names, { spec: { baseProfileName: 'base' } });
      node.profiles.set(seccompProfile('base', ['read']));
      await node.apply(seccompProfile('a', names));
      await node.apply(onBase('b'));
      node.profiles.take('base');
      node.limit = { allowedSyscalls: ['read'] };
      await node.apply(seccompProfile('a', ['opne'], { metadata: { generation: 2 } }));
      await node.apply(onBase('b'));
      expect(node.entry('a')).to.include({ state: 'Error', reason: 'InvalidSeccompProfile' });
      expect(node.entry('b')).to.include({ state: 'Pending', reason: 'BaseProfileNotFound' });
      expect(node.files.texts.size).to.equal(names.includes('read') ? 2 : 0);
    }
  });

  it('takes a file that it cannot understand for one beyond the limit', async () => {
    const file = { directory: 'ns', file: 'a.json' };
    for (const text of ['{', '{"defaultAction":"SCMP_ACT_ANY"}']) {
      node.limit = {};
      await node.files.write(file, text);
      await node.apply(seccompProfile('a', ['opne']));
      expect(node.files.texts.size, 'without a limit').to.equal(1);
      node.limit = { allowedSyscalls: ['read'] };
      await node.apply(seccompProfile('a', ['opne']));
      expect(node.files.texts.size).to.equal(0);
    }
  });

  it('leaves a file that the limit forbids to the pods that run under it, and no longer', async () => {
    await node.apply(seccompProfile('a', ['mount']));
    node.limit = { allowedSyscalls: ['read'] };
    node.users = ['ns/pod'];
    await node.apply(seccompProfile('a', ['mount']));
    expect(node.entry('a')?.message).to.match(/mount; the file is kept: pod ns\/pod on this node uses the profile$/);
    expect(node.files.texts.size).to.equal(1);
    node.users = [];
    await node.apply(seccompProfile('a', ['mount']));
    expect(node.files.texts.size).to.equal(0);
  });

  it('keeps no file that the limit forbids for a pod that is on no node, also when the profile is deleted', async () => {
    const held = (more: object = {}) =>
      seccompProfile('a', ['mount'], { metadata: { finalizers: ['in-use-by-active-pods'], ...more } });
    for (const deleted of [false, true]) {
      node.limit = {};
      await node.apply(held());
      expect(node.files.texts.size).to.equal(1);
      node.limit = { allowedSyscalls: ['read'] };
      if (deleted) await node.handler.cleanup(held({ deletionTimestamp: 'T' }));
      else await node.apply(held());
      expect(node.files.texts.size, String(deleted)).to.equal(0);
    }
  });

  it('tries again where it cannot be read what the file allows', async () => {
    await node.apply(seccompProfile('a', ['mount']));
    node.limit = { allowedSyscalls: ['read'] };
    node.files.fault = new Error('read /k/ns/a.json: input/output error');
    const error: unknown = await node.apply(seccompProfile('a', ['mount'])).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Failed).and.to.include({ reason: 'CannotRemoveSeccompProfile' });
    expect(node.entry('a')).to.include({ state: 'Error', message: 'read /k/ns/a.json: input/output error' });
    node.files.fault = undefined;
    await node.apply(seccompProfile('a', ['mount']));
    expect(node.files.texts.size).to.equal(0);
  });

  it('takes the file away when a profile is put to sleep, but not from under a pod', async () => {
    await node.apply(seccompProfile('a'));
    node.users = ['ns/pod'];
    await node.apply(seccompProfile('a', ['read'], { spec: { disabled: true }, metadata: { generation: 2 } }));
    const message = 'the file is kept: pod ns/pod on this node uses the profile';
    expect(node.entry('a')).to.include({ state: 'Disabled', message });
    expect(node.files.texts.has('ns/a.json')).to.equal(true);
    node.users = [];
    const held = { generation: 2, finalizers: ['in-use-by-active-pods'] };
    await node.apply(seccompProfile('a', ['read'], { spec: { disabled: true }, metadata: held }));
    expect(node.files.texts.has('ns/a.json'), 'the manager knows of a pod that the daemon does not watch').to.equal(
      true,
    );
    await node.apply(seccompProfile('a', ['read'], { spec: { disabled: true }, metadata: { generation: 2 } }));
    expect(node.files.texts.size).to.equal(0);
    await node.apply(seccompProfile('p', ['read'], { metadata: { labels: { 'spo.x-k8s.io/partial': 'true' } } }));
    expect(node.entry('p')).to.include({ state: 'Partial' });
  });

  it('removes the file of a deleted profile only when no pod needs it', async () => {
    await node.apply(seccompProfile('a'));
    const deleted = (finalizers: readonly string[]): SeccompProfile =>
      seccompProfile('a', ['read'], { metadata: { deletionTimestamp: 'T', finalizers } });
    await node.handler.cleanup(deleted(['in-use-by-active-pods']));
    expect(node.entry('a')).to.include({ state: 'Terminating', message: 'a pod uses the profile' });
    node.users = ['ns/pod'];
    await node.handler.cleanup(deleted(['spo.x-k8s.io/installed-on-nodes']));
    expect(node.entry('a')).to.include({ message: 'pod ns/pod on this node uses the profile' });
    expect(node.files.texts.size).to.equal(1);
    node.users = [];
    await node.handler.cleanup(deleted(['spo.x-k8s.io/installed-on-nodes']));
    expect(node.files.texts.size).to.equal(0);
    expect(node.entry('a')).to.equal(undefined);
    expect(node.counted).to.deep.equal(['update', 'delete']);
  });

  it('notes a file that cannot be removed, and tries again', async () => {
    await node.apply(seccompProfile('a'));
    node.files.fault = new Error('remove /k/ns/a.json: read-only file system');
    const deleted = seccompProfile('a', ['read'], { metadata: { deletionTimestamp: 'T' } });
    const error: unknown = await node.handler.cleanup(deleted).catch((thrown: unknown) => thrown);
    expect(error).to.include({ reason: 'CannotRemoveSeccompProfile' });
    expect(node.entry('a')).to.include({ state: 'Error', message: 'remove /k/ns/a.json: read-only file system' });
    node.files.fault = undefined;
    await node.handler.cleanup(deleted);
    expect(node.entry('a')).to.equal(undefined);
  });

  it('removes what is gone without a word', async () => {
    await node.apply(seccompProfile('a'));
    node.profiles.take('a');
    await node.handler.gone({ namespace: 'ns', name: 'a' });
    expect(node.files.texts.size).to.equal(0);
    expect(node.entry('a')).to.equal(undefined);
  });

  it('keeps the file of a profile that is gone for a pod that runs under it, until the pod has gone, too', async () => {
    await node.apply(seccompProfile('a'));
    node.profiles.take('a');
    node.users = ['ns/pod'];
    await node.handler.gone({ namespace: 'ns', name: 'a' });
    expect(node.files.texts.has('ns/a.json')).to.equal(true);
    expect(node.entry('a')).to.equal(undefined);
    expect(node.concernedByPod('operator/ns/a.json')).to.deep.equal([{ namespace: 'ns', name: 'a' }]);
    node.users = [];
    await node.handler.gone({ namespace: 'ns', name: 'a' });
    expect([node.files.texts.size, node.concernedByPod('operator/ns/a.json').length]).to.deep.equal([0, 0]);
  });

  it('looks at a profile that is gone when the pod that needs its file changes, and at one that is there again', async () => {
    const files = 'operator/ns/a.json';
    node.users = ['ns/pod'];
    await node.handler.gone({ namespace: 'ns', name: 'a' });
    expect(node.concernedByPod(files)).to.deep.equal([{ namespace: 'ns', name: 'a' }]);
    expect(node.concernedByPod('operator/ns/b.json')).to.deep.equal([]);
    node.profiles.set(seccompProfile('a.json'));
    expect(node.concernedByPod(files)).to.deep.equal([{ namespace: 'ns', name: 'a.json' }]);
  });

  it('gives a file that two profiles claim to the one whose name it is', async () => {
    await node.apply(seccompProfile('a.json', ['write']));
    await node.apply(seccompProfile('a', ['read']));
    expect(node.relatives(seccompProfile('a'))).to.deep.equal(['ns/a.json']);
    await node.apply(seccompProfile('a.json', ['write']));
    expect(node.entry('a.json')).to.include({ state: 'Error' });
    expect(node.names('ns/a.json')).to.deep.equal(['read']);
    await node.handler.cleanup(seccompProfile('a.json', [], { metadata: { deletionTimestamp: 'T' } }));
    expect(node.names('ns/a.json')).to.deep.equal(['read']);
    node.profiles.take('a');
    await node.handler.gone({ namespace: 'ns', name: 'a' });
    await node.apply(seccompProfile('a.json', ['write']));
    expect(node.names('ns/a.json')).to.deep.equal(['write']);
  });

  it('collects garbage, but nothing that a profile or a pod needs', async () => {
    await node.apply(seccompProfile('a'));
    for (const name of ['b', 'c']) await node.files.write({ directory: 'ns', file: `${name}.json` }, 'old');
    await node.removeOrphans(['a.json', 'b.json', 'c.json']);
    expect([...node.files.texts.keys()]).to.deep.equal(['ns/a.json']);
    await node.files.write({ directory: 'ns', file: 'd.json' }, 'old');
    node.users = ['ns/pod'];
    await node.removeOrphans(['d.json']);
    expect(node.files.texts.has('ns/d.json')).to.equal(true);
    expect(node.concernedByPod('operator/ns/d.json')).to.deep.equal([{ namespace: 'ns', name: 'd' }]);
  });

  it('keeps a file without a profile where it does not see all pods: one of the others may run under it', async () => {
    node.seesAllPods = false;
    await node.files.write({ directory: 'ns', file: 'b.json' }, 'old');
    expect(await node.removeOrphans(['b.json'])).to.deep.equal([]);
    expect(node.files.texts.has('ns/b.json')).to.equal(true);
  });

  it('lets garbage lie that it cannot remove, and names it to be tried again', async () => {
    await node.files.write({ directory: 'ns', file: 'b.json' }, 'old');
    node.files.fault = new Error('read-only file system');
    const left = await node.removeOrphans(['b.json']);
    expect(left).to.deep.equal([{ namespace: 'ns', name: 'b' }]);
    node.files.fault = undefined;
    await node.handler.gone({ namespace: 'ns', name: 'b' });
    expect(node.files.texts.size).to.equal(0);
  });

  it('breaks off for what is nobody’s mistake but ours', async () => {
    const broken = { ...seccompProfile('a'), spec: undefined } as unknown as SeccompProfile;
    const error: unknown = await node.handler.apply(broken).then(
      () => 'nothing was thrown',
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(TypeError);
    expect(never.aborted).to.equal(false);
  });

  it('takes everything from the node that no pod needs when the operator is uninstalled', async () => {
    const node = new Node();
    await node.apply(seccompProfile('a'));
    node.users = ['ns/pod'];
    await node.handler.withdrawAll([]);
    expect([...node.files.texts.keys()]).to.deep.equal(['ns/a.json']);
    node.users = [];
    node.seesAllPods = false;
    await node.handler.withdrawAll([]);
    expect([...node.files.texts.keys()]).to.deep.equal(['ns/a.json']);
    node.seesAllPods = true;
    await node.handler.withdrawAll(['other']);
    expect([...node.files.texts.keys()]).to.deep.equal(['ns/a.json']);
    await node.handler.withdrawAll(['ns']);
    expect([...node.files.texts.keys()]).to.deep.equal([]);
  });

  it('takes what belongs to profiles that were deleted in the last moment, which nobody has looked at', async () => {
    await Promise.all(['a', 'b'].map((name) => node.apply(seccompProfile(name))));
    node.profiles.take('a');
    expect(await node.handler.removeOrphans([])).to.deep.equal([]);
    expect([...node.files.texts.keys()]).to.deep.equal(['ns/b.json']);
    node.profiles.take('b');
    await node.handler.withdrawAll([]);
    expect([...node.files.texts.keys()]).to.deep.equal([]);
  });
});
