// SPDX-License-Identifier: Apache-2.0
// The sources beside profiles: how little of them is kept, which profiles a change concerns, and which nodes count.
import { expect } from 'chai';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import type { NodeProfile, SecurityProfileNodeStatus } from '../../src/gen/crd/security-profile-node-status.ts';
import { defaultSpod } from '../../src/core/deploy/spod.ts';
import type { SecurityProfilesOperatorDaemon } from '../../src/gen/crd/security-profiles-operator-daemon.ts';
import { profileStateOf } from '../../src/handlers/sources/admission-state.ts';
import type { ProfileState } from '../../src/handlers/sources/admission-state.ts';
import { daemonPodWatch, daemonSetWatch, nodeWatch, nodeStatusWatch } from '../../src/handlers/sources/node-watches.ts';
import type { ClusterNode, DaemonPod, DaemonSetObject, DaemonNodeReaders } from '../../src/handlers/sources/nodes.ts';
import { daemonPodSource, daemonNodes, NODES, nodeStatusSource } from '../../src/handlers/sources/nodes.ts';
import { relativesOf } from '../../src/handlers/sources/base-profiles.ts';
import { podSource, podWatch, usersOf } from '../../src/handlers/sources/pods.ts';
import type { WorkloadPod } from '../../src/handlers/sources/pods.ts';
import { SECCOMP } from '../../src/handlers/sources/seccomp-profiles.ts';
import { keyOf } from '../../src/runtime/object.ts';
import { CurrentLimit, limitWatch, spodSource } from '../../src/handlers/sources/spods.ts';
import { seccompProfile, Shelf } from '../fakes/profiles.ts';

const pod = (name: string, localhostProfile: string, phase = 'Running'): WorkloadPod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'ns', uid: name, labels: { large: 'x'.repeat(1000) }, annotations: { other: 'y' } },
  spec: { containers: [{ securityContext: { seccompProfile: { type: 'Localhost', localhostProfile } } }] },
  status: { phase },
});

describe('handlers/sources/base-profiles', () => {
  it('looks at the profiles of a reader once, however many ask how they hang together', () => {
    const profiles = new Shelf<SeccompProfile>();
    expect(relativesOf(SECCOMP, profiles)).to.equal(relativesOf(SECCOMP, profiles));
    expect(relativesOf(SECCOMP, new Shelf<SeccompProfile>())).not.to.equal(relativesOf(SECCOMP, profiles));
  });
});

describe('handlers/sources/pods', () => {
  const use = { kind: 'SeccompProfile', name: 'operator/ns/a.json' };
  const source = podSource({}, [SECCOMP]);

  it('keeps of a pod who it is and what it uses', () => {
    const kept = source.transform?.(pod('p', 'operator/ns/a.json'));
    expect(kept).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'ns', uid: 'p' },
      uses: [use],
    });
    expect(source.transform?.(pod('p', 'operator/ns/a.json', 'Succeeded')).uses).to.deep.equal([]);
  });

  it('finds the profiles that a pod concerns, and the pods of a profile', () => {
    const profiles = new Shelf<SeccompProfile>();
    const pods = new Shelf<WorkloadPod>();
    const users = usersOf(pods);
    const watch = podWatch(source, SECCOMP, (name) => relativesOf(SECCOMP, profiles).ownersOf(name).map(keyOf));
    profiles.set(seccompProfile('a'));
    for (const name of ['p2', 'p1']) pods.set(source.transform!(pod(name, 'operator/ns/a.json')));
    const [first] = pods.list();
    expect(watch.mapToKeys(first!)).to.deep.equal([{ namespace: 'ns', name: 'a' }]);
    expect(users(use)).to.deep.equal(['ns/p1', 'ns/p2']);
    pods.take('p1');
    expect(users(use)).to.deep.equal(['ns/p2']);
    const ended = source.transform!(pod('p2', 'operator/ns/a.json', 'Failed'));
    expect(watch.predicate?.(first!, ended)).to.equal(true);
    expect(watch.predicate?.(first!, first!)).to.equal(false);
  });
});

describe('handlers/sources/admission-state', () => {
  it('tells of a profile that is being deleted, installed as it may be', () => {
    const profiles = new Shelf<ProfileState>();
    const status = { status: 'Installed', observedGeneration: 1 } as const;
    profiles.set({ ...seccompProfile('a'), status });
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    profiles.set({ ...seccompProfile('b', [], { metadata: { deletionTimestamp } }), status });
    const states = ['a', 'b', 'c'].map((name) => profileStateOf(profiles, 'ns', name));
    expect(states).to.deep.equal(['installed', 'ending', 'missing']);
  });
});

