// SPDX-License-Identifier: Apache-2.0
// Which profiles the account of the nodes may write, in a real API server.
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { grants } from '../../src/core/deploy/rbac.ts';
import { recordedProfilePolicy } from '../../src/core/deploy/recorded-profile-policy.ts';
import { SPOD } from '../../src/core/names.ts';
import { ABSENT_VERSION } from '../../src/runtime/precondition.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import type { Identity } from '../../tools/lab/identities.ts';
import { textAt } from '../../tools/lab/json-path.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, OPERATOR_NAMESPACE, prepareCluster } from '../../tools/lab/operator.ts';
import { sharedPlane } from './shared-plane.ts';

const APPLY = 'application/apply-patch+yaml';
const PROFILES = '/apis/security-profiles-operator.x-k8s.io/v1beta1/namespaces/default/seccompprofiles';
const TYPE = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
const RULE = {
  apiGroups: ['security-profiles-operator.x-k8s.io'],
  resources: ['seccompprofiles'],
  verbs: ['create', 'patch'],
} as const;

describe('the policy for profiles that nodes write', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let recorder: Identity;

  before(async () => {
    plane = await sharedPlane();
    await prepareCluster(plane, []);
    const granted = { account: SPOD, namespace: OPERATOR_NAMESPACE, watched: [], rules: [RULE] };
    const items = [...grants(granted), ...recordedProfilePolicy(OPERATOR_NAMESPACE)];
    const file = path.join(plane.folder, 'recorded-profile-policy.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await plane.kubectl('apply', '--validate=strict', '-f', file);
    recorder = await plane.identities.serviceAccount(OPERATOR_NAMESPACE, SPOD);
  });

  function labelled(recording: string, container: string): object {
    return {
      'spo.x-k8s.io/recording-id': recording,
      'spo.x-k8s.io/recording-namespace': 'default',
      'spo.x-k8s.io/container-id': container,
    };
  }

  /** Status of the answer to the application of a profile by a recorder. */
  async function apply(name: string, labels: object, metadata: object = {}): Promise<number> {
    const object = { ...TYPE, metadata: { name, labels, ...metadata }, spec: { defaultAction: 'SCMP_ACT_ERRNO' } };
    const query = '?fieldManager=recorded-pods&force=true';
    return (await recorder.client.request('PATCH', `${PROFILES}/${name}${query}`, object, APPLY)).status;
  }

  it('lets recorders write profiles of recordings, and no others', async () => {
    // Before its role is known it is refused all of them.
    const isInForce = async (): Promise<boolean> =>
      (await apply('first', labelled('rec', 'first'))) < 300 && (await apply('theirs', {})) === 403;
    await until(isInForce, 120, () => 'a recorder may still write a profile without a recording');
    expect(await apply('rec-main', labelled('rec', 'main'))).to.equal(201);
    expect(await apply('rec-main', { ...labelled('rec', 'main'), 'spo.x-k8s.io/partial': 'true' })).to.equal(200);
    expect(await apply('rec-main', labelled('other', 'main')), 'of another recording').to.equal(403);
    expect(await apply('rec-main', labelled('rec', 'side')), 'of another container').to.equal(403);
  });

  it('lets them overwrite nothing that is not of a recording', async () => {
    await create(plane, PROFILES, { ...TYPE, metadata: { name: 'mine' }, spec: { defaultAction: 'SCMP_ACT_ALLOW' } });
    expect(await apply('mine', labelled('rec', 'main'))).to.equal(403);
  });

  it('takes a profile only as it was seen', async () => {
    const labels = labelled('rec', 'seen');
    const { body } = await plane.admin.request('GET', '/api/v1/namespaces/default');
    const uid = textAt(body, 'metadata', 'uid') ?? '';
    expect(await apply('seen', labels, { uid, resourceVersion: '1' }), 'of one that is not there').to.equal(409);
    expect(await apply('seen', labels)).to.equal(201);
    expect(await apply('seen', { ...labels, more: '' }, { resourceVersion: '1' }), 'of an older one').to.equal(409);
  });

  it('makes one only where there is none yet, if that is asked for, and owns its fields then', async () => {
    const isPart = { ...labelled('rec', 'new'), 'spo.x-k8s.io/partial': 'true' };
    const absent = { resourceVersion: ABSENT_VERSION };
    expect(await apply('new', isPart, absent), 'where there is none').to.equal(201);
    expect(await apply('new', isPart, absent), 'where there is one').to.equal(409);
    expect(await apply('new', labelled('rec', 'new'))).to.equal(200);
    const { body } = await plane.admin.request('GET', `${PROFILES}/new`);
    expect(textAt(body, 'metadata', 'labels', 'spo.x-k8s.io/partial')).to.equal(undefined);
  });

  it('does not concern others', async () => {
    const { status } = await plane.admin.request('POST', PROFILES, {
      ...TYPE,
      metadata: { name: 'by-an-administrator' },
      spec: { defaultAction: 'SCMP_ACT_ERRNO' },
    });
    expect(status).to.equal(201);
  });
});
