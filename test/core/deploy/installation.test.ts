// SPDX-License-Identifier: Apache-2.0
// The whole installation: what must hold between its objects.
import { expect } from 'chai';
import { installationObjects } from '../../../src/core/deploy/installation.ts';
import type { Manifest } from '../../../src/core/deploy/manifest.ts';

interface Bound {
  readonly template?: { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } };
}

interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const namespace = 'op';
const permissions = { manager: [], daemon: [], webhook: [] };

function objects(restrictTo: readonly string[] = []): readonly Manifest[] {
  return installationObjects({ namespace, image: 'i', kubeletDir: '/var/lib/kubelet', restrictTo }, permissions);
}

describe('core/deploy/installation', () => {
  it('lets each account use one SecurityContextConstraints of OpenShift, in the namespace of its pods only', () => {
    const used = objects(['one']).flatMap((object) =>
      ((object['rules'] ?? []) as readonly PolicyRule[])
        .filter(({ apiGroups }) => apiGroups?.includes('security.openshift.io'))
        .map(({ verbs, resourceNames }) => [object.kind, object.metadata, verbs, resourceNames] as const),
    );
    const told = used.map(([kind, { name, namespace: where }, verbs, names]) =>
      [kind, where, name, verbs.join(), names?.join()].join(' '),
    );
    expect(told).to.deep.equal([
      'Role op security-profiles-operator use nonroot-v2',
      'Role op spod use privileged',
      'Role op spo-webhook use nonroot-v2',
    ]);
  });

  it('ends with what a cluster before 1.30 does not know, so that it gets everything else', () => {
    const kinds = objects().map(({ kind }) => kind);
    expect(kinds.slice(-2)).to.deep.equal(['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']);
    expect(JSON.stringify(objects())).to.contain("request.userInfo.username == 'system:serviceaccount:op:spod'");
  });

  it('asks OpenShift for the constraints that it may use, and does not answer in its place', () => {
    const [deployment] = objects().filter(({ kind }) => kind === 'Deployment');
    const { annotations } = (deployment?.['spec'] as Bound).template!.metadata;
    expect(annotations).to.deep.equal({ 'openshift.io/required-scc': 'nonroot-v2' });
  });
});
