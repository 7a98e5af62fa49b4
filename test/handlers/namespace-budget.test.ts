// SPDX-License-Identifier: Apache-2.0
// Profiles beyond the budget of their namespace: no node installs them, the manager says so, and deletions end.
import { expect } from 'chai';
import { Rejected } from '../../src/core/errors.ts';
import { SILENT } from '../../src/core/log.ts';
import type { ProfileFile } from '../../src/core/seccomp/files.ts';
import { sha256Hex } from '../../src/core/sha256.ts';
import { NodeStatusCache } from '../../src/core/status/node-status-cache.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { ProfileStatusHandler } from '../../src/handlers/manager/profile-status.ts';
import { seccompInManager } from '../../src/handlers/manager/seccomp-profile.ts';
import { ProfileInstallation } from '../../src/handlers/node/profile-installation.ts';
import { seccompOnNode } from '../../src/handlers/node/seccomp-profile.ts';
import { podSource } from '../../src/handlers/sources/pods.ts';
import { SECCOMP } from '../../src/handlers/sources/seccomp-profiles.ts';
import type { DaemonNode } from '../../src/handlers/sources/nodes.ts';
import { KERNEL, MemoryFiles, NO_ARTIFACTS, Shelf, seccompProfile } from '../fakes/profiles.ts';

const WHY = new Rejected('NamespaceBudgetExceeded', 'namespace ns has more than it may');

/** As the store keeps it. */
const identity = (profile: SeccompProfile): SeccompProfile => SECCOMP.source.budget?.identity(profile) ?? profile;

describe('a profile beyond the budget, on a node', () => {
  const profiles = new Shelf<SeccompProfile>();
  let files: MemoryFiles;
  let cache: NodeStatusCache;
  let users: readonly string[];
  let allowedSyscalls: readonly string[];
  let handler: ProfileInstallation;

  beforeEach(() => {
    files = new MemoryFiles();
    cache = new NodeStatusCache(() => undefined);
    users = [];
    allowedSyscalls = [];
    const inventory: readonly ProfileFile[] = [];
    const counters = { done: () => undefined, failed: () => undefined };
    const limit = () => ({ allowedSyscalls });
    const kind = seccompOnNode({
      artifacts: NO_ARTIFACTS,
      profiles,
      watches: [],
      files,
      inventory,
      counters,
      kernel: KERNEL,
      digest: sha256Hex,
      limit,
    });
    handler = new ProfileInstallation(kind, {
      profiles,
      podSource: podSource({}, [SECCOMP]),
      cache,
      log: SILENT,
      usersOf: () => users,
      seesAllPods: () => true,
      now: () => 'T',
    });
  });

  const entry = () => cache.get('SeccompProfile/ns/a');

  it('is not installed, and takes no room in the status of the node', async () => {
    await handler.withheld(identity(seccompProfile('a')), WHY);
    expect([...files.texts.keys()]).to.deep.equal([]);
    expect(entry()).to.equal(undefined);
  });

  it('keeps the file that it had, which the node says', async () => {
    await handler.apply(profiles.set(seccompProfile('a')));
    await handler.withheld(identity(seccompProfile('a')), WHY);
    expect([...files.texts.keys()]).to.deep.equal(['ns/a.json']);
    const message = 'namespace ns has more than it may; the file of before stays';
    expect(entry()).to.include({ state: 'Error', reason: 'NamespaceBudgetExceeded', message });
  });

  it('loses a file that the limit forbids', async () => {
    await handler.apply(profiles.set(seccompProfile('a')));
    allowedSyscalls = ['write'];
    await handler.withheld(identity(seccompProfile('a')), WHY);
    expect([...files.texts.keys()]).to.deep.equal([]);
    expect(entry()).to.equal(undefined);
  });

  it('is no base: a profile that stands on it is rejected', async () => {
    profiles.upsert('', identity(seccompProfile('base', ['write'])), 'fresh', true);
    await handler.apply(profiles.set(seccompProfile('a', ['read'], { spec: { baseProfileName: 'base' } })));
    expect(entry()).to.include({ state: 'Error', reason: 'NamespaceBudgetExceeded' });
    expect(entry()?.message).to.equal('needs the profile base, which is beyond the budget of its namespace');
    expect([...files.texts.keys()]).to.deep.equal([]);
  });

  it('leaves with its file when it is deleted', async () => {
    await handler.apply(profiles.set(seccompProfile('a')));
    await handler.cleanup(identity(seccompProfile('a', [], { metadata: { deletionTimestamp: 'T' } })));
    expect([...files.texts.keys()]).to.deep.equal([]);
    expect(entry()).to.equal(undefined);
  });
});

