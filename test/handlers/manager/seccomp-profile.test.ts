// SPDX-License-Identifier: Apache-2.0
// The manager's handler: the status that all nodes make, written once; protection of what pods use; letting go.
import { expect } from 'chai';
import { SILENT } from '../../../src/core/log.ts';
import type { NodeEntry } from '../../../src/core/status/aggregate.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import type { SecurityProfileNodeStatus } from '../../../src/gen/crd/security-profile-node-status.ts';
import { ProfileStatusHandler } from '../../../src/handlers/manager/profile-status.ts';
import { seccompInManager } from '../../../src/handlers/manager/seccomp-profile.ts';
import type { Profile } from '../../../src/handlers/sources/profiles.ts';
import type { DaemonNode } from '../../../src/handlers/sources/nodes.ts';
import type { Outcome } from '../../../src/runtime/outcome.ts';
import { NO_ARTIFACTS, Shelf, seccompProfile } from '../../fakes/profiles.ts';

const HELD = ['spo.x-k8s.io/installed-on-nodes'];
const HOLDS = { 'spo.x-k8s.io/installed-on-nodes': true, 'in-use-by-active-pods': false };
const LABELS = { 'spo.x-k8s.io/profile-id': 'SeccompProfile-a' };

class Cluster {
  readonly profiles = new Shelf<SeccompProfile>();
  nodes: DaemonNode[] = [];
  users: readonly string[] = [];
  isLeaving = false;
  time = 1_700_000_000_000;
  readonly kind = seccompInManager({
    profiles: this.profiles,
    artifacts: NO_ARTIFACTS,
    kubeletDir: '/var/lib/kubelet',
    watches: [],
  });
  readonly handler = new ProfileStatusHandler(this.kind, {
    watches: [],
    log: SILENT,
    daemonNodes: () => this.nodes,
    usersOf: () => this.users,
    isLeaving: () => this.isLeaving,
    now: () => this.time,
  });

  /** A node that says this of the profile `a`. */
  node(name: string, entry?: NodeEntry, unreachable = false): void {
    const nodeStatus: SecurityProfileNodeStatus = {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'SecurityProfileNodeStatus',
      metadata: { name },
      nodeName: name,
      status: { profiles: entry === undefined ? {} : { 'SeccompProfile/ns/a': entry } },
    };
    this.nodes = [...this.nodes.filter((node) => node.name !== name), { name, unreachable, nodeStatus }];
  }

  apply(profile: SeccompProfile): Promise<Outcome<Profile>> {
    return this.handler.apply(profile);
  }
}

const installedAs = (uid: string): NodeEntry => ({ state: 'Installed', uid, generation: 1 });
const installed: NodeEntry = { state: 'Installed', uid: 'a', generation: 1 };
const held = (more: { spec?: object; metadata?: object; status?: object } = {}): SeccompProfile => ({
  ...seccompProfile('a', ['read'], {
    spec: more.spec ?? {},
    metadata: { finalizers: HELD, labels: LABELS, ...more.metadata },
  }),
  ...(more.status === undefined ? {} : { status: more.status }),
});

