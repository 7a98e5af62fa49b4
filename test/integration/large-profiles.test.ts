// SPDX-License-Identifier: Apache-2.0
// One tenant's large profiles, on a real API server, with the real processes: nothing ends, others are served, a
// restart comes up, and deletions end. Their memory is measured by `npm run bench -- tenants`.
import { expect } from 'chai';
import { syscallName, syscallNumbers } from '../../src/core/seccomp/syscalls.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, Installation, profilesPath, startBareControlPlane } from '../../tools/lab/operator.ts';

const KIND = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
const CALLS = syscallNumbers('SCMP_ARCH_X86_64').flatMap((number) => syscallName('SCMP_ARCH_X86_64', number) ?? []);
const LARGE = 11;

describe('large profiles of one namespace', function () {
  this.timeout(900_000);
  let plane: ControlPlane;
  let installation: Installation;

  before(async () => {
    plane = await startBareControlPlane();
    for (const name of ['tenant', 'other']) await create(plane, '/api/v1/namespaces', { metadata: { name } });
    installation = await Installation.start(plane, { nodes: ['node-a'] });
  });
  after(async () => {
    await installation.stop();
    await plane.stop();
  });
  afterEach('nothing has died', () => {
    expect(installation.roles.flatMap(({ deaths }) => deaths)).to.deep.equal([]);
  });

  /** About a megabyte: nearly all calls, again and again. */
  function large(index: number): object {
    const rules = Array.from({ length: 230 }, (_, rule) => ({
      action: 'SCMP_ACT_ALLOW',
      names: CALLS.slice(rule % 50),
    }));
    const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: rules };
    return { ...KIND, metadata: { name: `large-${String(index).padStart(2, '0')}` }, spec };
  }

  async function list(namespace: string): Promise<readonly SeccompProfile[]> {
    const { body } = await plane.admin.request('GET', profilesPath(namespace));
    return (body as { items: readonly SeccompProfile[] }).items;
  }

  /** Creates a small profile in another namespace and waits for it. */
  async function serveOthers(name: string): Promise<void> {
    const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read'] }] };
    await create(plane, profilesPath('other'), { ...KIND, metadata: { name }, spec });
    const state = async () => (await list('other')).find(({ metadata }) => metadata.name === name)?.status?.status;
    await until(
      async () => (await state()) === 'Installed',
      120,
      () => `${name} is not installed`,
    );
  }

  const states = async (): Promise<ReadonlyMap<string, number>> => {
    const counts = new Map<string, number>();
    for (const { status } of await list('tenant')) {
      const state = status?.status ?? 'none';
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    return counts;
  };

  it('are installed as far as the budget goes; the rest says why, and others are served', async () => {
    for (let index = 0; index < LARGE; index++) await create(plane, profilesPath('tenant'), large(index));
    await serveOthers('beside');
    await until(
      async () => {
        const counts = await states();
        return (counts.get('Installed') ?? 0) + (counts.get('Error') ?? 0) === LARGE;
      },
      300,
      () => 'the large profiles have no final state',
    );
    const counts = await states();
    expect(counts.get('Installed')).to.be.within(6, 8);
    const refused = (await list('tenant')).filter(({ status }) => status?.status === 'Error');
    for (const { status } of refused) expect(status?.conditions?.[0]?.reason).to.equal('NamespaceBudgetExceeded');
  });

  it('let the processes come up again', async () => {
    for (const role of installation.roles) await role.end('SIGTERM');
    for (const role of installation.roles) await role.start();
    await serveOthers('restarted');
  });

  it('make room for each other', async () => {
    const installed = (await list('tenant')).filter(({ status }) => status?.status === 'Installed');
    await plane.admin.request('DELETE', `${profilesPath('tenant')}/${installed[0]?.metadata.name ?? ''}`);
    await until(
      async () => (await list('tenant')).length === LARGE - 1 && (await states()).get('Installed') === installed.length,
      300,
      () => 'no other profile has taken the room',
    );
  });

  it('can all be deleted', async () => {
    await plane.admin.request('DELETE', profilesPath('tenant'));
    await until(
      async () => (await list('tenant')).length === 0,
      300,
      () => 'the deletion does not end',
    );
    await serveOthers('afterwards');
  });
});
