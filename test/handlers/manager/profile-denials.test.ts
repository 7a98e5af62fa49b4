// SPDX-License-Identifier: Apache-2.0
// The manager's word on denied calls of a profile: a condition while pods use it, and one event for a set of calls.
import { expect } from 'chai';
import { SILENT } from '../../../src/core/log.ts';
import type { ProfileDenial } from '../../../src/core/status/denials.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import type { SecurityProfileNodeStatus } from '../../../src/gen/crd/security-profile-node-status.ts';
import { ProfileStatusHandler } from '../../../src/handlers/manager/profile-status.ts';
import { seccompInManager } from '../../../src/handlers/manager/seccomp-profile.ts';
import { nodeStatusSource } from '../../../src/handlers/sources/nodes.ts';
import type { DaemonNode } from '../../../src/handlers/sources/nodes.ts';
import { nodeStatusWatch } from '../../../src/handlers/sources/node-watches.ts';
import { SECCOMP } from '../../../src/handlers/sources/seccomp-profiles.ts';
import { NO_ARTIFACTS, Shelf, seccompProfile } from '../../fakes/profiles.ts';

const LOGGED = { flags: ['SECCOMP_FILTER_FLAG_LOG'] };
const BPF = { call: 'bpf', enforced: true, by: '/bin/app in ns/p', last: '2026-01-01T00:00:00Z' };

function report(denials: readonly ProfileDenial[], isAudited: boolean): SecurityProfileNodeStatus {
  const lastTransitionTime = '2026-01-01T00:00:00Z';
  const status = isAudited ? 'True' : 'False';
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'SecurityProfileNodeStatus',
    metadata: { name: 'n1', namespace: 'op' },
    nodeName: 'n1',
    status: {
      conditions: [{ type: 'AuditLogRead', status, reason: 'R', message: 'm', lastTransitionTime }],
      profiles: { 'SeccompProfile/ns/a': { state: 'Installed', uid: 'a', generation: 1, denials } },
    },
  };
}

describe('handlers/manager/profile-status, denials', () => {
  let nodes: DaemonNode[];
  let users: readonly string[];
  let time: number;
  let handler: ProfileStatusHandler;

  beforeEach(() => {
    nodes = [];
    users = ['ns/p'];
    time = 1_700_000_000_000;
    const profiles = new Shelf<SeccompProfile>();
    const kind = seccompInManager({
      profiles,
      artifacts: NO_ARTIFACTS,
      kubeletDir: '/var/lib/kubelet',
      watches: [],
    });
    const shared = { watches: [], log: SILENT, isLeaving: () => false };
    const parts = { ...shared, daemonNodes: () => nodes, usersOf: () => users, now: () => time };
    handler = new ProfileStatusHandler(kind, parts);
  });

  function says(denials: readonly ProfileDenial[], isAudited = true): void {
    const nodeStatus = nodeStatusSource('op').transform!(report(denials, isAudited));
    nodes = [{ name: 'n1', unreachable: false, nodeStatus }];
  }

  async function settled(status?: SeccompProfile['status'], spec: object = LOGGED) {
    const profile = { ...seccompProfile('a', ['read'], { spec }), ...(status === undefined ? {} : { status }) };
    const first = await handler.apply(profile);
    time += 1000;
    const second = first.status === undefined ? await handler.apply(profile) : first;
    const observed = second.status?.conditions?.find(({ type }) => type === 'DenialsObserved');
    const events = (second.events ?? []).filter(({ reason }) => reason === 'DenialsObserved');
    return { status: second.status as SeccompProfile['status'], said: textOf(observed), events };
  }

  const textOf = (seen: { readonly status: string; readonly reason?: string } | undefined): string | undefined =>
    seen === undefined ? undefined : `${seen.status} ${seen.reason ?? ''}`;

  it('is said of a profile that pods use, and unknown where no log is read or nothing is logged', async () => {
    says([]);
    expect((await settled()).said).to.equal('False NoDenials');
    expect((await settled(undefined, {})).said).to.equal('Unknown DenialsNotLogged');
    says([], false);
    expect((await settled()).said).to.equal('Unknown NoAuditSource');
    users = [];
    expect((await settled()).said).to.equal(undefined);
  });

  it('names the calls, with one event for a set of them', async () => {
    says([BPF]);
    const first = await settled();
    expect(first.said).to.equal('True CallsDenied');
    expect(first.events).to.deep.equal([
      { type: 'Warning', reason: 'DenialsObserved', message: 'The profile has denied: bpf (/bin/app in ns/p)' },
    ]);
    expect((await settled()).events, 'where the status could not be written').to.deep.equal([]);
    says([{ ...BPF, last: '2026-01-01T00:05:00Z' }]);
    expect((await settled(first.status)).status, 'what goes on is no write').to.equal(undefined);
    says([BPF, { ...BPF, call: 'mknod' }]);
    expect((await settled(first.status)).events).to.have.length(1);
    users = [];
    says([]);
    expect((await settled(first.status)).said).to.equal('False NoDenials');
  });

  it('concerns the profile whose calls were denied, and all where a log is found', () => {
    const all = [{ namespace: 'ns', name: 'all' }];
    const watch = nodeStatusWatch('op', SECCOMP, () => all);
    const changed = (before: SecurityProfileNodeStatus, after: SecurityProfileNodeStatus) =>
      watch.mapChange?.(before, after).map(({ name }) => name);
    expect(changed(report([], true), report([BPF], true))).to.deep.equal(['a']);
    expect(changed(report([BPF], true), report([{ ...BPF, last: 'later' }], true))).to.deep.equal([]);
    expect(changed(report([], false), report([], true))).to.deep.equal(['all']);
  });
});
