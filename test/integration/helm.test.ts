// SPDX-License-Identifier: Apache-2.0
// The chart in the hands of Helm itself: it templates the objects of src/core/deploy, and on a real API server it is
// installed, upgraded with the definitions of the kinds, rolled back and uninstalled without losing a profile.
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import type { Installation } from '../../src/core/deploy/manager.ts';
import type { Finding } from '../../src/core/doctor/finding.ts';
import { OPERATOR } from '../../src/core/names.ts';
import { VERSION } from '../../src/core/version.ts';
import { provide } from '../../tools/lab/binaries.ts';
import { startControlPlane } from '../../tools/lab/control-plane.ts';
import { definitionsServed } from '../../tools/lab/operator.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { HELM } from '../../tools/lab/programs.ts';
import { startRegistry } from '../../tools/lab/registry.ts';
import type { Registry } from '../../tools/lab/registry.ts';
import { packChart } from '../../tools/release/chart.ts';
import { chartName } from '../../tools/release/names.ts';
import { expectedObjects, objectsOf, ROOT, STANDARD } from './installed-objects.ts';
import type { Printed } from './installed-objects.ts';

const run = promisify(execFile);
const CHART = path.join(ROOT, 'deploy/helm');

/** The output of a program, also of one that has failed. */
interface Output {
  readonly stdout: string;
}

const PROFILE = `apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata: {name: kept, namespace: default}
spec: {defaultAction: SCMP_ACT_ALLOW}
`;

