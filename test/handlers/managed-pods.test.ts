// SPDX-License-Identifier: Apache-2.0
// The pods that the manager keeps: which facts, that equal ones are one object, and whom a change concerns.
import { expect } from 'chai';
import { managedPodSource } from '../../src/handlers/sources/managed-pods.ts';
import type { ManagedPod } from '../../src/handlers/sources/managed-pods.ts';
import { SECCOMP } from '../../src/handlers/sources/seccomp-profiles.ts';
import { waitingPods, waitWatches } from '../../src/handlers/sources/waiting-pods.ts';
import type { Watch } from '../../src/runtime/handler.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import { seccompProfile, Shelf } from '../fakes/profiles.ts';

const source = managedPodSource([SECCOMP]);

function pod(name: string, spec: object = {}, more: { metadata?: object; status?: object } = {}): ManagedPod {
  const whole = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'ns', uid: name, resourceVersion: '1', labels: { app: 'web' }, ...more.metadata },
    spec: {
      containers: [{ name: 'c', image: 'nginx', command: ['x'] }],
      initContainers: [{ name: 'i', image: 'busybox' }],
      volumes: [],
      ...spec,
    },
    status: more.status ?? {},
  };
  return source.transform!(whole as unknown as ManagedPod);
}

const ours = { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'operator/ns/a.json' } } };
const gates = { schedulingGates: [{ name: 'spo.x-k8s.io/profile-installed' }] };

describe('handlers/sources/managed-pods', () => {
  it('keeps what bindings and gates take, and nothing else', () => {
    const annotations = {
      other: 'x'.repeat(1000),
      'spo.x-k8s.io/profile-bindings': 'c=b',
      'spo.x-k8s.io/profile-bindings-skipped': 'i=b:PrivilegedContainer',
      'spo.x-k8s.io/profile-wait-seconds': '7',
    };
    const nodeSelector = { zone: 'a' };
    expect(pod('p', { ...ours, ...gates, nodeSelector }, { metadata: { annotations } })).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'ns', uid: 'p', resourceVersion: '1' },
      uses: [{ kind: 'SeccompProfile', name: 'operator/ns/a.json' }],
      shape: {
        containers: [
          { name: 'i', image: 'busybox' },
          { name: 'c', image: 'nginx' },
        ],
        labels: { app: 'web' },
        placement: { nodeSelector },
      },
      marks: { bound: 'c=b', skipped: 'i=b:PrivilegedContainer', waitSeconds: '7' },
      gateAt: 0,
      annotated: true,
    });
  });

  it('keeps one copy of what pods have in common', () => {
    const annotations = { 'spo.x-k8s.io/profile-bindings': 'c=b' };
    const [one, two] = [pod('p1', ours, { metadata: { annotations } }), pod('p2', ours, { metadata: { annotations } })];
    for (const part of ['shape', 'marks', 'uses'] as const) expect(one[part]).to.equal(two[part]);
    expect(pod('p3', { containers: [{ name: 'c', image: 'other' }] }).shape).to.not.equal(one.shape);
  });

  it('keeps which containers of a recorded pod have started', () => {
    const states = [
      { name: 'runs', state: { running: {} } },
      { name: 'again', state: { waiting: {} }, lastState: { terminated: {} } },
      { name: 'waits', state: { waiting: { reason: 'ErrImagePull' } } },
    ];
    const status = { containerStatuses: states, initContainerStatuses: [{ name: 'over', state: { terminated: {} } }] };
    const annotations = { 'io.containers.trace-bpf/runs': 'r_runs_abcde_1767225600' };
    expect(pod('p', {}, { status, metadata: { annotations } }).started).to.deep.equal(['runs', 'again', 'over']);
    expect(pod('p', {}, { status })).to.not.have.property('started');
  });

  it('keeps nothing but the name of a pod that has ended', () => {
    const ended = pod('p', { ...ours, ...gates }, { status: { phase: 'Succeeded' } });
    expect(ended).to.deep.include({ uses: [], marks: {}, shape: { containers: [], labels: {}, placement: {} } });
    expect(ended).to.not.have.any.keys('gateAt', 'nodeName', 'lacksFile');
  });
});

describe('handlers/sources/waiting-pods', () => {
  const pods = new Shelf<ManagedPod>();
  const waiting = waitingPods(pods);
  const watches: readonly Watch[] = waitWatches('op', [SECCOMP], waiting);
  const watchOf = (plural: string): Watch => watches.find(({ resource }) => resource.plural === plural)!;
  const names = (keys: readonly { readonly name: string }[]): readonly string[] => keys.map(({ name }) => name).sort();

  before(() => {
    pods.set(pod('gated', { ...ours, ...gates }));
    pods.set(pod('gated-for-nothing', gates));
    pods.set(pod('running', ours));
    const message = 'cannot load seccomp profile';
    const state = { waiting: { reason: 'CreateContainerError', message } };
    pods.set(pod('late', ours, { status: { initContainerStatuses: [{ state }] } }));
  });

  it('are those with a gate, and those that lack a file', () => {
    expect(names(waiting.all())).to.deep.equal(['gated', 'gated-for-nothing', 'late']);
    expect(names(waiting.for(SECCOMP, { namespace: 'ns', name: 'a' }))).to.deep.equal(['gated', 'late']);
    expect(waiting.for(SECCOMP, { namespace: 'ns', name: 'b' })).to.deep.equal([]);
  });

  it('are concerned by their profile, and by what nodes report of it', () => {
    const profiles = watchOf('seccompprofiles');
    const profile: KubeObject = seccompProfile('a');
    expect(names(profiles.mapToKeys(profile))).to.deep.equal(['gated', 'late']);
    expect(profiles.predicate?.(profile, { ...profile })).to.equal(false);
    const report = (state: string): KubeObject =>
      Object.assign(
        { apiVersion: 'v1', kind: 'SecurityProfileNodeStatus', metadata: { name: 'n' } },
        { nodeName: 'n', status: { profiles: { 'SeccompProfile/ns/a': { state } } } },
      );
    const reports = watchOf('securityprofilenodestatuses');
    expect(names(reports.mapChange?.(report('Pending'), report('Installed')) ?? [])).to.deep.equal(['gated', 'late']);
    expect(reports.mapChange?.(report('Installed'), report('Installed'))).to.deep.equal([]);
  });

  it('are all concerned by a report that lacks entries, because those count as installed', () => {
    const conditions = (status: string): object => ({ conditions: [{ type: 'Complete', status }] });
    const report = (status: string): KubeObject =>
      Object.assign(
        { apiVersion: 'v1', kind: 'SecurityProfileNodeStatus', metadata: { name: 'n' } },
        { nodeName: 'n', status: { profiles: {}, ...conditions(status) } },
      );
    const reports = watchOf('securityprofilenodestatuses');
    expect(names(reports.mapChange?.(report('True'), report('False')) ?? [])).to.have.length(3);
    expect(reports.mapChange?.(report('False'), report('False'))).to.deep.equal([]);
    expect(reports.mapToKeys(report('False'))).to.have.length(3);
    expect(reports.mapToKeys(report('True'))).to.deep.equal([]);
  });

  it('are concerned by a node that comes or gets other labels', () => {
    const node = (labels: Record<string, string>): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n', labels },
    });
    const nodes = watchOf('nodes');
    expect(nodes.mapToKeys(node({}))).to.have.length(3);
    expect(nodes.predicate?.(node({ a: '1' }), node({ a: '2' }))).to.equal(true);
    expect(nodes.predicate?.(node({ a: '1' }), node({ a: '1' }))).to.equal(false);
  });
});