describe('handlers/sources/spods', () => {
  const key = { namespace: 'op', name: 'spod' };
  const spod = (spec: SecurityProfilesOperatorDaemon['spec']): SecurityProfilesOperatorDaemon => ({
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'SecurityProfilesOperatorDaemon',
    metadata: key,
    spec: spec ?? {},
  });

  it('concerns all profiles when the limit changes, and none when something else does', () => {
    const profiles = new Shelf<SeccompProfile>();
    profiles.set(seccompProfile('a'));
    const watch = limitWatch(spodSource(key), profiles);
    expect(watch.mapToKeys(spod({}))).to.deep.equal([{ namespace: 'ns', name: 'a' }]);
    expect(watch.predicate?.(spod({}), spod({ verbosity: 1 }))).to.equal(false);
    expect(watch.predicate?.(spod({}), spod({ allowedSyscalls: ['read'] }))).to.equal(true);
    expect(watch.predicate?.(spod({}), spod({ allowedSeccompActions: ['SCMP_ACT_LOG'] }))).to.equal(false);
  });

  it('reads the limit, which is none without a spod', () => {
    const spods = new Shelf<SecurityProfilesOperatorDaemon>();
    const limit = new CurrentLimit(spods, key);
    expect(limit.now()).to.deep.equal({});
    spods.set(spod({ allowedSyscalls: ['read'], verbosity: 1 }));
    expect(limit.now()).to.deep.equal({ allowedSyscalls: ['read'] });
  });

  it('lets the last limit stand while there is no spod but one that nobody has written', () => {
    const spods = new Shelf<SecurityProfilesOperatorDaemon>();
    const before = { allowedSyscalls: ['write'] };
    const limit = new CurrentLimit(spods, key, before);
    expect(limit.now()).to.deep.equal(before);
    const made = defaultSpod(key.namespace);
    spods.set({ ...made, metadata: { ...made.metadata, generation: 1 } });
    expect(limit.now()).to.deep.equal(before);
    spods.set({ ...made, metadata: { ...made.metadata, generation: 2 }, spec: { allowedSyscalls: ['read'] } });
    expect(limit.now()).to.deep.equal({ allowedSyscalls: ['read'] });
    spods.take(key.name, key.namespace);
    expect(limit.now()).to.deep.equal({ allowedSyscalls: ['read'] });
    spods.set({ ...made, metadata: { ...made.metadata, generation: 3 } });
    expect(limit.now()).to.deep.equal({});
  });
});

