// SPDX-License-Identifier: Apache-2.0
// Changes by other writers, on a real API server: a profile made from a copy, whose annotation and
// finalizers belong to another field manager, and objects of the operator that are deleted.
import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, Installation, OPERATOR_NAMESPACE, profilesPath, REPORTS_PATH } from '../../tools/lab/operator.ts';
import { sharedPlane, uninstall } from './shared-plane.ts';
import { FaultProxy } from './runtime-proxy.ts';

const NAMESPACE = 'copies';
const NODE = 'node-a';
const INSTALLED = 'spo.x-k8s.io/installed-on-nodes';
const IN_USE = 'in-use-by-active-pods';
const core = `/api/v1/namespaces/${OPERATOR_NAMESPACE}`;
const OPERANDS = [
  `/apis/apps/v1/namespaces/${OPERATOR_NAMESPACE}/daemonsets/spod`,
  `${core}/services/metrics`,
  `${core}/services/manager-metrics`,
  `${core}/configmaps/security-profiles-operator-profile`,
  `${core}/secrets/security-profiles-operator-ca`,
  `${core}/secrets/metrics-server-cert`,
  `${core}/secrets/manager-metrics-cert`,
  `${REPORTS_PATH}/${NODE}`,
];

describe('an operator among others', function () {
  this.timeout(300_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'spo-copies-'));
  let plane: ControlPlane;
  let proxy: FaultProxy;
  let installation: Installation;

  before(async () => {
    plane = await sharedPlane();
    proxy = new FaultProxy(plane.kubeconfig);
    await proxy.listen();
    await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    installation = await Installation.start(plane, { nodes: [NODE], kubeconfig: proxy.kubeconfigIn(folder) });
  });

  after(async () => {
    await uninstall(installation);
    await proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function read(name: string): Promise<SeccompProfile | undefined> {
    const { status, body } = await plane.admin.request('GET', `${profilesPath(NAMESPACE)}/${name}`);
    return status === 404 ? undefined : (body as SeccompProfile);
  }

  async function see(what: string, name: string, holds: (profile: SeccompProfile | undefined) => boolean) {
    let last: SeccompProfile | undefined;
    await until(
      async () => holds((last = await read(name))),
      120,
      () => `${what} of ${name} did not come about: ${JSON.stringify(last)}`,
    );
  }

  const remove = (name: string) => plane.admin.request('DELETE', `${profilesPath(NAMESPACE)}/${name}`);

  function make(name: string, metadata: object): Promise<void> {
    const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read'] }] };
    const kind = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
    return create(plane, profilesPath(NAMESPACE), { ...kind, metadata: { ...metadata, name }, spec });
  }

  /** None of the roles, but for the lease and the question whether there is a ServiceMonitor now. */
  const untilQuiet = () => proxy.untilQuiet(({ url }) => !/\/leases|\/servicemonitors/.test(url));

  it('corrects a profile that came with metadata of ours, rests, and lets it go', async () => {
    await make('foreign', { annotations: { syscalls: 'x' }, finalizers: [INSTALLED, IN_USE] });
    await see('installation', 'foreign', (profile) => profile?.status?.status === 'Installed');
    await see('correction', 'foreign', (profile) => {
      const { annotations = {}, finalizers = [] } = profile?.metadata ?? {};
      return !('syscalls' in annotations) && finalizers.join() === INSTALLED;
    });
    await untilQuiet();
    await remove('foreign');
    await see('the end', 'foreign', (profile) => profile === undefined);
  });

  it('deletes a profile that was made from a copy of one', async () => {
    await make('copied', {});
    await see('installation', 'copied', (profile) => profile?.status?.status === 'Installed');
    await see('protection', 'copied', (profile) => profile?.metadata.finalizers?.join() === INSTALLED);
    const { labels = {}, finalizers = [] } = (await read('copied'))?.metadata ?? {};
    await remove('copied');
    await see('the end', 'copied', (profile) => profile === undefined);
    await make('copied', { labels, finalizers });
    await see('installation', 'copied', (profile) => profile?.status?.status === 'Installed');
    await remove('copied');
    await see('the end', 'copied', (profile) => profile === undefined);
    const file = path.join(installation.nodes[0]?.kubeletDir ?? '', 'seccomp/operator', NAMESPACE, 'copied.json');
    expect(existsSync(file)).to.equal(false);
  });

  it('makes whatever is deleted of its own again', async () => {
    const uidOf = async (resource: string): Promise<string | undefined> => {
      const { body } = await plane.admin.request('GET', resource);
      return (body as { metadata: { uid?: string } }).metadata.uid;
    };
    for (const resource of OPERANDS) {
      const before = await uidOf(resource);
      expect(before, resource).to.be.a('string');
      await plane.admin.request('DELETE', resource);
      await until(
        async () => ![undefined, before].includes(await uidOf(resource)),
        120,
        () => `${resource} was not made again`,
      );
    }
    await untilQuiet();
    expect(installation.roles.flatMap(({ deaths }) => deaths)).to.deep.equal([]);
  });
});
