// SPDX-License-Identifier: Apache-2.0
// Bindings in a whole manager and daemon on the API server in memory, with the marks that the webhook leaves on pods;
// and laws that hold after any course of events.
import { expect } from 'chai';
import fc from 'fast-check';
import type { SecurityProfileNodeStatus } from '../../src/gen/crd/security-profile-node-status.ts';
import { PROFILE_BINDING, SECCOMP_PROFILE, SECURITY_PROFILE_NODE_STATUS } from '../../src/gen/kinds.ts';
import { EVENT, NODE, POD } from '../../src/runtime/kinds.ts';
import type { KubeObject, Resource } from '../../src/runtime/object.ts';
import { FakeCluster, until } from '../fakes/cluster.ts';
import { seccompProfile } from '../fakes/profiles.ts';

const GATE = 'spo.x-k8s.io/profile-installed';

function newProfile(name: string): KubeObject {
  return { ...seccompProfile(name), metadata: { name, namespace: 'ns' } };
}

function newBinding(name: string, profile: string, image = 'nginx'): KubeObject {
  const binding = {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'ProfileBinding',
    metadata: { name, namespace: 'ns' },
  };
  return Object.assign(binding, { spec: { profileRef: { kind: 'SeccompProfile', name: profile }, image } });
}

/** A pod as the webhook leaves it. */
function boundPod(name: string, binding: string, profile: string, more: { readonly gated?: boolean } = {}): KubeObject {
  const localhost = { type: 'Localhost', localhostProfile: `operator/ns/${profile}.json` };
  const containers = [{ name: 'c', image: 'nginx', securityContext: { seccompProfile: localhost } }];
  const annotations = { 'spo.x-k8s.io/profile-bindings': `c=${binding}`, 'spo.x-k8s.io/profile-wait-seconds': '300' };
  const schedulingGates = more.gated === true ? { schedulingGates: [{ name: GATE }] } : {};
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'ns', annotations } };
  return Object.assign(pod, { spec: { containers, ...schedulingGates } });
}

function profileOf(pod: KubeObject): string {
  return /operator\/ns\/(\w+)\.json/.exec(JSON.stringify(pod))?.[1] ?? '';
}

function labelledNamespace(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'ns', labels: { 'spo.x-k8s.io/enable-binding': '' } },
  };
}

