// SPDX-License-Identifier: Apache-2.0
// Steps of the review of security that one tenant takes against the limit and against all others (SECURITY.md, "Steps
// on a cluster"): C21, C8, C2, C3 and C12, in this order, on one real API server and with the operator's real processes
// in the memory that they are shipped with.
import { expect } from 'chai';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { managerDeployment } from '../../src/core/deploy/manager.ts';
import type { SecurityProfileNodeStatus } from '../../src/gen/crd/security-profile-node-status.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import type { SecurityProfilesOperatorDaemon } from '../../src/gen/crd/security-profiles-operator-daemon.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, OPERATOR_NAMESPACE, profilesPath, REPORTS_PATH } from '../../tools/lab/operator.ts';
import { profileOf, startProbed, TenantCluster, WatchedFiles } from './tenant-cluster.ts';

const LIMIT_MIB = 128;
const TENANT = 'team-a';
const OTHER = 'team-b';
/** A namespace whose many profiles none of the other steps needs. */
const CROWD = 'team-c';
const SPODS = `/apis/security-profiles-operator.x-k8s.io/v1alpha1/namespaces/${OPERATOR_NAMESPACE}/securityprofilesoperatordaemons`;
const MERGE = 'application/merge-patch+json';
const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };
const UNKNOWN = 'call_of_no_kernel';

