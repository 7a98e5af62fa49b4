// SPDX-License-Identifier: Apache-2.0
// Pods as the manager keeps them: since when one runs that a binding has bound, and little of one that is huge.
import { expect } from 'chai';
import { managedPodSource } from '../../src/handlers/sources/managed-pods.ts';
import type { ManagedPod } from '../../src/handlers/sources/managed-pods.ts';
import { SECCOMP } from '../../src/handlers/sources/seccomp-profiles.ts';

const CREATED = '2026-01-01T00:00:00Z';
const at = (minute: number): string => `2026-01-01T00:0${String(minute)}:00Z`;
const running = (name: string, minute: number, more: object = {}) => ({
  name,
  state: { running: { startedAt: at(minute) } },
  ...more,
});

function ranSince(bound: string | undefined, containerStatuses: readonly object[]): string | undefined {
  const annotations = bound === undefined ? {} : { 'spo.x-k8s.io/profile-bindings': bound };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', creationTimestamp: CREATED, annotations },
    spec: { containers: [{ name: 'a' }, { name: 'b' }] },
    status: { phase: 'Pending', containerStatuses },
  };
  return managedPodSource([SECCOMP]).transform?.(pod as unknown as ManagedPod).ranSince;
}

describe('handlers/sources/managed-pods', () => {
  it('knows when all containers that are bound have begun to run', () => {
    const waiting = { name: 'a', state: { waiting: { reason: 'ImagePullBackOff' } } };
    expect(ranSince(undefined, [running('a', 1)])).to.equal(undefined);
    expect(ranSince('a=x', [])).to.equal(undefined);
    expect(ranSince('a=x', [waiting, running('b', 1)])).to.equal(undefined);
    expect(ranSince('b=x', [waiting, running('b', 1)])).to.equal(at(1));
    expect(ranSince('a=x,b=y', [running('a', 2), running('b', 1)])).to.equal(at(2));
  });

  it('counts from the first start, as far as that is known', () => {
    const lastState = { terminated: { startedAt: at(1) } };
    expect(ranSince('a=x', [running('a', 5, { restartCount: 1, lastState })])).to.equal(at(1));
    expect(ranSince('a=x', [running('a', 7, { restartCount: 2, lastState })])).to.equal(CREATED);
    const crashed = { name: 'a', state: { waiting: { reason: 'CrashLoopBackOff' } }, restartCount: 1, lastState };
    expect(ranSince('a=x', [crashed])).to.equal(at(1));
  });

  it('keeps the gate and the profiles of a pod that is huge, and nothing of what makes it so', () => {
    const texts = Array.from({ length: 1000 }, (_, at) => [`label-${String(at)}`, 'x'.repeat(40)] as const);
    const values = texts.map(([name, text]) => name + text);
    const matchExpressions = [{ key: 'zone', operator: 'In', values }];
    const affinity = {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
    };
    const seccompProfile = { type: 'Localhost', localhostProfile: 'operator/ns/a.json' };
    const small = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'ns', labels: {}, annotations: {} },
      spec: {
        securityContext: { seccompProfile },
        containers: [{ name: 'a', image: 'nginx' }],
        schedulingGates: [{ name: 'spo.x-k8s.io/profile-installed' }],
      },
    };
    const { metadata, spec } = small;
    const huge: readonly object[] = [
      { ...small, metadata: { ...metadata, labels: Object.fromEntries(texts) } },
      { ...small, metadata: { ...metadata, annotations: { 'spo.x-k8s.io/profile-bindings': 'x'.repeat(20_000) } } },
      { ...small, spec: { ...spec, affinity } },
      { ...small, spec: { ...spec, containers: [{ name: 'a', image: 'x'.repeat(20_000) }] } },
    ];
    const source = managedPodSource([SECCOMP]);
    const kept = (pod: object) => source.transform?.(pod as ManagedPod);
    expect(kept(small)?.shape.containers).to.have.length(1);
    for (const pod of huge) {
      expect(kept(pod)).to.deep.include({
        uses: [{ kind: 'SeccompProfile', name: 'operator/ns/a.json' }],
        gateAt: 0,
        shape: { containers: [], labels: {}, placement: { isUnread: true } },
        marks: {},
      });
      expect(JSON.stringify(kept(pod))).to.have.length.below(1000);
    }
  });
});
