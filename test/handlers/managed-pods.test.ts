// SPDX-License-Identifier: Apache-2.0
// Since when a pod runs that a binding has bound.
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
});
