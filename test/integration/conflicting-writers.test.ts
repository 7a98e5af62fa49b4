// SPDX-License-Identifier: Apache-2.0
// Somebody else who writes to everything that the operator writes to, all the time: what is ours is put back, what is
// theirs is kept, and the operator does not answer with a storm of writes.
import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import type { SecurityProfileNodeStatus } from '../../src/gen/crd/security-profile-node-status.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, Installation, OPERATOR_NAMESPACE, profilesPath, REPORTS_PATH } from '../../tools/lab/operator.ts';
import { sharedPlane, uninstall } from './shared-plane.ts';
import { FaultProxy } from './runtime-proxy.ts';

const NAMESPACE = 'conflicts';
const NODE = 'node-a';
const NAMES = Array.from({ length: 8 }, (_, index) => `profile-${String(index)}`);
const ROUNDS = 60;
const HOLD = 'other.example.com/hold';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const daemonSet = `/apis/apps/v1/namespaces/${OPERATOR_NAMESPACE}/daemonsets/spod`;
const spod = `/apis/security-profiles-operator.x-k8s.io/v1alpha1/namespaces/${OPERATOR_NAMESPACE}/securityprofilesoperatordaemons/spod`;

interface DaemonSet {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

describe('somebody who writes to the same objects', function () {
  this.timeout(300_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'spo-conflicts-'));
  let plane: ControlPlane;
  let proxy: FaultProxy;
  let installation: Installation;
  let edits = 0;

  before(async () => {
    plane = await sharedPlane();
    proxy = new FaultProxy(plane.kubeconfig);
    await proxy.listen();
    await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    installation = await Installation.start(plane, { nodes: [NODE], kubeconfig: proxy.kubeconfigIn(folder) });
    const kind = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
    for (const name of NAMES) {
      await create(plane, profilesPath(NAMESPACE), { ...kind, metadata: { name }, spec: specOf(0) });
    }
    await untilRight(0);
  });

  after(async () => {
    await uninstall(installation);
    await proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string): string => `${profilesPath(NAMESPACE)}/${name}`;
  const call = (round: number): string => (round % 2 === 0 ? 'read' : 'write');

  function specOf(round: number): object {
    return { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: [call(round)] }] };
  }

  async function edit(resource: string, patch: object, type = MERGE): Promise<void> {
    const { status, body } = await plane.admin.request('PATCH', resource, patch, type);
    if (status >= 300) throw new Error(`PATCH ${resource}: ${String(status)} ${JSON.stringify(body)}`);
    edits += 1;
  }

  /** Spec, labels and finalizers of each profile, all statuses, and the DaemonSet. */
  async function meddle(round: number): Promise<void> {
    const name = NAMES[round % NAMES.length] ?? '';
    const key = `SeccompProfile/${NAMESPACE}/${name}`;
    const labels = { 'other.example.com/round': String(round), 'spo.x-k8s.io/profile-id': 'forged' };
    await edit(at(name), { metadata: { labels, finalizers: [HOLD] } });
    await edit(`${at(name)}/status`, { status: { status: 'Error', localhostProfile: 'operator/../forged.json' } });
    await edit(at(name), { spec: specOf(round) });
    await edit(`${REPORTS_PATH}/${NODE}/status`, { status: { profiles: { [key]: { state: 'Error', hash: null } } } });
    const forged = { name: 'security-profiles-operator', image: `forged:${String(round)}` };
    const template = { spec: { containers: [forged] } };
    await edit(daemonSet, { metadata: { labels: { other: String(round) } }, spec: { template } }, STRATEGIC);
    await edit(`${spod}/status`, { status: { state: 'ERROR' } });
  }

  /** The last round in which each profile was meddled with. */
  function lastRound(index: number, rounds: number): number {
    const last = rounds - 1 - ((rounds - 1 - index) % NAMES.length);
    return rounds === 0 ? 0 : last;
  }

  function profileAmiss({ metadata, spec, status }: SeccompProfile, rounds: number): string | undefined {
    const { name, generation, finalizers = [], labels = {} } = metadata;
    const round = lastRound(NAMES.indexOf(name), rounds);
    const file = path.join(installation.nodes[0]?.kubeletDir ?? '', 'seccomp/operator', NAMESPACE, `${name}.json`);
    const right =
      status?.status === 'Installed' &&
      status.observedGeneration === generation &&
      status.localhostProfile === `operator/${NAMESPACE}/${name}.json` &&
      spec.syscalls?.[0]?.names[0] === call(round) &&
      readFileSync(file, 'utf8').includes(`"${call(round)}"`) &&
      finalizers.includes('spo.x-k8s.io/installed-on-nodes') &&
      labels['spo.x-k8s.io/profile-id'] === `SeccompProfile-${name}`;
    const kept = rounds === 0 || (finalizers.includes(HOLD) && labels['other.example.com/round'] === String(round));
    return right && kept ? undefined : `${name}: ${JSON.stringify({ metadata, spec, status })}`;
  }

  async function amiss(rounds: number): Promise<readonly string[]> {
    const [profiles, report, set, config] = await Promise.all(
      [profilesPath(NAMESPACE), `${REPORTS_PATH}/${NODE}`, daemonSet, spod].map((it) => plane.admin.request('GET', it)),
    );
    const { items } = profiles?.body as { readonly items: readonly SeccompProfile[] };
    const entries = (report?.body as SecurityProfileNodeStatus).status?.profiles ?? {};
    const { metadata, spec } = set?.body as DaemonSet;
    const image = spec.template.spec.containers[0]?.image ?? '';
    const { state } = (config?.body as { readonly status: { readonly state: string } }).status;
    const said = NAMES.filter((name) => entries[`SeccompProfile/${NAMESPACE}/${name}`]?.state !== 'Installed');
    return [
      ...items.flatMap((profile) => profileAmiss(profile, rounds) ?? []),
      ...said.map((name) => `the report says of ${name}: ${JSON.stringify(entries)}`),
      ...(image.startsWith('forged') ? [`the DaemonSet has the image ${image}`] : []),
      ...(state === 'ERROR' ? ['the spod is in the state ERROR'] : []),
      ...(rounds === 0 || metadata.labels?.['other'] === String(rounds - 1) ? [] : ['a label of theirs is lost']),
    ];
  }

  async function untilRight(rounds: number): Promise<void> {
    let wrong: readonly string[] = [];
    await until(
      async () => (wrong = await amiss(rounds)).length === 0,
      120,
      () => wrong.join('\n'),
    );
  }

  /** Without the lease, which is renewed every two seconds. */
  const writes = (): number => proxy.writes.filter(({ url }) => !url.includes('/leases')).length;

  it('does not get through with what is ours, and keeps what is theirs', async () => {
    const before = writes();
    for (let round = 0; round < ROUNDS; round += 1) await meddle(round);
    await untilRight(ROUNDS);
    expect(writes() - before, `writes for ${String(edits)} edits`).to.be.at.most(2 * edits);
  });

  it('is answered once: when they stop, so does the operator', async () => {
    await proxy.untilQuiet(({ method, url }) => method !== 'GET' && !url.includes('/leases'));
    expect(installation.roles.flatMap(({ deaths }) => deaths)).to.deep.equal([]);
  });
});
