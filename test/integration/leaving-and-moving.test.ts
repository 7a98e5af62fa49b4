// SPDX-License-Identifier: Apache-2.0
// The commands of two pages against a real API server: an uninstallation in which the operator went first, and the way
// from the original, with objects as its releases write them.
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import {
  create,
  definitionsServed,
  Installation,
  OPERATOR_NAMESPACE,
  startBareControlPlane,
} from '../../tools/lab/operator.ts';
import { CERTIFICATE, CERTIFICATES, CHOICES, originalWorkloads } from './original-objects.ts';

const run = promisify(execFile);
const ROOT = path.join(import.meta.dirname, '../..');
const GROUP = 'security-profiles-operator.x-k8s.io';
const PROFILES = `seccompprofiles.${GROUP}`;

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly scope: string; readonly versions: readonly object[] };
}

/** Blocks of commands of a page that hold a text. */
function commands(page: string, containing: string): string {
  const text = readFileSync(path.join(ROOT, 'docs/how-to', page), 'utf8');
  const blocks = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block);
  const found = blocks.filter((block) => block.includes(containing));
  if (found.length === 0) throw new Error(`${page} has no block of commands with ${containing}`);
  return found.join('\n');
}

describe('an operator that is left behind, and one that is moved from', function () {
  this.timeout(300_000);
  let plane: ControlPlane;

  beforeEach(async () => {
    plane = await startBareControlPlane();
  });

  afterEach(() => plane.stop());

  /** Runs commands as a user would, in the folder of the control plane. */
  async function shell(script: string): Promise<string> {
    const env = { PATH: `${plane.bin}:${process.env['PATH'] ?? ''}`, HOME: plane.folder, KUBECONFIG: plane.kubeconfig };
    const { stdout } = await run('sh', ['-e', '-c', script], { env, cwd: plane.folder });
    return stdout;
  }

  async function apply(...objects: readonly object[]): Promise<void> {
    const file = path.join(plane.folder, 'objects.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    await plane.kubectl('apply', '-f', file);
  }

  /** A definition as the original has it, as far as the API server keeps it apart from ours: scope and versions. */
  function original(file: string, scope: 'Namespaced' | 'Cluster'): object {
    const { spec, ...rest } = parse(readFileSync(path.join(ROOT, 'crds', file), 'utf8')) as Definition;
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const versions = spec.versions.map((version) => ({ ...version, schema }));
    return { ...rest, spec: { ...spec, scope, versions } };
  }

  function profile(name: string, namespace?: string): object {
    return {
      apiVersion: `${GROUP}/v1beta1`,
      kind: 'SeccompProfile',
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        labels: { 'spo.x-k8s.io/profile-id': `SeccompProfile-${name}` },
        finalizers: ['node-a-deleted'],
      },
      spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read', 'write'] }] },
      status: { status: 'Installed', conditions: [] },
    };
  }

  const count = async (): Promise<number> => {
    const { body } = await plane.admin.request('GET', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
    return (body as { readonly items: readonly object[] }).items.length;
  };

  it('lets everything go by the commands of the page when the operator went first', async () => {
    await plane.kubectl(
      'apply',
      ...readdirSync(path.join(ROOT, 'crds')).flatMap((file) => ['-f', path.join(ROOT, 'crds', file)]),
    );
    await definitionsServed(plane);
    await apply({ ...profile('held', 'default') });
    await plane.kubectl('delete', 'crd', PROFILES, '--wait=false');
    await shell(commands('install.md', '"finalizers":null'));
    await until(
      async () => (await count()) === 0,
      120,
      () => 'definitions are left',
    );
  });

  it('takes over namespaced profiles, and takes the finalizers of the original off them', async () => {
    const spod = { apiVersion: `${GROUP}/v1alpha1`, kind: 'SecurityProfilesOperatorDaemon' };
    await apply(
      original('seccomp-profile.yaml', 'Namespaced'),
      original('security-profiles-operator-daemon.yaml', 'Namespaced'),
    );
    await apply(original('security-profile-node-status.yaml', 'Namespaced'), CERTIFICATES);
    await definitionsServed(plane);
    await create(plane, '/api/v1/namespaces', { metadata: { name: OPERATOR_NAMESPACE } });
    const report = { apiVersion: `${GROUP}/v1alpha1`, kind: 'SecurityProfileNodeStatus', nodeName: 'node-a' };
    await apply(
      ...[OPERATOR_NAMESPACE, 'default'].map((namespace) => ({
        ...report,
        metadata: { name: 'old-node-a', namespace },
        status: 'Installed',
      })),
      { ...CERTIFICATE, metadata: { name: 'metrics-cert', namespace: OPERATOR_NAMESPACE } },
    );
    await apply(profile('old', 'default'), {
      ...spod,
      metadata: { name: 'spod', namespace: OPERATOR_NAMESPACE },
      spec: { verbosity: 1, enableLogEnricher: false },
    });
    const page = 'upgrade-from-the-original.md';
    await apply(...originalWorkloads());
    await shell(commands(page, 'delete deployment'));
    await shell(commands(page, 'metrics-cert'));
    const kinds = 'deployments,daemonsets,mutatingwebhookconfigurations,securityprofilenodestatuses,certificates';
    expect(await plane.kubectl('get', kinds, '--all-namespaces', '-o', 'name')).to.equal('');
    await plane.kubectl('delete', 'crd', 'certificates.cert-manager.io');
    // The same on a cluster without cert-manager.
    await shell(commands(page, 'metrics-cert'));
    const uid = await plane.kubectl('get', PROFILES, 'old', '-o', 'jsonpath={.metadata.uid}');
    await shell(`cd ${ROOT}; ${commands(page, 'apply --server-side')}`);
    const installation = await Installation.start(plane, { nodes: ['node-a'] });
    try {
      const told = (): Promise<string> =>
        plane.kubectl(
          'get',
          PROFILES,
          'old',
          '-o',
          'jsonpath={.metadata.uid} {.metadata.finalizers[*]} {.status.status}',
        );
      const wanted = `${uid} spo.x-k8s.io/installed-on-nodes Installed`;
      await until(
        async () => (await told()) === wanted,
        120,
        () => `the profile is not ${wanted}`,
      );
      expect(
        await plane.kubectl('-n', OPERATOR_NAMESPACE, 'get', 'spod', 'spod', '-o', 'jsonpath={.spec.verbosity}'),
      ).to.equal('1');
      await plane.kubectl('delete', PROFILES, 'old', '--timeout=180s');
    } finally {
      await installation.stop();
    }
  });

  it('moves profiles that are in no namespace by the commands of the page', async () => {
    const page = 'upgrade-from-the-original.md';
    const choices = ['profile-binding.yaml', 'profile-recording.yaml'];
    await apply(original('seccomp-profile.yaml', 'Cluster'), ...choices.map((file) => original(file, 'Namespaced')));
    await definitionsServed(plane);
    await create(plane, '/api/v1/namespaces', { metadata: { name: 'my-namespace' } });
    await apply(profile('one'), profile('two'), ...CHOICES);
    const ours = path.join(ROOT, 'crds/seccomp-profile.yaml');
    const refused = await plane.kubectl('apply', '--server-side', '--force-conflicts', '-f', ours).catch(String);
    expect(refused).to.contain('field is immutable');
    await shell(commands(page, '> profiles.yaml'));
    await shell(commands(page, '> choices.yaml'));
    await shell(commands(page, '"finalizers":null'));
    await until(
      async () => (await count()) === 0,
      120,
      () => 'definitions are left',
    );
    await plane.kubectl('apply', '-f', ours, ...choices.flatMap((file) => ['-f', path.join(ROOT, 'crds', file)]));
    await definitionsServed(plane);
    const known = async (): Promise<boolean> =>
      (await shell(`kubectl api-resources --api-group=${GROUP}`)).match(/true/g)?.length === 3;
    await until(known, 120, () => 'the API server does not tell of the kind');
    await shell(commands(page, 'apply -n my-namespace'));
    const specs = await plane.kubectl(
      '-n',
      'my-namespace',
      'get',
      PROFILES,
      '-o',
      'jsonpath={.items[*].spec.syscalls[0].names}',
    );
    expect(specs).to.equal('["read","write"] ["read","write"]');
    const chosen = await plane.kubectl('-n', 'my-namespace', 'get', 'profilebindings,profilerecordings', '-o', 'json');
    const { items } = JSON.parse(chosen) as { readonly items: readonly { readonly spec: object }[] };
    expect(items.map(({ spec }) => spec)).to.deep.equal(CHOICES.map(({ spec }) => spec));
  });
});