describe('handlers/manager/seccomp-profile', () => {
  let cluster: Cluster;
  beforeEach(() => (cluster = new Cluster()));

  const own = { labels: LABELS, annotations: { syscalls: undefined }, finalizers: HOLDS };

  it('holds and labels a new profile in one write, without a status', async () => {
    cluster.node('n1');
    expect(await cluster.apply(seccompProfile('a'))).to.deep.equal({ metadata: own, requeueAfterMs: 1000 });
  });

  it('lets everything go when the operator or the kind does, and marks parts of recordings', async () => {
    cluster.isLeaving = true;
    cluster.users = ['ns/pod'];
    cluster.node('n1', installed);
    const none = {
      'spo.x-k8s.io/installed-on-nodes': false,
      'in-use-by-active-pods': false,
      'spo.x-k8s.io/partial-profile-finalizer': false,
    };
    const deleted = held({ metadata: { deletionTimestamp: 'T' } });
    expect(await cluster.apply(held())).to.deep.equal({ metadata: { finalizers: none } });
    expect(await cluster.handler.cleanup(deleted)).to.deep.equal({ metadata: { finalizers: none } });
    const part = held({ metadata: { finalizers: ['spo.x-k8s.io/partial-profile-finalizer'] } });
    const marked = { finalizers: none, annotations: { 'spo.x-k8s.io/unmerged-part': 'true' } };
    expect(await cluster.apply(part)).to.deep.equal({ metadata: marked });
  });

  it('holds the parts of recordings that a recorder has marked, and no longer when a merge has finished one', async () => {
    cluster.node('n1');
    const recorded = { 'spo.x-k8s.io/recording-id': 'rec', 'spo.x-k8s.io/container-id': 'c' };
    const labels = { ...recorded, 'spo.x-k8s.io/partial': 'true' };
    const annotations = { 'spo.x-k8s.io/unmerged-part': 'true' };
    const finalizers = [...HELD, 'spo.x-k8s.io/partial-profile-finalizer'];
    const holds = async (metadata: object): Promise<unknown> =>
      (await cluster.apply(held({ metadata }))).metadata?.finalizers?.['spo.x-k8s.io/partial-profile-finalizer'];
    expect(await holds({ labels, annotations })).to.equal(true);
    expect(await holds({ labels, annotations, finalizers })).to.equal(true);
    expect(await holds({ labels })).to.equal(undefined);
    expect(await holds({ labels, finalizers })).to.equal(undefined);
    expect(await holds({ labels: recorded, annotations, finalizers })).to.equal(false);
    expect(await holds({ labels: { 'spo.x-k8s.io/partial': 'true' }, annotations })).to.equal(undefined);
  });

  it('tells first what has arrived already, and holds the profile in the next pass', async () => {
    cluster.node('n1', installed);
    const outcome = await cluster.apply(seccompProfile('a'));
    expect(outcome.status).to.include({ status: 'Installed' });
    expect(outcome.metadata).to.equal(undefined);
    expect(outcome.requeueAfterMs).to.equal(1);
    const next = await cluster.apply({ ...seccompProfile('a'), status: outcome.status! });
    expect(next).to.deep.equal({ metadata: own });
  });

  it('writes one status when the profile is on all nodes, with one event', async () => {
    cluster.node('n1');
    cluster.node('n2', installed);
    expect(await cluster.apply(held())).to.deep.equal({ metadata: own, requeueAfterMs: 1000 });
    cluster.time += 200;
    cluster.node('n1', installed);
    const { status, events, requeueAfterMs } = await cluster.apply(held());
    expect(requeueAfterMs).to.equal(undefined);
    expect(status).to.deep.equal({
      status: 'Installed',
      observedGeneration: 1,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'Available',
          message: 'the profile is installed on all nodes',
          observedGeneration: 1,
          lastTransitionTime: '2023-11-14T22:13:20Z',
        },
      ],
      path: '/var/lib/kubelet/seccomp/operator/ns/a.json',
      localhostProfile: 'operator/ns/a.json',
      'seccompProfile.localhostProfile': 'operator/ns/a.json',
      nodes: { desired: 2, installed: 2, pending: 0, failed: 0 },
    });
    expect(events).to.deep.equal([
      { type: 'Normal', reason: 'SavedSeccompProfile', message: 'Successfully saved profile to disk on 2 nodes' },
    ]);
    expect(await cluster.apply(held({ status: status! }))).to.deep.equal({ metadata: own });
  });

  it('says that it waits only when that takes a while', async () => {
    cluster.node('n1');
    await cluster.apply(held());
    cluster.time += 1000;
    const { status } = await cluster.apply(held());
    expect(status).to.include({ status: 'Pending' });
    expect(status?.conditions?.[0]?.message).to.equal('installed on 0 of 1 node so far; waiting for n1');
  });

  it('tells as seldom as before for whom it waits: a thousand nodes that answer one by one are a write a second', async () => {
    for (let i = 0; i < 1000; i++) cluster.node(`n${i}`);
    let status: SeccompProfile['status'];
    let writes = 0;
    for (let i = 0; i < 1000; i++) {
      cluster.node(`n${i}`, installed);
      const outcome = await cluster.apply(held(status === undefined ? {} : { status }));
      if (outcome.status !== undefined) writes += 1;
      status = outcome.status ?? status;
      cluster.time += 5;
    }
    expect(writes, 'in five seconds').to.be.within(4, 6);
    expect(status).to.include({ status: 'Installed' });
  });

  it('is not ready where no node runs the daemon, also after it was installed', async () => {
    cluster.node('n1', installed);
    const { status } = await cluster.apply(held());
    cluster.nodes = [];
    expect((await cluster.apply(held({ status: status! }))).status, 'not at once').to.equal(undefined);
    cluster.time += 1000;
    const later = await cluster.apply(held({ status: status! }));
    expect(later.status).to.include({ status: 'Pending' });
    expect(later.status?.conditions?.[0]).to.include({ status: 'False', message: 'no node runs the daemon' });
  });

  it('says of a profile for which a report had no room why it is Pending', async () => {
    cluster.node('n1');
    const [{ nodeStatus, ...node }] = cluster.nodes as [DaemonNode];
    const lastTransitionTime = '2026-01-01T00:00:00Z';
    const conditions = [{ type: 'Complete', status: 'False', reason: 'R', message: 'm', lastTransitionTime }] as const;
    cluster.nodes = [{ ...node, nodeStatus: { ...nodeStatus!, status: { ...nodeStatus!.status, conditions } } }];
    await cluster.apply(held());
    cluster.time += 1000;
    const { status } = await cluster.apply(held());
    expect(status?.conditions?.[0]?.message).to.contain('the report of n1 has no room for all profiles');
  });

  it('does not name a node that nobody can reach among those that a deletion waits for', async () => {
    cluster.node('n1', installed);
    cluster.node('dead', installed, true);
    const deleted = held({ metadata: { deletionTimestamp: 'T' } });
    await cluster.handler.cleanup(deleted);
    cluster.time += 1000;
    const { status } = await cluster.handler.cleanup(deleted);
    expect(status?.conditions?.[0]?.message).to.equal('the profile is being deleted; waiting for n1');
  });

  it('tells an error at once, with the reason and the node', async () => {
    const entry = { ...installed, state: 'Error', reason: 'InvalidSeccompProfile', message: 'no opne' } as const;
    cluster.node('n1', entry);
    const { status, events } = await cluster.apply(held());
    expect(status).to.deep.include({
      status: 'Error',
      failures: [{ nodeName: 'n1', reason: 'InvalidSeccompProfile', message: 'no opne' }],
    });
    expect(events).to.deep.equal([
      { type: 'Warning', reason: 'InvalidSeccompProfile', message: '1 of 1 node failed; n1: no opne' },
    ]);
    expect(await cluster.apply(held({ status: status! }))).to.deep.equal({ metadata: own });
  });

  it('writes numbers later and together', async () => {
    cluster.node('n1', installed);
    const { status } = await cluster.apply(held());
    cluster.node('n2', installed);
    cluster.node('n3');
    expect(await cluster.apply(held({ status: status! }))).to.deep.equal({ metadata: own, requeueAfterMs: 1000 });
    cluster.time += 600;
    cluster.node('n3', installed);
    expect(await cluster.apply(held({ status: status! }))).to.deep.equal({ metadata: own, requeueAfterMs: 400 });
    cluster.time += 400;
    const later = await cluster.apply(held({ status: status! }));
    expect(later.status).to.deep.include({ nodes: { desired: 3, installed: 3, pending: 0, failed: 0 } });
    expect(later.events).to.deep.equal([]);
  });

  it('does not wait for a node that nobody can reach', async () => {
    cluster.node('n1', installed);
    cluster.node('n2', undefined, true);
    expect((await cluster.apply(held())).status).to.include({ status: 'Installed' });
  });

  it('protects a profile that pods use, and lists them', async () => {
    cluster.node('n1', installed);
    const { status: before } = await cluster.apply(held());
    cluster.users = ['ns/p1', 'ns/p2'];
    const { metadata, requeueAfterMs } = await cluster.apply(held({ status: before! }));
    expect(metadata?.finalizers).to.deep.equal({ ...HOLDS, 'in-use-by-active-pods': true });
    expect(requeueAfterMs).to.equal(1000);
    const used = { status: before!, metadata: { finalizers: [...HELD, 'in-use-by-active-pods'] } };
    cluster.time += 1000;
    const { status } = await cluster.apply(held(used));
    expect(status).to.deep.include({ activeWorkloads: ['ns/p1', 'ns/p2'], activeWorkloadCount: 2 });
    cluster.users = [];
    expect((await cluster.apply(held(used))).metadata?.finalizers).to.deep.equal(HOLDS);
  });

  it('lists a thousand pods and counts all', async () => {
    cluster.node('n1', installed);
    cluster.users = Array.from({ length: 1200 }, (_, i) => `ns/p${i}`);
    const { status } = await cluster.apply(held({ metadata: { finalizers: [...HELD, 'in-use-by-active-pods'] } }));
    expect(status?.activeWorkloads).to.have.length(1000);
    expect(status?.activeWorkloadCount).to.equal(1200);
  });

  it('writes the effective system calls of a stacked profile', async () => {
    cluster.profiles.set(seccompProfile('base', ['write']));
    const { metadata } = await cluster.apply(held({ spec: { baseProfileName: 'base' } }));
    const annotations = { syscalls: '[{"names":["read","write"],"action":"SCMP_ACT_ALLOW"}]' };
    expect(metadata?.annotations).to.deep.equal(annotations);
    cluster.profiles.take('base');
    const kept = await cluster.apply(held({ spec: { baseProfileName: 'base' }, metadata: { annotations } }));
    expect(kept.metadata?.annotations, 'a base that went takes nothing away').to.deep.equal(annotations);
  });

  it('leaves the object of a profile that the limit forbids: nodes take the file away, and say why', async () => {
    cluster.node('n1', installed);
    const { status: before } = await cluster.apply(held());
    cluster.node('n1', { ...installed, state: 'Error', reason: 'ProfileNotAllowed', message: 'allows read' });
    const { status, events, toDelete } = await cluster.apply(held({ status: before! }));
    expect(toDelete).to.equal(undefined);
    expect(status).to.include({ status: 'Error' });
    expect(events?.[0]).to.include({ type: 'Warning', reason: 'ProfileNotAllowed' });
    expect(events?.[0]?.message).to.contain('allows read');
    cluster.node('n1', installed);
    expect((await cluster.apply(held({ status: status! }))).status).to.include({ status: 'Installed' });
  });

  it('writes the status of a profile that flaps at a bounded rate, and its metadata meanwhile', async () => {
    const states = ['Installed', 'Error'] as const;
    let status: SeccompProfile['status'];
    let writes = 0;
    for (let i = 0; i < 100; i++) {
      cluster.node('n1', { ...installed, state: states[i % 2]! });
      const outcome = await cluster.apply(held(status === undefined ? {} : { status }));
      if (outcome.status !== undefined) writes += 1;
      else if (outcome.requeueAfterMs !== undefined) expect(outcome.requeueAfterMs).to.be.within(1, 2000);
      status = outcome.status ?? status;
      cluster.time += 100;
    }
    expect(writes, 'in ten seconds').to.be.within(4, 8);
    cluster.users = ['ns/p1'];
    cluster.node('n1', { ...installed, state: status?.status === 'Error' ? 'Installed' : 'Error' });
    await cluster.apply(held({ status: status! }));
    const waiting = await cluster.apply(held({ status: status! }));
    expect(waiting.metadata?.finalizers).to.include({ 'in-use-by-active-pods': true });
    expect(waiting.requeueAfterMs).to.be.greaterThan(1);
  });

  it('does not wait for a node out of reach that knew another profile of the name', async () => {
    cluster.node('n1', installed);
    cluster.node('n2', { ...installed, uid: 'earlier' }, true);
    const { status } = await cluster.apply(held());
    expect(status).to.deep.include({ status: 'Installed', nodes: { desired: 1, installed: 1, pending: 0, failed: 0 } });
  });

  it('lets a deleted profile go when no node that counts holds it', async () => {
    cluster.node('n1', installed);
    const deleted = held({ metadata: { deletionTimestamp: 'T' } });
    const finalizers = (holds: boolean) => ({ finalizers: { ...HOLDS, 'spo.x-k8s.io/installed-on-nodes': holds } });
    const waiting = { metadata: finalizers(true), requeueAfterMs: 1000 };
    expect(await cluster.handler.cleanup(deleted)).to.deep.equal(waiting);
    cluster.node('n1');
    cluster.node('n2', installed, true);
    expect(await cluster.handler.cleanup(deleted)).to.deep.equal({ metadata: finalizers(false) });
  });

  it('keeps a deleted profile as long as a pod uses it, and says so', async () => {
    cluster.users = ['ns/p1'];
    const finalizers = [...HELD, 'in-use-by-active-pods'];
    const deleted = held({ metadata: { deletionTimestamp: 'T', finalizers } });
    cluster.node('n1', { state: 'Terminating', uid: 'a', message: 'pod ns/p1 on this node uses the profile' });
    await cluster.handler.cleanup(deleted);
    cluster.time += 1000;
    const { status, metadata, events } = await cluster.handler.cleanup(deleted);
    expect(metadata?.finalizers).to.deep.equal({ ...HOLDS, 'in-use-by-active-pods': true });
    expect(status).to.include({ status: 'Terminating' });
    const message = 'The deletion waits until these pods have ended: ns/p1';
    expect(events).to.deep.equal([{ type: 'Warning', reason: 'ProfileInUse', message }]);
    expect(status?.conditions?.[0]).to.include({ reason: 'Deleting' });
    expect(status?.conditions?.[0]?.message).to.contain('pod ns/p1 on this node uses the profile');
    cluster.users = [];
    expect((await cluster.handler.cleanup(deleted)).metadata?.finalizers).to.deep.equal(HOLDS);
  });

  it('writes a hundred times a second at most that deletions wait, and of those that end at once nothing', async () => {
    cluster.node('n1', installed);
    const named = (name: string): SeccompProfile => {
      const profile = seccompProfile(name, ['read'], { metadata: { finalizers: HELD, deletionTimestamp: 'T' } });
      cluster.nodes = cluster.nodes.map((node) => {
        const profiles = { ...node.nodeStatus?.status?.profiles, [`SeccompProfile/ns/${name}`]: installedAs(name) };
        return { ...node, nodeStatus: { ...node.nodeStatus!, status: { profiles } } };
      });
      return profile;
    };
    const all = Array.from({ length: 500 }, (_, i) => named(`p${String(i)}`));
    for (const profile of all) await cluster.handler.cleanup(profile);
    cluster.time += 1500;
    const early = await cluster.handler.cleanup(all[0]!);
    expect([early.status, early.requeueAfterMs]).to.deep.equal([undefined, 3500]);
    for (const { metadata } of all.slice(1)) await cluster.handler.gone({ namespace: 'ns', name: metadata.name });
    expect((await cluster.handler.cleanup(all[0]!)).status).to.include({ status: 'Terminating' });
  });

  it('adds no finalizer to what is being deleted, because nobody may', async () => {
    cluster.users = ['ns/late'];
    const deleted = held({ metadata: { deletionTimestamp: 'T' } });
    expect((await cluster.handler.cleanup(deleted)).metadata?.finalizers).to.deep.equal(HOLDS);
  });

  it('is no event for each of many installs', async () => {
    cluster.node('n1', installed);
    let events = 0;
    for (let i = 0; i < 100; i++) {
      await cluster.handler.gone({ namespace: 'ns', name: 'a' });
      events += (await cluster.apply(held())).events?.length ?? 0;
    }
    expect(events).to.equal(10);
  });

  it('is one event, however often its status could not be written', async () => {
    cluster.node('n1', installed);
    const passes = [await cluster.apply(held()), await cluster.apply(held()), await cluster.apply(held())];
    expect(passes.map(({ events }) => events?.length)).to.deep.equal([1, 0, 0]);
    expect(passes.map(({ status }) => status?.status)).to.deep.equal(Array(3).fill('Installed'));
  });
});
