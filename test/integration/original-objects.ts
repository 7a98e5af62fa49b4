// SPDX-License-Identifier: Apache-2.0
// Objects around those of the original that a user finds when he moves from it: what runs of it, and what it has asked
// of cert-manager.
import { OPERATOR_NAMESPACE } from '../../tools/lab/operator.ts';

const GROUP = 'security-profiles-operator.x-k8s.io';

/** A binding and a recording, with all fields and their defaults. */
export const CHOICES = [
  {
    kind: 'ProfileBinding',
    spec: { profileRef: { kind: 'SeccompProfile', name: 'one' }, image: 'registry.example/app:1' },
  },
  {
    kind: 'ProfileRecording',
    spec: {
      disableProfileAfterRecording: false,
      kind: 'SeccompProfile',
      mergeStrategy: 'containers',
      podSelector: { matchLabels: { app: 'app' } },
      recorder: 'bpf',
    },
  },
].map((object) => ({
  apiVersion: `${GROUP}/v1alpha1`,
  metadata: { name: 'chosen', namespace: 'my-namespace', finalizers: ['active-workload-lock'] },
  ...object,
}));

/** cert-manager's kind, as far as the original uses it. */
export const CERTIFICATE = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  spec: { secretName: 'metrics-server-cert' },
};
/** The definition of that kind. */
export const CERTIFICATES = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'certificates.cert-manager.io' },
  spec: {
    group: 'cert-manager.io',
    scope: 'Namespaced',
    names: { kind: 'Certificate', plural: 'certificates', singular: 'certificate' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

/** The original's processes: workloads whose selectors are not ours, and its webhooks. */
export function originalWorkloads(): readonly object[] {
  const of = (kind: string, name: string): object => {
    const labels = { app: 'the-original', name };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'original' }] } };
    const metadata = { name, namespace: OPERATOR_NAMESPACE };
    return { apiVersion: 'apps/v1', kind, metadata, spec: { selector: { matchLabels: labels }, template } };
  };
  return [
    of('Deployment', OPERATOR_NAMESPACE),
    of('Deployment', 'security-profiles-operator-webhook'),
    of('DaemonSet', 'spod'),
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'spo-mutating-webhook-configuration' },
    },
  ];
}