describe('a tenant beside others, on a real API server', function () {
  this.timeout(900_000);
  let cluster: TenantCluster;

  before(async () => {
    cluster = await TenantCluster.start(LIMIT_MIB, { [TENANT]: RESTRICTED, [OTHER]: {}, [CROWD]: {} });
  });
  after(() => cluster.stop());
  afterEach('nothing has died', () => {
    expect(cluster.installation.roles.flatMap(({ deaths }) => deaths)).to.deep.equal([]);
  });

  const admin = (): TenantCluster['plane']['admin'] => cluster.plane.admin;
  const messageOf = ({ status }: SeccompProfile): string =>
    status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
  const filesOf = (name: string): readonly boolean[] =>
    cluster.installation.nodes.map(({ kubeletDir }) =>
      existsSync(path.join(kubeletDir, 'seccomp/operator', TENANT, `${name}.json`)),
    );

  /** Waits until both nodes refuse the open profile, and the object says so. */
  async function openIsRefused(): Promise<void> {
    let seen: SeccompProfile | undefined;
    const isSo = async (): Promise<boolean> => {
      seen = (await admin().request('GET', `${profilesPath(TENANT)}/open`)).body as SeccompProfile;
      const reasons = seen.status?.failures?.map(({ reason }) => reason) ?? [];
      return seen.status?.status === 'Error' && reasons.join() === 'ProfileNotAllowed,ProfileNotAllowed';
    };
    await until(isSo, 240, () => `it is not refused: ${JSON.stringify(seen?.status)}`);
  }

  async function spod(): Promise<SecurityProfilesOperatorDaemon> {
    return (await admin().request('GET', `${SPODS}/spod`)).body as SecurityProfilesOperatorDaemon;
  }

  /** A pod that Pod Security's strictest level takes, but for its seccomp profile. */
  function pod(name: string, seccompProfile: object, more: object = {}): object {
    const capabilities = { drop: ['ALL'] };
    const container = { name: 'c', image: 'i', securityContext: { allowPrivilegeEscalation: false, capabilities } };
    const securityContext = { runAsNonRoot: true, seccompProfile };
    return { metadata: { name }, spec: { securityContext, containers: [container], ...more } };
  }

  const OPEN = { type: 'Localhost', localhostProfile: `operator/${TENANT}/open.json` };
  const podsOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;

  it('C21: leaves seccomp under `restricted` only as long as there is no limit, and is told of it', async () => {
    const ask = async (seccompProfile: object): Promise<number> =>
      (await admin().request('POST', `${podsOf(TENANT)}?dryRun=All`, pod('p', seccompProfile))).status;
    expect(await ask({ type: 'Unconfined' })).to.equal(403);
    expect(await ask(OPEN), 'Kubernetes takes any profile of the node').to.equal(201);
    await create(cluster.plane, profilesPath(TENANT), profileOf('open', ['read'], { defaultAction: 'SCMP_ACT_ALLOW' }));
    const open = await cluster.profile(TENANT, 'open', 'Installed');
    expect(messageOf(open)).to.match(/permits calls that harm the node and that the runtime's default profile refuses/);
    const limit = { spec: { allowedSyscalls: ['read', 'exit_group'] } };
    expect((await admin().request('PATCH', `${SPODS}/spod`, limit, MERGE)).status).to.equal(200);
    await openIsRefused();
    expect(filesOf('open')).to.deep.equal([false, false]);
  });

  it('C8: does not get past the limit while the spod is replaced, or is not there', async () => {
    await cluster.serve(TENANT, 'before');
    await create(cluster.plane, podsOf(TENANT), pod('waits', OPEN, { nodeName: 'node-a' }));
    const watched = new WatchedFiles(cluster.installation.nodes, TENANT);
    const { metadata, ...rest } = await spod();
    const file = path.join(cluster.plane.folder, 'spod.json');
    writeFileSync(file, JSON.stringify({ metadata, ...rest }));
    await cluster.plane.kubectl('replace', '--force', '-f', file);
    expect((await spod()).metadata.uid).to.not.equal(metadata.uid);
    await cluster.serve(TENANT, 'replaced');
    await watched.seen('replaced.json');
    // Without a spod: another profile, a new word about the open one, and a node that starts.
    await cluster.plane.kubectl('delete', '-f', file);
    const annotations = { 'example.com/look': 'again' };
    await admin().request('PATCH', `${profilesPath(TENANT)}/open`, { metadata: { annotations } }, MERGE);
    const [, nodeB] = cluster.installation.nodes;
    await nodeB?.daemon.end('SIGTERM');
    await nodeB?.daemon.start();
    await cluster.serve(TENANT, 'without');
    await watched.seen('without.json');
    await cluster.plane.kubectl('create', '-f', file);
    await cluster.serve(TENANT, 'after');
    await watched.seen('after.json');
    watched.stop();
    expect([...watched.names].filter((name) => name.includes('open'))).to.deep.equal([]);
    await openIsRefused();
  });

  it('C2: does not keep the manager down by pods of half a megabyte that never run', async () => {
    const value = 'v'.repeat(100_000);
    const env = Array.from({ length: 5 }, (_, at) => ({ name: `V${String(at)}`, value }));
    const spec = { containers: [{ name: 'c', image: 'i', env }], schedulingGates: [{ name: 'example.com/never' }] };
    const large = Array.from({ length: 100 }, (_, at) => ({ metadata: { name: `large-${String(at)}` }, spec }));
    await cluster.createAll(podsOf(CROWD), large);
    const { spec: deployed } = managerDeployment({
      namespace: OPERATOR_NAMESPACE,
      image: 'i',
      kubeletDir: '/k',
      restrictTo: [],
    }) as { readonly spec?: unknown };
    const [container] = (deployed as ShippedSpec).template.spec.containers;
    expect(container?.resources.limits.memory).to.equal(`${String(LIMIT_MIB)}Mi`);
    const { manager } = cluster.installation;
    await manager.end('SIGTERM');
    await startProbed(manager);
    await cluster.serve(OTHER, 'beside-pods');
  });

  it('C3: does not stop a daemon by a chain of profiles', async () => {
    const name = (level: number): string => `p${String(9999 - level)}`;
    const chain = Array.from({ length: CHAIN }, (_, level) =>
      profileOf(name(level), ['read'], level === 0 ? {} : { baseProfileName: name(level - 1) }),
    );
    await cluster.createAll(profilesPath(CROWD), chain);
    const [nodeA] = cluster.installation.nodes;
    await nodeA?.daemon.end('SIGTERM');
    if (nodeA !== undefined) await startProbed(nodeA.daemon);
    await cluster.serve(OTHER, 'beside-chain');
    expect((await cluster.profile(CROWD, name(14), 'Installed')).status?.nodes?.installed).to.equal(2);
    const end = await cluster.profile(CROWD, name(CHAIN - 1), 'Error');
    expect(messageOf(end)).to.match(/15/);
  });

  it('C12: does not take the room of others in the reports of nodes', async () => {
    const bad = Array.from({ length: CROWDED - CHAIN }, (_, at) => profileOf(`bad-${String(at)}`, [UNKNOWN]));
    await cluster.createAll(profilesPath(CROWD), bad);
    let told: readonly number[] = [];
    const isFull = async (): Promise<boolean> => {
      const { body } = await admin().request('GET', REPORTS_PATH);
      const { items } = body as { readonly items: readonly SecurityProfileNodeStatus[] };
      told = items.map(({ status }) => Object.keys(status?.profiles ?? {}).filter((key) => key.includes(CROWD)).length);
      return told.length === 2 && told.every((count) => count === BUDGET);
    };
    await until(isFull, 240, () => `the reports tell of ${told.join()} profiles`);
    await cluster.serve(OTHER, 'good');
    const good = await cluster.profile(OTHER, 'good', 'Installed');
    expect(good.status?.conditions?.find(({ type }) => type === 'Ready')?.status).to.equal('True');
  });
});

/** Profiles of a kind that a namespace may have (SECURITY.md), and of the tenant who has more. */
const BUDGET = 2000;
const CROWDED = 2100;
/** Profiles that stand on each other. */
const CHAIN = 1000;

interface ShippedSpec {
  readonly template: {
    readonly spec: {
      readonly containers: readonly { readonly resources: { readonly limits: { readonly memory: string } } }[];
    };
  };
}
