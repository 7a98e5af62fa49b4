// SPDX-License-Identifier: Apache-2.0
// When the startup taint of a node goes.
import { expect } from 'chai';
import type { NodeEntry } from '../../../src/core/status/aggregate.ts';
import type { SecurityProfileNodeStatus } from '../../../src/gen/crd/security-profile-node-status.ts';
import { StartupTaintHandler } from '../../../src/handlers/manager/startup-taint.ts';
import { NODES } from '../../../src/handlers/sources/nodes.ts';
import type { ClusterNode } from '../../../src/handlers/sources/nodes.ts';
import type { Profile } from '../../../src/handlers/sources/profiles.ts';
import { SECCOMP } from '../../../src/handlers/sources/seccomp-profiles.ts';
import { seccompProfile, Shelf } from '../../fakes/profiles.ts';

const TAINT = 'spo.x-k8s.io/profiles-not-installed';

function tainted(name: string, ...keys: readonly string[]): ClusterNode {
  const metadata = { name, uid: `uid-${name}` };
  return NODES.transform!({ apiVersion: 'v1', kind: 'Node', metadata, spec: { taints: keys.map((key) => ({ key })) } });
}

describe('handlers/manager/startup-taint', () => {
  let nodes: Shelf<ClusterNode>;
  let nodeStatuses: Shelf<SecurityProfileNodeStatus>;
  let profiles: Shelf<Profile>;
  let handler: StartupTaintHandler;

  beforeEach(() => {
    nodes = new Shelf();
    nodeStatuses = new Shelf();
    profiles = new Shelf();
    const kinds = [{ kind: SECCOMP, profiles }];
    handler = new StartupTaintHandler({ namespace: 'op', nodes, nodeStatuses, kinds });
  });

  function report(
    entries: Readonly<Record<string, NodeEntry>>,
    conditions: object[] = [],
    nodeUid = 'uid-n',
  ): SecurityProfileNodeStatus {
    const profilesOf = Object.entries(entries).map(([name, entry]) => [`SeccompProfile/ns/${name}`, entry] as const);
    return nodeStatuses.set({
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'SecurityProfileNodeStatus',
      metadata: {
        name: 'n',
        namespace: 'op',
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: nodeUid }],
      },
      nodeName: 'n',
      status: { profiles: Object.fromEntries(profilesOf), conditions: conditions as never },
    });
  }

  const stays = async (why: string): Promise<void> =>
    expect((await handler.apply(tainted('n', TAINT))).patches, why).to.equal(undefined) as never;
  const goes = async (why: string): Promise<void> =>
    expect((await handler.apply(tainted('n', 'other', TAINT))).patches?.[0]?.steps, why).to.deep.equal([
      { op: 'test', path: '/spec/taints/1/key', value: TAINT },
      { op: 'remove', path: '/spec/taints/1' },
    ]) as never;

  it('when the daemon has answered for every profile', async () => {
    profiles.set(seccompProfile('a'));
    profiles.set(seccompProfile('b'));
    await stays('without a report');
    report({ a: { state: 'Installed', uid: 'a', generation: 1 } });
    await stays('without an answer for b');
    report({
      a: { state: 'Installed', uid: 'a', generation: 1 },
      b: { state: 'InProgress', uid: 'b', generation: 1 },
    });
    await stays('while b is on its way');
    report({
      a: { state: 'Installed', uid: 'a', generation: 1 },
      b: { state: 'Error', uid: 'b', generation: 1 },
    });
    await goes('though b cannot be installed');
  });

  it('when a profile waits for a base that nobody makes: its owner alone must not keep nodes out of use', async () => {
    profiles.set(seccompProfile('a', ['read'], { spec: { baseProfileName: 'none' } }));
    report({ a: { state: 'Pending', reason: 'BaseProfileNotFound', uid: 'a', generation: 1 } });
    await goes('the daemon said that it waits');
  });

  it('when the daemon has answered for an older version: who changes a profile all the time keeps no node out', async () => {
    profiles.set(seccompProfile('a', ['read'], { metadata: { generation: 900 } }));
    report({ a: { state: 'Installed', uid: 'a', generation: 899 } });
    await goes('the node has had it');
  });

  it('not for answers about another profile of the name, and without those that no node installs', async () => {
    profiles.set(seccompProfile('a'));
    report({ a: { state: 'Installed', uid: 'before', generation: 1 } });
    await stays('for the profile that had its name');
    profiles.take('a');
    profiles.set(seccompProfile('b', ['read'], { spec: { disabled: true } }));
    profiles.set(seccompProfile('c', ['read'], { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }));
    await goes('as soon as it is gone');
  });

  it('when the rest had no room in the report', async () => {
    profiles.set(seccompProfile('a'));
    report({}, [{ type: 'Complete', status: 'False', reason: 'R', message: 'm', lastTransitionTime: 'T' }]);
    await goes('those that lack are installed');
  });

  it('not for the report of an earlier node of that name, which is deleted a little later', async () => {
    profiles.set(seccompProfile('a'));
    report({ a: { state: 'Installed', uid: 'a', generation: 1 } }, [], 'uid-before');
    await stays('the new node has said nothing');
    report({ a: { state: 'Installed', uid: 'a', generation: 1 } });
    await goes('now it has');
  });

  it('of no node without it', async () => {
    expect(await handler.apply(tainted('n', 'other'))).to.deep.equal({});
    expect(handler.predicate(tainted('n', 'other'), tainted('n', 'other', TAINT))).to.equal(true);
    expect(handler.predicate(tainted('n', TAINT), tainted('n', TAINT))).to.equal(false);
  });

  it('is looked at when a report or a profile changes, for nodes that have it', () => {
    nodes.set(tainted('n', TAINT));
    nodes.set(tainted('free'));
    const [ofReports, ofProfiles] = handler.watches;
    expect(ofReports?.mapToKeys(report({}))).to.deep.equal([{ name: 'n' }]);
    const other: SecurityProfileNodeStatus = { ...report({}), nodeName: 'free' };
    expect(ofReports?.mapToKeys(other)).to.deep.equal([]);
    expect(ofProfiles?.mapToKeys(seccompProfile('a'))).to.deep.equal([{ namespace: undefined, name: 'n' }]);
  });
});
