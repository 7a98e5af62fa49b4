// SPDX-License-Identifier: Apache-2.0
// The manager's word on a file that a node had to write again: in the profile's condition, and one event for each time.
import { expect } from 'chai';
import { SILENT } from '../../../src/core/log.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import { ProfileStatusHandler } from '../../../src/handlers/manager/profile-status.ts';
import { seccompInManager } from '../../../src/handlers/manager/seccomp-profile.ts';
import type { DaemonNode } from '../../../src/handlers/sources/nodes.ts';
import { NO_ARTIFACTS, Shelf, seccompProfile } from '../../fakes/profiles.ts';

function node(message?: string, generation = 1): DaemonNode {
  const drift = message === undefined ? {} : { reason: 'FileDiffered', message };
  const nodeStatus = {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1' as const,
    kind: 'SecurityProfileNodeStatus' as const,
    metadata: { name: 'n1', namespace: 'op' },
    nodeName: 'n1',
    status: { profiles: { 'SeccompProfile/ns/a': { state: 'Installed' as const, uid: 'a', generation, ...drift } } },
  };
  return { name: 'n1', unreachable: false, nodeStatus };
}

describe('handlers/manager/profile-status, drift', () => {
  it('is told once for each time, and stands in the condition', async () => {
    let nodes = [node()];
    let time = 1_700_000_000_000;
    const profiles = new Shelf<SeccompProfile>();
    const parts = { profiles, artifacts: NO_ARTIFACTS, kubeletDir: '/var/lib/kubelet', watches: [] };
    const handler = new ProfileStatusHandler(seccompInManager(parts), {
      watches: [],
      log: SILENT,
      daemonNodes: () => nodes,
      usersOf: () => [],
      isLeaving: () => false,
      now: () => time,
    });
    let profile = seccompProfile('a');
    const told = async (): Promise<readonly string[]> => {
      time += 5000;
      const first = await handler.apply(profile);
      time += 5000;
      const { status, events = [] } = first.status === undefined ? await handler.apply(profile) : first;
      if (status !== undefined) profile = { ...profile, status };
      return events.filter(({ reason }) => reason === 'FileDiffered').map(({ message }) => message);
    };
    expect(await told()).to.deep.equal([]);
    nodes = [node('written again at T1')];
    expect(await told()).to.deep.equal(['n1: written again at T1']);
    expect(profile.status?.conditions?.[0]?.message).to.equal(
      'the profile is installed on all nodes; written again at T1',
    );
    expect(await told()).to.deep.equal([]);
    nodes = [node('written again at T2')];
    expect(await told()).to.deep.equal(['n1: written again at T2']);
    nodes = [node('of another form', 0)];
    expect(await told()).to.deep.equal([]);
  });
});
