// SPDX-License-Identifier: Apache-2.0
// Manager and daemon together, with pods that wait for profiles and nodes that wait for their first ones.
import { expect } from 'chai';
import { OPERATOR } from '../../src/core/names.ts';
import { DEPLOYMENT, EVENT, NODE, POD } from '../../src/runtime/kinds.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import { FakeCluster, operatorNamespace, until } from '../fakes/cluster.ts';
import { seccompProfile } from '../fakes/profiles.ts';

const GATE = 'spo.x-k8s.io/profile-installed';
const TAINT = 'spo.x-k8s.io/profiles-not-installed';

function newProfile(name: string): KubeObject {
  return { ...seccompProfile(name), metadata: { name, namespace: 'ns' } };
}

/** The operator's namespace. */
function home(metadata: object): KubeObject {
  const finalizers = ['kubernetes'];
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: operatorNamespace, finalizers, ...metadata } };
}

function gatedPod(name: string, profile: string, metadata: object = {}): KubeObject {
  const seccompProfile = { type: 'Localhost', localhostProfile: `operator/ns/${profile}.json` };
  const spec = { securityContext: { seccompProfile }, containers: [{ name: 'c', image: 'i' }] };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'ns', ...metadata } };
  return Object.assign(pod, { spec: { ...spec, schedulingGates: [{ name: GATE }] } });
}

describe('manager and daemon: waiting for profiles', () => {
  let cluster: FakeCluster;
  beforeEach(() => (cluster = new FakeCluster()));
  afterEach(() => cluster.stop());

  const pod = (name: string): string => JSON.stringify(cluster.server.get(POD, { namespace: 'ns', name }));
  const isGated = (name: string): boolean => pod(name).includes(GATE);

  it('let a pod go as soon as its profile is there, whichever came first, with one write of the pod', async () => {
    await cluster.manager();
    await cluster.daemon();
    cluster.server.put(gatedPod('early', 'a'));
    cluster.server.put(newProfile('a'));
    cluster.server.put(gatedPod('late', 'a'));
    await until('both to go', () => !isGated('early') && !isGated('late'));
    expect(cluster.state('a')).to.be.oneOf(['Installed', undefined]);
    const patches = cluster.server.writes.filter(({ path }) => /\/pods\/(early|late)$/.test(path));
    expect(patches).to.have.length(2);
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('tell on the pod which profile it waits for, and let it go when that comes', async () => {
    await cluster.manager();
    await cluster.daemon();
    cluster.server.put(gatedPod('p', 'a'));
    const told = () => cluster.server.list(EVENT).map((event) => JSON.stringify(event));
    await until('the event', () => told().some((event) => event.includes('"reason":"WaitingForProfile"')));
    expect(isGated('p')).to.equal(true);
    expect(cluster.gated).to.equal(1);
    cluster.server.put(newProfile('a'));
    await until('it to go', () => !isGated('p'));
    expect(cluster.counted).to.include('gate installed');
    expect(cluster.gated).to.equal(0);
  });

  it('let a pod go without its profile when its time is up, which a restart does not prolong', async () => {
    const creationTimestamp = new Date(Date.now() - 400_000).toISOString().replace(/\.\d+Z/, 'Z');
    const annotations = { 'spo.x-k8s.io/profile-wait-seconds': '900' };
    cluster.server.put(gatedPod('short', 'a', { creationTimestamp }));
    cluster.server.put(gatedPod('long', 'a', { creationTimestamp, annotations }));
    await cluster.manager();
    await until('it to go', () => !isGated('short'));
    expect(isGated('long')).to.equal(true);
    await until('the warning', () => JSON.stringify(cluster.server.list(EVENT)).includes('ProfileWaitTimedOut'));
  });

  it('let nothing run out where the clock of the manager is ahead of that of the API server', async () => {
    await cluster.manager();
    await cluster.rest();
    const creationTimestamp = new Date(Date.now() - 400_000).toISOString().replace(/\.\d+Z/, 'Z');
    cluster.server.put(gatedPod('p', 'a', { creationTimestamp }));
    await until('the pod to be seen', () => cluster.gated === 1);
    await cluster.rest();
    expect(isGated('p')).to.equal(true);
  });

  for (const [what, leave] of [
    ['the manager', () => cluster.server.delete(DEPLOYMENT, { namespace: operatorNamespace, name: OPERATOR })],
    ['the namespace', () => cluster.server.put(home({ deletionTimestamp: '2026-01-01T00:00:00Z' }))],
  ] as const) {
    it(`open all gates when ${what} is deleted, because nobody would do so afterwards`, async () => {
      const metadata = { namespace: operatorNamespace, name: OPERATOR };
      cluster.server.put({ apiVersion: 'apps/v1', kind: 'Deployment', metadata });
      cluster.server.put(home({}));
      await cluster.manager();
      for (const name of ['p', 'q']) cluster.server.put(gatedPod(name, 'a'));
      await until('the pods to be seen', () => cluster.gated === 2);
      leave();
      await until('both to go', () => !isGated('p') && !isGated('q'));
      expect(cluster.refused()).to.deep.equal([]);
    });
  }

  it('let nothing run out, or wait longer, when the clock jumps by a day', async () => {
    await cluster.manager();
    cluster.server.put(gatedPod('p', 'a'));
    const wallClock = Date.now;
    try {
      for (const days of [1, -1]) {
        Date.now = () => wallClock() + days * 86_400_000;
        cluster.server.put(gatedPod('p', 'a', { labels: { day: String(days) } }));
        await cluster.rest();
        expect(isGated('p'), `${String(days)} day`).to.equal(true);
      }
    } finally {
      Date.now = wallClock;
    }
    await cluster.daemon();
    cluster.server.put(newProfile('a'));
    await until('it to go', () => !isGated('p'));
  });

  it('take the startup taint from a node when its daemon has answered for all profiles', async () => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker' } };
    const spec = { taints: [{ key: 'other' }, { key: TAINT, effect: 'NoSchedule' }] };
    cluster.server.put(Object.assign(node, { spec }));
    cluster.server.put(newProfile('a'));
    await cluster.manager();
    await cluster.rest();
    const taints = () => JSON.stringify(cluster.server.get(NODE, { name: 'worker' }));
    expect(taints()).to.include(TAINT);
    await cluster.daemon();
    await until('the taint to go', () => !taints().includes(TAINT));
    expect(taints()).to.include('"other"');
    expect([...cluster.files.texts.keys()]).to.deep.equal(['ns/a.json']);
    expect(cluster.refused()).to.deep.equal([]);
  });
});