describe('the Helm chart in the hands of Helm', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let registry: Registry;
  let profile: string;
  let archive: string;

  before(async () => {
    [plane, registry] = await Promise.all([startControlPlane(), startRegistry()]);
    archive = path.join(plane.folder, chartName(VERSION));
    await packChart(0, path.join(plane.folder, 'chart'), archive);
    await provide([HELM], path.join(plane.folder, 'helm'), (line) => console.error(`lab: ${line}`));
    profile = path.join(plane.folder, 'profile.yaml');
    await writeFile(profile, PROFILE);
  });

  after(async () => {
    await registry.stop();
    await plane.stop();
  });

  async function helm(...args: readonly string[]): Promise<string> {
    const env = { PATH: process.env['PATH'], HOME: plane.folder, KUBECONFIG: plane.kubeconfig };
    const { stdout, stderr } = await run(path.join(plane.folder, 'helm', 'helm'), args, { env, maxBuffer: 1 << 24 });
    return stdout + stderr;
  }

  /** The chart in the registry, as the commands of Helm name it. */
  function inRegistry(): readonly string[] {
    return [`oci://${registry.address}/charts/${OPERATOR}`, '--version', VERSION, '--plain-http'];
  }

  async function refusal(...args: readonly string[]): Promise<string> {
    return helm(...args).then(
      () => 'it was not refused',
      (error: unknown) => String(error),
    );
  }

  /** The objects but the namespace, which is the user's to make. */
  function withoutNamespace(objects: ReadonlyMap<string, Printed>): ReadonlyMap<string, Printed> {
    return new Map([...objects].filter(([, { kind }]) => kind !== 'Namespace'));
  }

  async function expectTemplate(installation: Installation, ...settings: readonly string[]): Promise<void> {
    const namespace = ['--namespace', installation.namespace];
    const objects = objectsOf(await helm('template', OPERATOR, CHART, '--skip-tests', ...namespace, ...settings));
    const expected = withoutNamespace(expectedObjects(installation));
    expect([...objects.keys()].sort()).to.deep.equal([...expected.keys()].sort());
    for (const [name, object] of expected) {
      const { annotations, ...metadata } = objects.get(name)?.metadata ?? { name: '' };
      if (object.kind !== 'CustomResourceDefinition') expect(objects.get(name), name).to.deep.equal(object);
      else {
        expect(annotations, name).to.deep.equal({ 'helm.sh/resource-policy': 'keep' });
        expect({ ...objects.get(name), metadata }, name).to.deep.equal(object);
      }
    }
  }

  it('finds nothing wrong with it', async () => {
    expect(await helm('lint', '--strict', CHART)).to.contain('0 chart(s) failed');
  });

  it('makes the objects of src/core/deploy', () => expectTemplate(STANDARD));

  it('makes them with the options of a release, in namespaces whose names are numbers', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const installation: Installation = {
      namespace: '123',
      image: `registry.example/spo@${digest}`,
      kubeletDir: '/mnt/kubelet',
      restrictTo: ['team-a', '456'],
      spodOptions: { enableAppArmor: true, verbosity: 1 },
    };
    const settings = {
      'image.repository': 'registry.example/spo',
      'image.digest': digest,
      kubeletDir: '/mnt/kubelet',
      restrictToNamespaces: ['team-a', '456'],
      spod: installation.spodOptions,
    };
    const words = Object.entries(settings).flatMap(([name, value]) => [
      '--set-json',
      `${name}=${JSON.stringify(value)}`,
    ]);
    return expectTemplate(installation, ...words);
  });

  it('refuses values that mean nothing, and says which', async () => {
    const said = await refusal('template', OPERATOR, CHART, '--set', 'spod.enableSelinx=true');
    expect(said).to.contain('spod').and.contain('enableSelinx');
  });

  it('is the same from a registry as from its folder', async () => {
    await helm('push', archive, `oci://${registry.address}/charts`, '--plain-http');
    const of = ['--namespace', OPERATOR];
    const pulled = await helm('template', OPERATOR, ...inRegistry(), ...of);
    // Beside them Helm says which digest it has pulled.
    const local = await helm('template', OPERATOR, CHART, ...of);
    expect(pulled.startsWith(local), 'the manifests are others').to.equal(true);
  });

  it('is installed by the commands of the manual, and tells how to go on', async () => {
    await plane.kubectl('create', 'ns', OPERATOR);
    const levels = ['audit', 'enforce', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}=privileged`);
    await plane.kubectl('label', 'ns', OPERATOR, `app=${OPERATOR}`, ...levels, 'app.kubernetes.io/managed-by=Helm');
    const release = [`meta.helm.sh/release-name=${OPERATOR}`, `meta.helm.sh/release-namespace=${OPERATOR}`];
    await plane.kubectl('annotate', 'ns', OPERATOR, ...release, '--overwrite');
    const said = await helm('install', OPERATOR, '--namespace', OPERATOR, archive, '--set', 'spod.enableAppArmor=true');
    expect(said).to.contain('wait --for=condition=ready spod spod').and.not.contain('kubectl label ns');
    const options = await plane.kubectl('-n', OPERATOR, 'get', 'deploy', OPERATOR, '-o', 'yaml');
    expect(options).to.contain('{"enableAppArmor":true}');
    await definitionsServed(plane);
    await plane.kubectl('apply', '-f', profile);
  });

  /** Does a kubelet's work for the pod of the test, with no more rights than the pod has. Returns what it printed. */
  async function runTestPod(): Promise<string> {
    const name = `${OPERATOR}-test`;
    const inNamespace = ['-n', OPERATOR];
    await plane.kubectl(...inNamespace, 'wait', '--for=create', `pod/${name}`, '--timeout=180s');
    const { spec } = JSON.parse(await plane.kubectl(...inNamespace, 'get', 'pod', name, '-o', 'json')) as {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly { readonly args: string[] }[];
      };
    };
    const token = (await plane.kubectl(...inNamespace, 'create', 'token', spec.serviceAccountName)).trim();
    const config = parse(await readFile(plane.kubeconfig, 'utf8')) as { users: readonly object[] };
    const users = config.users.map((user) => ({ ...user, user: { token } }));
    const kubeconfig = path.join(plane.folder, 'pod.yaml');
    await writeFile(kubeconfig, stringify({ ...config, users }), { mode: 0o600 });
    const words = [path.join(ROOT, 'src/main.ts'), ...(spec.containers[0]?.args ?? []), '--kubeconfig', kubeconfig];
    const { stdout } = await run(process.execPath, [...words, '-o', 'json']).catch((error: unknown) => error as Output);
    const status = JSON.stringify({ status: { phase: 'Succeeded' } });
    await plane.kubectl(...inNamespace, 'patch', 'pod', name, '--subresource=status', '--type=merge', '-p', status);
    return stdout;
  }

  it('is tested by the doctor, who may look at all but Secrets, and leaves nothing', async () => {
    const [said, printed] = await Promise.all([helm('test', OPERATOR, '--namespace', OPERATOR), runTestPod()]);
    expect(said).to.match(/Phase: +Succeeded/);
    const { findings } = JSON.parse(printed) as { readonly findings: readonly Finding[] };
    const states = findings.map(({ check, state }) => `${check} ${state}`);
    expect(states).to.include.members(['crds ok', 'manager fail', 'spod fail', 'policies ok', 'deletions ok']);
    const unknown = findings.filter(({ state }) => state === 'unknown');
    expect([...new Set(unknown.map(({ check }) => check))]).to.deep.equal(['certificates']);
    const kinds = 'pod,sa,clusterrole,clusterrolebinding';
    const left = await plane.kubectl('get', kinds, '-n', OPERATOR, '-o', 'name');
    expect(left).to.not.contain(`${OPERATOR}-test`);
  });

  /** Identity of the profile, and whether the cluster has the fields of a newer definition. */
  async function state(): Promise<readonly string[]> {
    const uid = await plane.kubectl('get', 'seccompprofile', 'kept', '-o', 'jsonpath={.metadata.uid}');
    const crd = await plane.kubectl('get', 'crd', 'seccompprofiles.security-profiles-operator.x-k8s.io', '-o', 'yaml');
    return [uid, crd.includes('fieldOfTomorrow') ? 'new' : 'old'];
  }

  it('brings the definitions of a newer chart, and those of the old one when it is rolled back; profiles stay', async () => {
    const newer = path.join(plane.folder, 'newer');
    await cp(CHART, newer, { recursive: true });
    const crd = path.join(newer, 'files/crds/seccomp-profile.yaml');
    const text = await readFile(crd, 'utf8');
    const field = 'fieldOfTomorrow:\n                  type: string\n                defaultAction:';
    await writeFile(crd, text.replace('defaultAction:', field));
    const [uid = '', before] = await state();
    expect(before).to.equal('old');
    await helm('upgrade', OPERATOR, '--namespace', OPERATOR, newer);
    expect(await state()).to.deep.equal([uid, 'new']);
    await helm('rollback', OPERATOR, '1', '--namespace', OPERATOR);
    expect(await state()).to.deep.equal([uid, 'old']);
  });

  it('keeps definitions and profiles when it is uninstalled, says so, and takes them up again', async () => {
    const [uid] = await state();
    const said = await helm('uninstall', OPERATOR, '--namespace', OPERATOR);
    expect(said).to.contain('kept due to the resource policy').and.contain('seccompprofiles');
    const left = await plane.kubectl(
      'get',
      'deploy,sa,role,netpol,clusterrole',
      '-A',
      '-l',
      `app=${OPERATOR}`,
      '-o',
      'name',
    );
    expect(left).to.equal('');
    await helm('upgrade', '--install', '--create-namespace', '--namespace', OPERATOR, OPERATOR, ...inRegistry());
    expect(await state()).to.deep.equal([uid, 'old']);
    await helm('uninstall', OPERATOR, '--namespace', OPERATOR);
  });

  it('takes over definitions that kubectl has applied, when it is told so, and refuses to else', async () => {
    await plane.kubectl('delete', 'seccompprofile', 'kept');
    await plane.kubectl('delete', 'crd', '--all');
    await plane.kubectl('apply', '-f', path.join(ROOT, 'crds'));
    const install = ['install', OPERATOR, '--namespace', 'elsewhere', '--create-namespace', CHART];
    expect(await refusal(...install)).to.contain('invalid ownership metadata');
    const said = await helm(...install, '--take-ownership', '--force-conflicts');
    expect(said, 'the namespace has no labels').to.contain('kubectl label ns elsewhere');
  });
});
