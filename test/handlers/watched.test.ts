// SPDX-License-Identifier: Apache-2.0
// What is watched beside profiles: how little of it is kept, which profiles a change concerns, and which nodes count.
import { expect } from 'chai';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import type { NodeProfile, SecurityProfileNodeStatus } from '../../src/gen/crd/security-profile-node-status.ts';
import type { SecurityProfilesOperatorDaemon } from '../../src/gen/crd/security-profiles-operator-daemon.ts';
import { daemonPodWatch, daemonSetWatch, nodeWatch, reportWatch } from '../../src/handlers/watched/fleet-watches.ts';
import type { ClusterNode, DaemonPod, DaemonSetObject, FleetReaders } from '../../src/handlers/watched/nodes.ts';
import { daemonPodSource, fleet, NODES, reportSource } from '../../src/handlers/watched/nodes.ts';
import { podSource, podWatch, profilesByFile, usersOf } from '../../src/handlers/watched/pods.ts';
import type { WorkloadPod } from '../../src/handlers/watched/pods.ts';
import { limitFrom, limitWatch, spodSource } from '../../src/handlers/watched/spods.ts';
import { seccompProfile, Shelf } from '../fakes/profiles.ts';

const pod = (name: string, localhostProfile: string, phase = 'Running'): WorkloadPod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'ns', uid: name, labels: { large: 'x'.repeat(1000) }, annotations: { other: 'y' } },
  spec: { containers: [{ securityContext: { seccompProfile: { type: 'Localhost', localhostProfile } } }] },
  status: { phase },
});

describe('handlers/watched/pods', () => {
  const source = podSource({});

  it('keeps of a pod who it is and what it uses', () => {
    const kept = source.keep?.(pod('p', 'operator/ns/a.json'));
    expect(kept).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'ns', uid: 'p' },
      uses: ['operator/ns/a.json'],
    });
    expect(source.keep?.(pod('p', 'operator/ns/a.json', 'Succeeded')).uses).to.deep.equal([]);
  });

  it('finds the profiles that a pod concerns, and the pods of a profile', () => {
    const profiles = new Shelf<SeccompProfile>();
    const pods = new Shelf<WorkloadPod>();
    const users = usersOf(pods);
    const watch = podWatch(source, profilesByFile(profiles));
    profiles.set(seccompProfile('a'));
    for (const name of ['p2', 'p1']) pods.set(source.keep!(pod(name, 'operator/ns/a.json')));
    const [first] = pods.list();
    expect(watch.toKeys(first!)).to.deep.equal([{ namespace: 'ns', name: 'a' }]);
    expect(users('operator/ns/a.json')).to.deep.equal(['ns/p1', 'ns/p2']);
    pods.take('p1');
    expect(users('operator/ns/a.json')).to.deep.equal(['ns/p2']);
    const ended = source.keep!(pod('p2', 'operator/ns/a.json', 'Failed'));
    expect(watch.relevant?.(first!, ended)).to.equal(true);
    expect(watch.relevant?.(first!, first!)).to.equal(false);
  });

  it('finds a profile that is gone while its file is kept for pods, but not where it is there again', () => {
    const profiles = new Shelf<SeccompProfile>();
    const at = profilesByFile(profiles, new Map([['operator/ns/a.json', { namespace: 'ns', name: 'a' }]]));
    expect(at('operator/ns/a.json')).to.deep.equal([{ namespace: 'ns', name: 'a' }]);
    expect(at('operator/ns/b.json')).to.deep.equal([]);
    profiles.set(seccompProfile('a.json'));
    expect(at('operator/ns/a.json')).to.deep.equal([{ namespace: 'ns', name: 'a.json' }]);
  });
});

describe('handlers/watched/spods', () => {
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
    expect(watch.toKeys(spod({}))).to.deep.equal([{ namespace: 'ns', name: 'a' }]);
    expect(watch.relevant?.(spod({}), spod({ verbosity: 1 }))).to.equal(false);
    expect(watch.relevant?.(spod({}), spod({ allowedSyscalls: ['read'] }))).to.equal(true);
    expect(watch.relevant?.(spod({}), spod({ allowedSeccompActions: ['SCMP_ACT_LOG'] }))).to.equal(true);
  });

  it('reads the limit, which is none without a spod', () => {
    const spods = new Shelf<SecurityProfilesOperatorDaemon>();
    expect(limitFrom(spods, key)).to.deep.equal({});
    spods.set(spod({ allowedSyscalls: ['read'], verbosity: 1 }));
    expect(limitFrom(spods, key)).to.deep.equal({ allowedSyscalls: ['read'] });
  });
});