describe('manager and daemon: bindings', () => {
  let cluster: FakeCluster;
  beforeEach(() => {
    cluster = new FakeCluster();
    cluster.server.put(labelledNamespace());
  });
  afterEach(() => cluster.stop());

  const text = (resource: Resource, name: string): string =>
    JSON.stringify(cluster.server.get(resource, { namespace: 'ns', name }) ?? null);
  /** Profiles that were there at some time. */
  const everMade = new Set<string>();
  const binding = (name: string): string => text(PROFILE_BINDING, name);
  const hasState = (name: string, state: string): boolean => binding(name).includes(`"state":"${state}"`);

  it('go from no profile over its installation to a pod in use, and are held until that has ended', async () => {
    await cluster.manager();
    await cluster.daemon();
    cluster.server.put(newBinding('b', 'a'));
    await until('ProfileNotFound', () => hasState('b', 'ProfileNotFound'));
    cluster.server.put(newProfile('a'));
    await until('NoMatch', () => hasState('b', 'NoMatch'));
    cluster.server.put(boundPod('p', 'b', 'a'));
    await until('InUse', () => hasState('b', 'InUse') && binding('b').includes('"active-workload-lock"'));
    expect(binding('b')).to.include('"activeWorkloads":["ns/p"]').and.include('"lastMatchTime":"');
    cluster.server.delete(PROFILE_BINDING, { namespace: 'ns', name: 'b' });
    expect(binding('b')).to.include('deletionTimestamp');
    cluster.server.delete(POD, { namespace: 'ns', name: 'p' });
    await until('its end', () => binding('b') === 'null');
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('write nothing after a restart, and tell nothing twice', async () => {
    await cluster.manager();
    await cluster.daemon();
    cluster.server.put(newProfile('a'));
    cluster.server.put(newBinding('b', 'a'));
    const pod = boundPod('p', 'b', 'a');
    const annotations = {
      ...pod.metadata.annotations,
      'spo.x-k8s.io/profile-bindings-skipped': 'd=b:PrivilegedContainer',
    };
    cluster.server.put({ ...pod, metadata: { ...pod.metadata, annotations } });
    await until('InUse', () => hasState('b', 'InUse'));
    const told = (reason: string): boolean => JSON.stringify(cluster.server.list(EVENT)).includes(`"${reason}"`);
    await until('the events', () => told('PrivilegedContainer') && told('SavedSeccompProfile'));
    await until('Installed', () => cluster.state('a') === 'Installed' && binding('b').includes('active-workload-lock'));
    await cluster.rest();
    await cluster.stop();
    const [objects, events] = [binding('b') + text(POD, 'p'), cluster.server.list(EVENT).length];
    const before = cluster.server.writes.length;
    await cluster.manager();
    await cluster.rest();
    expect(binding('b') + text(POD, 'p')).to.equal(objects);
    expect(cluster.server.list(EVENT)).to.have.length(events);
    const written = cluster.writesSince(before).filter((line) => !line.includes('/events '));
    expect(written.filter((line) => /pods|profilebindings/.test(line))).to.deep.equal([]);
  });

  it('of a namespace that loses its label say so, and are well again with it', async () => {
    await cluster.manager();
    cluster.server.put(newBinding('b', 'a'));
    cluster.server.put({ ...labelledNamespace(), metadata: { name: 'ns' } });
    await until('NamespaceNotLabelled', () => hasState('b', 'NamespaceNotLabelled'));
    cluster.server.put(labelledNamespace());
    await until('ProfileNotFound', () => hasState('b', 'ProfileNotFound'));
  });

  /** Writes that took the gate of a pod away although the report does not tell of its profile, as it is now. */
  function gatesThatWentEarly(): readonly string[] {
    const early: string[] = [];
    cluster.server.fault = ({ method, path, body }) => {
      const isOpening = method === 'PATCH' && JSON.stringify(body ?? '').includes('/spec/schedulingGates/');
      const pod = cluster.server.list(POD).find(({ metadata }) => path.endsWith(`/pods/${metadata.name}`));
      if (isOpening && pod !== undefined && !isReported(profileOf(pod)))
        early.push(`${path} without ${profileOf(pod)}`);
      return undefined;
    };
    return early;
  }

  /** Of a profile that goes, the manager may know less than the server. */
  function isReported(profile: string): boolean {
    const live = cluster.server.get(SECCOMP_PROFILE, { namespace: 'ns', name: profile });
    if (live === undefined) return everMade.has(profile);
    const report = cluster.server.list(SECURITY_PROFILE_NODE_STATUS)[0] as SecurityProfileNodeStatus | undefined;
    const entry = report?.status?.profiles?.[`SeccompProfile/ns/${profile}`];
    const isInstalled = entry?.state === 'Installed' && entry.uid === live.metadata.uid;
    return isInstalled || live.metadata.deletionTimestamp !== undefined;
  }

  type Step = readonly [
    action: 'profile' | 'noProfile' | 'pod' | 'noPod' | 'binding' | 'noBinding' | 'restart' | 'node',
    number,
  ];

  const steps: fc.Arbitrary<readonly Step[]> = fc.array(
    fc.tuple(
      fc.constantFrom('profile', 'noProfile', 'pod', 'pod', 'noPod', 'binding', 'noBinding', 'restart', 'node'),
      fc.nat(1),
    ),
    { minLength: 5, maxLength: 20 },
  );

  async function take([action, place]: Step, serial: number): Promise<void> {
    const [profile, name] = [`a${String(place)}`, `b${String(place)}`];
    const drop = (resource: Resource, at: string): void => {
      if (cluster.server.get(resource, { namespace: 'ns', name: at }) !== undefined)
        cluster.server.delete(resource, { namespace: 'ns', name: at });
    };
    switch (action) {
      case 'profile':
        everMade.add(profile);
        if (text(SECCOMP_PROFILE, profile) === 'null') cluster.server.put(newProfile(profile));
        return;
      case 'noProfile':
        drop(SECCOMP_PROFILE, profile);
        return;
      case 'pod':
        cluster.server.put(boundPod(`p${String(serial)}`, name, profile, { gated: true }));
        return;
      case 'noPod':
        drop(POD, cluster.server.list(POD).find(({ metadata }) => metadata.name.startsWith('p'))?.metadata.name ?? '');
        return;
      case 'binding':
        if (binding(name) === 'null') cluster.server.put(newBinding(name, profile));
        return;
      case 'noBinding':
        drop(PROFILE_BINDING, name);
        return;
      case 'node':
        cluster.server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: `other${String(serial)}` } });
        cluster.server.delete(NODE, { name: `other${String(serial)}` });
        return;
      case 'restart':
        await cluster.stop();
        await cluster.manager();
        await cluster.daemon();
        return;
      default:
        return action satisfies never;
    }
  }

  const gatedPods = (): readonly KubeObject[] =>
    cluster.server.list(POD).filter((pod) => JSON.stringify(pod).includes(GATE));

  /** The profile of a gated pod is not there, or is being deleted. */
  function waitsForNothingThere(pod: KubeObject): boolean {
    const profile = text(SECCOMP_PROFILE, profileOf(pod));
    return profile === 'null' || profile.includes('deletionTimestamp');
  }

  it('leave no gate that should be open and open none early, and let everything go in the end', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (course) => {
        await cluster.stop();
        cluster = new FakeCluster();
        everMade.clear();
        cluster.server.put(labelledNamespace());
        const early = gatesThatWentEarly();
        await cluster.manager();
        await cluster.daemon();
        for (const [serial, step] of course.entries()) await take(step, serial);
        await until('every gate to go whose profile is there', () => gatedPods().every(waitsForNothingThere));
        expect(early).to.deep.equal([]);
        for (const { metadata } of cluster.server.list(POD)) {
          if (metadata.namespace === 'ns') cluster.server.delete(POD, metadata);
        }
        for (const place of [0, 1]) {
          await take(['noBinding', place], 0);
          await take(['noProfile', place], 0);
        }
        const left = () => [...cluster.server.list(PROFILE_BINDING), ...cluster.server.list(SECCOMP_PROFILE)];
        await until('bindings and profiles to go', () => left().length === 0);
        await until('no pod to be counted', () => cluster.gated === 0);
      }),
      { numRuns: 8 },
    );
  }).timeout(180_000);
});
