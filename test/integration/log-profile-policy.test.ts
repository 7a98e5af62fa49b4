// SPDX-License-Identifier: Apache-2.0
// The pods that may use the profile that logs all calls, in a real API server.
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { LOG_PROFILE_POLICY, logProfilePolicy } from '../../src/core/deploy/log-profile-policy.ts';
import { LABEL } from '../../src/core/names.ts';
import type { Answer } from '../../tools/lab/api-client.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, OPERATOR_NAMESPACE, prepareCluster } from '../../tools/lab/operator.ts';
import { sharedPlane } from './shared-plane.ts';

const PLAIN = 'log-profile-plain';
const RECORDED = 'log-profile-recorded';
const TRACE = `operator/${OPERATOR_NAMESPACE}/log-enricher-trace.json`;
const GROUP = 'security-profiles-operator.x-k8s.io';
const SPODS = `/apis/${GROUP}/v1alpha1/namespaces/${OPERATOR_NAMESPACE}/securityprofilesoperatordaemons`;
const POLICY = `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/${LOG_PROFILE_POLICY}`;

const under = (localhostProfile: string): object => ({
  securityContext: { seccompProfile: { type: 'Localhost', localhostProfile } },
});

describe('the policy for the profile that logs all calls', function () {
  this.timeout(300_000);
  let plane: ControlPlane;

  before(async () => {
    plane = await sharedPlane();
    await prepareCluster(plane, []);
    await create(plane, '/api/v1/namespaces', { metadata: { name: PLAIN } });
    await create(plane, '/api/v1/namespaces', {
      metadata: { name: RECORDED, labels: { [LABEL.enableRecording]: '' } },
    });
    const file = path.join(plane.folder, 'log-profile-policy.json');
    const items = [spod([]), ...logProfilePolicy(OPERATOR_NAMESPACE)];
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await plane.kubectl('apply', '--validate=strict', '-f', file);
    const inForce = async (): Promise<boolean> => (await pod(PLAIN, {}, under(TRACE))).status === 403;
    await until(inForce, 120, () => 'the policy is not in force');
  });

  after(async () => {
    await plane.admin.request('DELETE', POLICY);
    await plane.admin.request('DELETE', POLICY.replace('policies/', 'policybindings/'));
    await plane.admin.request('DELETE', `${SPODS}/spod`);
  });

  function pod(namespace: string, spec: object, container: object = {}): Promise<Answer> {
    const object = {
      metadata: { generateName: 'pod-' },
      spec: { containers: [{ name: 'c', image: 'i', ...container }], ...spec },
    };
    return plane.admin.request('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, object);
  }

  it('refuses it in whatever place and spelling, in words that name the label', async () => {
    const { status, body } = await pod(PLAIN, under(TRACE));
    expect(status).to.equal(403);
    expect(JSON.stringify(body)).to.contain(LABEL.enableRecording);
    const init = { initContainers: [{ name: 'i', image: 'i', ...under(TRACE) }] };
    expect((await pod(PLAIN, init)).status, 'init container').to.equal(403);
    for (const spelling of [TRACE.replaceAll('/', '//'), `./${TRACE}`, TRACE.replace('/', '/././')])
      expect((await pod(PLAIN, under(spelling))).status, spelling).to.equal(403);
  });

  it('refuses the same for SELinux and AppArmor, by field or annotation', async () => {
    const selinux = (type: string) => ({ securityContext: { seLinuxOptions: { type } } });
    const armor = (localhostProfile: string) => ({
      securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile } },
    });
    expect((await pod(PLAIN, selinux('selinuxrecording.process'))).status).to.equal(403);
    expect((await pod(PLAIN, armor('log-enricher-trace'))).status).to.equal(403);
    expect((await pod(RECORDED, selinux('selinuxrecording.process'))).status).to.equal(201);
    expect((await pod(PLAIN, selinux('other_ns.process'))).status).to.equal(201);
    expect((await pod(PLAIN, armor('other'))).status).to.equal(201);
  });

  it('refuses an ephemeral container under it', async () => {
    const name = 'target';
    await create(plane, `/api/v1/namespaces/${PLAIN}/pods`, {
      metadata: { name },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
    const target = `/api/v1/namespaces/${PLAIN}/pods/${name}/ephemeralcontainers`;
    const debug = async (profile: string): Promise<number> => {
      const spec = { ephemeralContainers: [{ name: 'debug', image: 'i', ...under(profile) }] };
      return (await plane.admin.request('PATCH', target, { spec }, 'application/strategic-merge-patch+json')).status;
    };
    expect(await debug(TRACE)).to.equal(403);
    expect(await debug('operator/other/profile.json')).to.equal(200);
  });

  it('does not concern other profiles, nor namespaces for recordings, nor the operator', async () => {
    expect((await pod(PLAIN, {})).status).to.equal(201);
    expect((await pod(PLAIN, under('operator/other/log-enricher-trace.json'))).status).to.equal(201);
    for (const namespace of [RECORDED, OPERATOR_NAMESPACE])
      expect((await pod(namespace, under(TRACE))).status, namespace).to.equal(201);
  });

  it('refuses nothing where the spod itself says which namespaces are recorded, or where there is none', async () => {
    const namespaceSelector = { matchExpressions: [{ key: 'control-plane', operator: 'DoesNotExist' }] };
    const allows = async (): Promise<boolean> => (await pod(PLAIN, under(TRACE))).status === 201;
    await change({ spec: { webhookOptions: [{ name: 'recording.spo.io', namespaceSelector }] } });
    await until(allows, 120, () => 'the options do not count');
    await change({ spec: { webhookOptions: [{ name: 'binding.spo.io', namespaceSelector }] } });
    await until(
      async () => !(await allows()),
      120,
      () => 'options of another webhook count',
    );
    await plane.admin.request('DELETE', `${SPODS}/spod`);
    await until(allows, 120, () => 'without a spod');
  });

  async function change(patch: object): Promise<void> {
    const { status } = await plane.admin.request('PATCH', `${SPODS}/spod`, patch, 'application/merge-patch+json');
    expect(status).to.equal(200);
  }

  function spod(webhookOptions: readonly object[]): object {
    return {
      apiVersion: `${GROUP}/v1alpha1`,
      kind: 'SecurityProfilesOperatorDaemon',
      metadata: { name: 'spod', namespace: OPERATOR_NAMESPACE },
      spec: { webhookOptions },
    };
  }
});
