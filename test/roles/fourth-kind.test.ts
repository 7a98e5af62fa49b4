// SPDX-License-Identifier: Apache-2.0
// A kind of profile that the product does not know is installed, reported, protected and removed by what is there for
// any kind. The kind itself is test/fakes/motto.ts.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { DAEMON_SET, EVENT } from '../../src/runtime/kinds.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import { SECURITY_PROFILE_NODE_STATUS } from '../../src/gen/kinds.ts';
import type { SecurityProfileNodeStatus } from '../../src/gen/crd/security-profile-node-status.ts';
import { PROFILE_KINDS } from '../../src/roles/wiring/profile-kinds.ts';
import { FakeCluster, until } from '../fakes/cluster.ts';
import { MOTTO_RESOURCE, mottoKind, MOTTOS_OF_POD } from '../fakes/motto.ts';
import type { Motto } from '../fakes/motto.ts';
import { seccompProfile } from '../fakes/profiles.ts';

describe('a fourth kind of profile', () => {
  let lines: Map<string, string>;
  let cluster: FakeCluster;
  beforeEach(() => {
    lines = new Map();
    cluster = new FakeCluster([...PROFILE_KINDS, mottoKind(lines)]);
  });
  afterEach(() => cluster.stop());

  async function start(): Promise<void> {
    await cluster.manager();
    await cluster.daemon();
    await until('the node status', () => cluster.server.list(SECURITY_PROFILE_NODE_STATUS).length === 1);
    await until('the DaemonSet', () => cluster.server.list(DAEMON_SET).length === 1);
    await cluster.rest();
  }

  function put(spec: Motto['spec']): void {
    const kind = { apiVersion: 'test.example.com/v1', kind: 'Motto' };
    const object: Motto = { ...kind, metadata: { name: 'a', namespace: 'ns' }, spec };
    cluster.server.put(object);
  }

  const motto = (): Motto | undefined =>
    cluster.server.get(MOTTO_RESOURCE, { namespace: 'ns', name: 'a' }) as Motto | undefined;
  const isInState = (state: string) => () => motto()?.status?.status === state;
  const entry = () =>
    (cluster.server.list(SECURITY_PROFILE_NODE_STATUS)[0] as SecurityProfileNodeStatus).status?.profiles?.[
      'Motto/ns/a'
    ];

  function pod(phase: string): KubeObject {
    const metadata = { name: 'p', namespace: 'ns', annotations: { [MOTTOS_OF_POD]: 'a.ns' } };
    return { apiVersion: 'v1', kind: 'Pod', metadata, ...{ spec: { nodeName: 'worker' }, status: { phase } } };
  }

  it('costs at most a hundred lines', () => {
    const text = readFileSync(new URL('../fakes/motto.ts', import.meta.url), 'utf8');
    expect(text.split('\n').length).to.be.at.most(100);
  });

  it('is installed and reported, beside a seccomp profile of the same name, with no call that is forbidden', async () => {
    await start();
    put({ text: 'slow and steady' });
    cluster.server.put({ ...seccompProfile('a'), metadata: { name: 'a', namespace: 'ns' } });
    await until('Installed', () => isInState('Installed')() && cluster.state('a') === 'Installed');
    await cluster.rest();
    expect([...lines]).to.deep.equal([['a.ns', 'slow and steady']]);
    expect(entry()).to.include({ state: 'Installed', generation: 1 });
    expect(motto()?.status).to.deep.include({
      usedAs: 'a.ns',
      nodes: { desired: 1, installed: 1, pending: 0, failed: 0 },
    });
    expect(motto()?.metadata.labels).to.deep.equal({ 'spo.x-k8s.io/profile-id': 'Motto-a' });
    expect(motto()?.metadata.finalizers).to.deep.equal(['spo.x-k8s.io/installed-on-nodes']);
    expect(cluster.server.list(EVENT)).to.have.length(2);
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('counts each of its writes that the API server does not take, under its own reason', async () => {
    await start();
    let left = 2;
    cluster.server.fault = ({ method, path }) => {
      if (method !== 'PATCH' || !path.endsWith('/mottos/a/status') || left === 0) return undefined;
      left -= 1;
      return { status: 500, body: {} };
    };
    put({ text: 'slow and steady' });
    await until('Installed', isInState('Installed'));
    expect(cluster.counted).to.deep.equal(['CannotSaveSeccompProfile', 'CannotSaveSeccompProfile']);
  });

  it('says what is wrong with it, and takes it from the node when it is disabled', async () => {
    await start();
    put({ text: '' });
    await until('Error', isInState('Error'));
    expect(motto()?.status?.failures?.[0]?.message).to.equal('spec.text: a motto has at least a word');
    put({ text: 'festina lente' });
    await until('Installed', isInState('Installed'));
    put({ text: 'festina lente', disabled: true });
    await until('Disabled', isInState('Disabled'));
    expect(lines.size).to.equal(0);
  });

  it('says what the node says of it: a warning, a refusal, that it is switched off there', async () => {
    await start();
    put({ text: 'slow' });
    await until('Installed', isInState('Installed'));
    expect(entry()).to.include({ hash: 'a'.repeat(16), message: 'it has 4 letters' });
    put({ text: 'fast!' });
    await until('Error', isInState('Error'));
    expect(entry()).to.include({ reason: 'InvalidSeccompProfile', message: 'this node does not shout' });
    expect(lines.get('a.ns'), 'what could be installed stays').to.equal('slow');
    put({ text: 'sleep' });
    await until('Disabled', isInState('Disabled'));
    expect(entry()).to.include({ reason: 'DisabledOnNode', message: 'this node never sleeps' });
  });

  it('is protected while a pod uses it, and removed with the last pod', async () => {
    await start();
    put({ text: 'festina lente' });
    cluster.server.put(pod('Running'));
    await until('protection', () => motto()?.metadata.finalizers?.includes('in-use-by-active-pods') === true);
    await until('workloads', () => motto()?.status?.activeWorkloads?.[0] === 'ns/p');
    cluster.server.delete(MOTTO_RESOURCE, { namespace: 'ns', name: 'a' });
    await until('Terminating', isInState('Terminating'));
    expect([lines.size, entry()?.message]).to.deep.equal([1, 'pod ns/p on this node uses the profile']);
    cluster.server.put(pod('Succeeded'));
    await until('the end', () => motto() === undefined);
    await until('the end on the node', () => lines.size === 0 && entry() === undefined);
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('waits for no node that cannot have it, and says so where none can', async () => {
    cluster = new FakeCluster([...PROFILE_KINDS, mottoKind(lines, 'False')]);
    cluster.server.put(pod('Running'));
    put({ text: 'festina lente' });
    await start();
    await until('the reason', () => motto()?.status?.conditions?.[0]?.reason === 'Reading');
    expect(motto()?.status).to.include({ status: 'Pending' });
    expect(motto()?.status?.conditions?.[0]?.message).to.equal(
      'no node can have the profile; worker: the node has learnt to read or not',
    );
    expect([lines.size, entry()]).to.deep.equal([0, undefined]);
    cluster.server.put(pod('Succeeded'));
    cluster.server.delete(MOTTO_RESOURCE, { namespace: 'ns', name: 'a' });
    await until('the end', () => motto() === undefined);
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('is removed at the start of a daemon that did not see its deletion, unless a pod uses it', async () => {
    lines.set('gone.ns', 'tempus fugit');
    lines.set('a.ns', 'carpe diem');
    cluster.server.put(pod('Running'));
    await start();
    expect([...lines.keys()]).to.deep.equal(['a.ns']);
    cluster.server.put(pod('Failed'));
    await until('the end on the node', () => lines.size === 0);
  });
});