describe('handlers/watched/nodes', () => {
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
  const report = (name: string, profiles: Readonly<Record<string, NodeProfile>> = {}): SecurityProfileNodeStatus => ({
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

  class Readers implements FleetReaders {
    readonly namespace = 'op';
    readonly nodes = new Shelf<ClusterNode>();
    readonly reports = new Shelf<SecurityProfileNodeStatus>();
    readonly daemonPods = new Shelf<DaemonPod>();
    readonly daemonSets = new Shelf<DaemonSetObject>();

    names(): readonly string[] {
      return fleet(this)
        .map(({ name, unreachable }) => name + (unreachable ? '?' : ''))
        .sort();
    }
  }

  it('counts no node without a DaemonSet: nobody is left who could do anything', () => {
    const readers = new Readers();
    readers.nodes.set(node('n1'));
    readers.reports.set(report('n1'));
    expect(readers.names()).to.deep.equal([]);
  });

  it('counts nodes that reported while the roll-out is under way, and afterwards those with a pod of the daemon', () => {
    const readers = new Readers();
    for (const name of ['n1', 'n2']) {
      readers.nodes.set(node(name));
      readers.reports.set(report(name));
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
    const kept = daemonPodSource('op').keep!(waiting);
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
      readers.reports.set(report(name));
      readers.daemonPods.set(daemonPod(name));
    }
    readers.daemonPods.take('spod-x', 'op');
    expect(readers.names(), 'the status of the DaemonSet is an old one').to.deep.equal(['n1', 'x']);
    readers.daemonSets.set(daemonSet(settled));
    expect(readers.names(), 'the daemon should not run on x any more').to.deep.equal(['n1']);
  });

  it('does not take a pod that goes for one that is there', () => {
    const readers = new Readers();
    readers.daemonSets.set(daemonSet(settled));
    for (const name of ['leaving', 'x']) {
      readers.nodes.set(node(name));
      readers.reports.set(report(name));
    }
    const leaving = daemonPod('leaving');
    const going = { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: 'T' } };
    readers.daemonPods.set(daemonPodSource('op').keep!(going));
    expect(readers.names()).to.deep.equal(['leaving', 'x']);
  });

  it('never counts a node that has vanished, and knows one that cannot be reached', () => {
    const readers = new Readers();
    readers.daemonSets.set(daemonSet({}));
    readers.reports.set(report('gone'));
    readers.reports.set(report('silent'));
    readers.nodes.set(NODES.keep!(node('silent', 'Unknown')));
    readers.reports.set(report('down'));
    readers.nodes.set(NODES.keep!(node('down', 'False')));
    expect(readers.names()).to.deep.equal(['down', 'silent?']);
  });

  it('keeps few facts of nodes, pods and reports', () => {
    expect(NODES.keep?.(node('n', 'True'))).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n' },
      unreachable: false,
    });
    expect(daemonPodSource('op').keep?.({ ...daemonPod('n'), status: {} } as DaemonPod)).to.deep.equal(daemonPod('n'));
    const kept = reportSource('op').keep?.(report('n', { k: { state: 'Error', since: 'T', message: 'm' } }));
    expect(kept?.status).to.deep.equal({ profiles: { k: { state: 'Error', message: 'm' } } });
  });

  it('concerns the profiles whose entries a report changed, and no others', () => {
    const watch = reportWatch('op', () => []);
    const a = 'SeccompProfile/ns/a';
    const b = 'SeccompProfile/ns/b';
    const before = report('n', { [a]: { state: 'Pending' }, [b]: { state: 'Installed' } });
    const after = report('n', {
      [a]: { state: 'Installed' },
      [b]: { state: 'Installed' },
      'Other/ns/x': { state: 'Error' },
    });
    expect(watch.changedKeys?.(before, after)).to.deep.equal([{ namespace: 'ns', name: 'a' }]);
    expect(watch.changedKeys?.(after, report('n'))).to.have.length(2);
    expect(watch.toKeys(before)).to.have.length(2);
  });

  it('concerns all profiles when a report has no room for some, of which it cannot tell', () => {
    const every = [{ namespace: 'ns', name: 'not-listed' }];
    const watch = reportWatch('op', () => every);
    const complete = (status: 'True' | 'False'): SecurityProfileNodeStatus => {
      const condition = { type: 'Complete', status, reason: 'R', message: 'm', lastTransitionTime: 'T' };
      const { status: rest } = report('n');
      return reportSource('op').keep!({ ...report('n'), status: { ...rest, conditions: [condition] } });
    };
    expect(watch.changedKeys?.(report('n'), complete('False'))).to.deep.equal(every);
    expect(watch.changedKeys?.(complete('False'), complete('True'))).to.deep.equal(every);
    expect(watch.changedKeys?.(complete('False'), complete('False'))).to.deep.equal([]);
    expect(complete('True').status).to.not.have.property('conditions');
  });

  it('concerns all profiles when a node falls silent or gets a daemon', () => {
    const all = () => [{ namespace: 'ns', name: 'a' }];
    const [up, down] = [NODES.keep!(node('n', 'True')), NODES.keep!(node('n', 'Unknown'))];
    expect(nodeWatch(all).relevant?.(up, down)).to.equal(true);
    expect(nodeWatch(all).relevant?.(up, up)).to.equal(false);
    const unbound: DaemonPod = { ...daemonPod('n'), spec: {} };
    expect(daemonPodWatch('op', all).relevant?.(unbound, daemonPod('n'))).to.equal(true);
    expect(daemonPodWatch('op', all).toKeys(unbound)).to.deep.equal([]);
    expect(daemonPodWatch('op', all).toKeys(daemonPod('n'))).to.have.length(1);
  });

  it('concerns all profiles when a roll-out begins or ends, or another number of nodes is wanted', () => {
    const watch = daemonSetWatch('op', () => []);
    const fewer = { ...settled, desiredNumberScheduled: 0 };
    expect(watch.relevant?.(daemonSet(settled), daemonSet({}))).to.equal(true);
    expect(watch.relevant?.(daemonSet(settled), daemonSet(fewer))).to.equal(true);
    expect(watch.relevant?.(daemonSet(settled), daemonSet({ ...settled, numberReady: 1 }))).to.equal(false);
  });
});
