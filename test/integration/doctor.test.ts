// SPDX-License-Identifier: Apache-2.0
// spoc doctor on a real API server: before an installation, with one that lacks its processes, and after it was removed
// in part.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { departureGrants } from '../../src/core/deploy/departure.ts';
import type { Finding } from '../../src/core/doctor/finding.ts';
import { FINALIZER, OBJECT, OPERATOR } from '../../src/core/names.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { definitionsServed, startBareControlPlane } from '../../tools/lab/operator.ts';

const root = path.join(import.meta.dirname, '../..');
const MANIFEST = path.join(root, 'manifests/operator.yaml');

describe('spoc doctor on an API server', function () {
  this.timeout(300_000);
  let plane: ControlPlane;

  before(async () => {
    plane = await startBareControlPlane();
  });

  after(async () => {
    await plane.stop();
  });

  function findings(): readonly Finding[] {
    const words = ['src/main.ts', 'spoc', 'doctor', '--no-node', '--kubeconfig', plane.kubeconfig, '-o', 'json'];
    const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return (JSON.parse(stdout) as { findings: readonly Finding[] }).findings;
  }

  function states(all: readonly Finding[]): readonly string[] {
    return all.map(({ check, state }) => `${check} ${state}`);
  }

  it('finds nothing where nothing is', () => {
    const all = findings();
    expect(states(all)).to.deep.equal(['api ok', 'operator warn', 'leftovers ok']);
    expect(all[0]?.message).to.match(/^Kubernetes v1\./);
  });

  it('finds what an installation without nodes lacks', async () => {
    await plane.kubectl('apply', '--server-side', '-f', MANIFEST);
    await definitionsServed(plane);
    const all = findings();
    expect(states(all)).to.include.members(['crds ok', 'manager fail', 'spod fail', 'daemon fail', 'policies ok']);
    expect(states(all)).to.include.members(['webhooks warn', 'certificates warn', 'deletions ok']);
  });

  it('has a support dump of it', () => {
    const archive = path.join(plane.folder, 'support.tar');
    const words = ['src/main.ts', 'spoc', 'support-dump', '--kubeconfig', plane.kubeconfig, '-o', archive];
    const { status, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
    const listed = spawnSync('tar', ['-tf', archive], { encoding: 'utf8' }).stdout.split('\n');
    expect(listed).to.include.members([
      'spo-support/doctor.txt',
      'spo-support/objects/seccompprofiles.json',
      'spo-support/cluster/deployment.json',
      'spo-support/cluster/daemonSet.absent.txt',
      'spo-support/definitions/seccompprofiles.json',
    ]);
  });

  /** As a manager leaves a cluster that is killed meanwhile: with its account held, its last roles and a profile. */
  async function diesLeaving(): Promise<void> {
    const roles = departureGrants({ namespace: OPERATOR, restrictTo: [] });
    const profile = {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
      kind: 'SeccompProfile',
      metadata: { name: 'held', namespace: 'default', finalizers: [FINALIZER.inUse] },
      spec: { defaultAction: 'SCMP_ACT_LOG' },
    };
    const objects = path.join(plane.folder, 'left.json');
    writeFileSync(objects, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...roles, profile] }));
    await plane.kubectl('apply', '-f', objects);
    const held = JSON.stringify({ metadata: { finalizers: [FINALIZER.departure] } });
    await plane.kubectl('-n', OPERATOR, 'patch', 'serviceaccount', OPERATOR, '--type=merge', '-p', held);
    await plane.kubectl('delete', '--wait=false', 'seccompprofile', 'held');
    await plane.kubectl('-n', OPERATOR, 'delete', '--wait=false', 'serviceaccount', OPERATOR);
  }

  it('names what is left after the namespace alone was deleted', async () => {
    await diesLeaving();
    await plane.kubectl('delete', '--wait=false', 'namespace', 'security-profiles-operator');
    await plane.kubectl('-n', 'security-profiles-operator', 'delete', '--all', 'deployments');
    const left = findings().filter(({ check }) => check === 'leftovers');
    expect(left.map(({ message }) => message)).to.include('8 definitions (CRDs), with 1 seccompprofiles');
    expect(left.map(({ message }) => message.split(':')[0])).to.include('admission policies');
    const roles = left.find(({ message }) => message.startsWith('cluster roles and their bindings'));
    expect(roles?.message).to.contain(OBJECT.departureRole);
  });

  it('names the commands that end what a killed manager holds: there is nothing left after them', async () => {
    const left = findings().filter(({ check }) => check === 'leftovers');
    const held = left.filter(({ state }) => state === 'fail');
    expect(held.map(({ message }) => message)).to.deep.equal([
      `serviceaccounts ${OPERATOR}/${OPERATOR} (${FINALIZER.departure}) waits for a manager that leaves, ` +
        `and so does the deletion of the namespace ${OPERATOR}`,
      `held by finalizers: seccompprofiles default/held (${FINALIZER.inUse})`,
    ]);
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig };
    const command = ({ advice = '' }: Finding): string => /kubectl (delete|-n|patch).*/.exec(advice)?.[0] ?? 'false';
    for (const finding of [...held, ...left.filter(({ message }) => /roles|policies/.test(message))]) {
      const { status, stderr } = spawnSync('bash', ['-c', command(finding)], { cwd: root, env, encoding: 'utf8' });
      expect(status, `${command(finding)}: ${stderr}`).to.equal(0);
    }
    await plane.kubectl('delete', '-f', 'crds/');
    expect(states(findings())).to.deep.equal(['api ok', 'operator warn', 'leftovers ok']);
  });
});