describe('a profile beyond the budget, in the manager', () => {
  let nodes: DaemonNode[];
  let handler: ProfileStatusHandler;

  beforeEach(() => {
    nodes = [{ name: 'n1', unreachable: false, nodeStatus: undefined }];
    const profiles = new Shelf<SeccompProfile>();
    const kind = seccompInManager({
      artifacts: NO_ARTIFACTS,
      profiles,
      kubeletDir: '/var/lib/kubelet',
      watches: [],
    });
    handler = new ProfileStatusHandler(kind, {
      watches: [],
      log: SILENT,
      daemonNodes: () => nodes,
      usersOf: () => [],
      isLeaving: () => false,
      now: () => 1_700_000_000_000,
    });
  });

  it('is an error with a reason of its own, in the condition and in an event, at once', async () => {
    const outcome = await handler.withheld(identity(seccompProfile('a')), WHY);
    expect(outcome.status).to.include({ status: 'Error', observedGeneration: 1 });
    expect(outcome.status).to.have.nested.property('conditions[0].reason', 'NamespaceBudgetExceeded');
    expect(outcome.status).to.have.nested.property('conditions[0].message', WHY.message);
    expect(outcome.status).to.have.nested.property('conditions[0].status', 'False');
    expect(outcome.status?.nodes).to.deep.equal({ desired: 1, installed: 0, pending: 0, failed: 1 });
    expect(outcome.events).to.deep.equal([
      { type: 'Warning', reason: 'NamespaceBudgetExceeded', message: WHY.message },
    ]);
    expect(outcome.metadata?.finalizers).to.include({ 'spo.x-k8s.io/installed-on-nodes': false });
    const next = await handler.withheld({ ...identity(seccompProfile('a')), status: outcome.status! }, WHY);
    expect(next.status).to.equal(undefined);
    expect(next.events).to.equal(undefined);
  });

  it('is held by a finalizer only while a node has its file', async () => {
    const profiles = { 'SeccompProfile/ns/a': { state: 'Error' as const, uid: 'a', generation: 1 } };
    const nodeStatus = {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1' as const,
      kind: 'SecurityProfileNodeStatus' as const,
      metadata: { name: 'n1' },
      nodeName: 'n1',
      status: { profiles },
    };
    nodes = [{ name: 'n1', unreachable: false, nodeStatus }];
    const { metadata } = await handler.withheld(identity(seccompProfile('a')), WHY);
    expect(metadata?.finalizers).to.include({ 'spo.x-k8s.io/installed-on-nodes': true });
    expect(metadata?.annotations).to.equal(undefined);
    expect(metadata?.labels).to.equal(undefined);
  });
});

describe('the source of profiles', () => {
  it('keeps of metadata only what is ours, of a long annotation its hash, and of an identity no rules', () => {
    const labels = { 'spo.x-k8s.io/partial': 'true', other: 'x' };
    const annotations = { syscalls: 'x'.repeat(1000), other: 'y'.repeat(1000) };
    const profile = seccompProfile('a', ['read'], { metadata: { labels, annotations } });
    const kept = SECCOMP.source.transform?.(profile);
    expect(kept?.metadata.labels).to.deep.equal({ 'spo.x-k8s.io/partial': 'true' });
    expect(Object.keys(kept?.metadata.annotations ?? {})).to.deep.equal(['syscalls']);
    expect(kept?.metadata.annotations?.['syscalls']).to.match(/^sha256:[0-9a-f]{64}$/);
    expect(kept?.spec).to.deep.equal(profile.spec);
    expect(identity(profile).spec).to.deep.equal({ defaultAction: 'SCMP_ACT_ERRNO' });
  });
});