describe('handlers/sources/nodes', () => {
  const daemonSet = (status: object): DaemonSetObject => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'spod', namespace: 'op', generation: 2 },
    status,
  });
  const settled = {
    observedGeneration: 2,
    desiredNumberScheduled: 1,
    updatedNumberScheduled: 1,
    currentNumberScheduled: 1,
  };
  const nodeStatus = (
    name: string,
    profiles: Readonly<Record<string, NodeProfile>> = {},
  ): SecurityProfileNodeStatus => ({
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'SecurityProfileNodeStatus',
    metadata: { name, namespace: 'op' },
    nodeName: name,
    status: { profiles },
  });
  const node = (name: string, ready?: string): ClusterNode => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { zone: 'z' } },
    ...(ready === undefined ? {} : { status: { conditions: [{ type: 'Ready', status: ready }] } }),
  });
  const daemonPod = (nodeName: string): DaemonPod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `spod-${nodeName}`, namespace: 'op' },
    spec: { nodeName },
  });

  class Readers implements DaemonNodeReaders {
    readonly namespace = 'op';
    readonly nodes = new Shelf<ClusterNode>();
    readonly nodeStatuses = new Shelf<SecurityProfileNodeStatus>();
    readonly daemonPods = new Shelf<DaemonPod>();
    readonly daemonSets = new Shelf<DaemonSetObject>();

    names(): readonly string[] {
      return daemonNodes(this)
        .map(({ name, unreachable }) => name + (unreachable ? '?' : ''))
        .sort();
    }
  }

  it('counts no node without a DaemonSet: nobody is left who could do anything', () => {
    const readers = new Readers();
    readers.nodes.set(node('n1'));
    readers.nodeStatuses.set(nodeStatus('n1'));
    expect(readers.names()).to.deep.equal([]);
  });

  it('counts nodes that reported while the roll-out is under way, and afterwards those with a pod of the daemon', () => {
    const readers = new Readers();
    for (const name of ['n1', 'n2']) {
      readers.nodes.set(node(name));
      readers.nodeStatuses.set(nodeStatus(name));
    }
    readers.nodes.set(node('n3'));
    readers.daemonPods.set(daemonPod('n3'));
    readers.daemonSets.set(daemonSet({}));
    expect(readers.names()).to.deep.equal(['n1', 'n2', 'n3']);
    readers.daemonSets.set(daemonSet(settled));
    expect(readers.names()).to.deep.equal(['n3']);
  });

  it('counts a node whose daemon pod waits for room: the DaemonSet counts it, too', () => {
    const readers = new Readers();
    const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['full'] }] } as const;
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
    const waiting: DaemonPod = { ...daemonPod('full'), spec: { affinity: { nodeAffinity } } };
    const kept = daemonPodSource('op').transform!(waiting);
    expect(kept).to.deep.equal(daemonPod('full'));
    readers.nodes.set(node('n1'));
    readers.nodes.set(node('full'));
    for (const pod of [daemonPod('n1'), kept]) readers.daemonPods.set(pod);
    const both = { desiredNumberScheduled: 2, updatedNumberScheduled: 2, currentNumberScheduled: 2 };
    readers.daemonSets.set(daemonSet({ observedGeneration: 2, ...both }));
    expect(readers.names()).to.deep.equal(['full', 'n1']);
  });

  it('goes on counting a node whose daemon pod was deleted until the next one is there', () => {
    const readers = new Readers();
    const both = { desiredNumberScheduled: 2, updatedNumberScheduled: 2, currentNumberScheduled: 2 };
    readers.daemonSets.set(daemonSet({ observedGeneration: 2, ...both }));
    for (const name of ['n1', 'x']) {
      readers.nodes.set(node(name));
      readers.nodeStatuses.set(nodeStatus(name));
      readers.daemonPods.set(daemonPod(name));
    }
    readers.daemonPods.take('spod-x', 'op');
    expect(readers.names(), 'the status of the DaemonSet is an old one').to.deep.equal(['n1', 'x']);
    readers.daemonSets.set(daemonSet(settled));
    expect(readers.names(), 'the daemon should not run on x any more').to.deep.equal(['n1']);
  });

  it('does not take the report of an earlier node of that name for one of the node', () => {
    const readers = new Readers();
    readers.daemonSets.set(daemonSet(settled));
    readers.daemonPods.set(daemonPod('x'));
    const of = (uid: string) => ({ ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'x', uid }] });
    readers.nodes.set({ ...node('x'), metadata: { name: 'x', uid: 'now' } });
    for (const [uid, count] of [
      ['before', 0],
      ['now', 1],
    ] as const) {
      const report = nodeStatus('x');
      readers.nodeStatuses.set({ ...report, metadata: { ...report.metadata, ...of(uid) } });
      expect(daemonNodes(readers).filter((each) => each.nodeStatus !== undefined)).to.have.length(count);
    }
  });

  it('does not take a pod that goes for one that is there', () => {
    const readers = new Readers();
    readers.daemonSets.set(daemonSet(settled));
    for (const name of ['leaving', 'x']) {
      readers.nodes.set(node(name));
      readers.nodeStatuses.set(nodeStatus(name));
    }
    const leaving = daemonPod('leaving');
    const going = { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: 'T' } };
    readers.daemonPods.set(daemonPodSource('op').transform!(going));
    expect(readers.names()).to.deep.equal(['leaving', 'x']);
  });

  it('never counts a node that has vanished, and knows one that cannot be reached', () => {
    const readers = new Readers();
    readers.daemonSets.set(daemonSet({}));
    readers.nodeStatuses.set(nodeStatus('gone'));
    readers.nodeStatuses.set(nodeStatus('silent'));
    readers.nodes.set(NODES.transform!(node('silent', 'Unknown')));
    readers.nodeStatuses.set(nodeStatus('down'));
    readers.nodes.set(NODES.transform!(node('down', 'False')));
    expect(readers.names()).to.deep.equal(['down', 'silent?']);
  });

  it('keeps few facts of nodes, pods and reports', () => {
    expect(NODES.transform?.(node('n', 'True'))).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n', labels: { zone: 'z' } },
      unreachable: false,
    });
    const taints = [{ key: 'a' }, { key: 'spo.x-k8s.io/profiles-not-installed' }];
    expect(NODES.transform?.({ ...node('n', 'True'), spec: { taints } }).startupTaintAt).to.equal(1);
    expect(daemonPodSource('op').transform?.({ ...daemonPod('n'), status: {} })).to.deep.equal(daemonPod('n'));
    const kept = nodeStatusSource('op').transform?.(
      nodeStatus('n', { k: { state: 'Error', since: 'T', message: 'm' } }),
    );
    expect(kept?.status).to.deep.equal({ profiles: { k: { state: 'Error', message: 'm' } } });
    const steering = nodeStatusSource('op').transform?.(
      nodeStatus('n', { k: { state: 'Error', reason: 'a\u0007', message: '\u001b[2Jm' } }),
    );
    expect(steering?.status?.profiles?.['k']).to.include({ reason: 'a\u{FFFD}', message: '\u{FFFD}[2Jm' });
  });

  it('concerns the profiles whose entries a report changed, and no others', () => {
    const watch = nodeStatusWatch('op', SECCOMP, () => []);
    const a = 'SeccompProfile/ns/a';
    const b = 'SeccompProfile/ns/b';
    const before = nodeStatus('n', { [a]: { state: 'Pending' }, [b]: { state: 'Installed' } });
    const after = nodeStatus('n', {
      [a]: { state: 'Installed' },
      [b]: { state: 'Installed' },
      'Other/ns/x': { state: 'Error' },
    });
    expect(watch.mapChange?.(before, after)).to.deep.equal([{ namespace: 'ns', name: 'a' }]);
    expect(watch.mapChange?.(after, nodeStatus('n'))).to.have.length(2);
    expect(watch.mapToKeys(before)).to.have.length(2);
  });

  it('concerns all profiles when a report has no room for some, of which it cannot tell', () => {
    const every = [{ namespace: 'ns', name: 'not-listed' }];
    const watch = nodeStatusWatch('op', SECCOMP, () => every);
    const complete = (status: 'True' | 'False'): SecurityProfileNodeStatus => {
      const condition = { type: 'Complete', status, reason: 'R', message: 'm', lastTransitionTime: 'T' };
      const { status: rest } = nodeStatus('n');
      return nodeStatusSource('op').transform!({ ...nodeStatus('n'), status: { ...rest, conditions: [condition] } });
    };
    expect(watch.mapChange?.(nodeStatus('n'), complete('False'))).to.deep.equal(every);
    expect(watch.mapChange?.(complete('False'), complete('True'))).to.deep.equal(every);
    expect(watch.mapChange?.(complete('False'), complete('False'))).to.deep.equal([]);
    expect(complete('True').status).to.not.have.property('conditions');
  });

  it('concerns all profiles when a node falls silent or gets a daemon', () => {
    const all = () => [{ namespace: 'ns', name: 'a' }];
    const [up, down] = [NODES.transform!(node('n', 'True')), NODES.transform!(node('n', 'Unknown'))];
    expect(nodeWatch(all).predicate?.(up, down)).to.equal(true);
    expect(nodeWatch(all).predicate?.(up, up)).to.equal(false);
    const unbound: DaemonPod = { ...daemonPod('n'), spec: {} };
    expect(daemonPodWatch('op', all).predicate?.(unbound, daemonPod('n'))).to.equal(true);
    expect(daemonPodWatch('op', all).mapToKeys(unbound)).to.deep.equal([]);
    expect(daemonPodWatch('op', all).mapToKeys(daemonPod('n'))).to.have.length(1);
  });

  it('concerns all profiles when a roll-out begins or ends, or another number of nodes is wanted', () => {
    const watch = daemonSetWatch('op', () => []);
    const fewer = { ...settled, desiredNumberScheduled: 0 };
    expect(watch.predicate?.(daemonSet(settled), daemonSet({}))).to.equal(true);
    expect(watch.predicate?.(daemonSet(settled), daemonSet(fewer))).to.equal(true);
    expect(watch.predicate?.(daemonSet(settled), daemonSet({ ...settled, numberReady: 1 }))).to.equal(false);
  });
});
