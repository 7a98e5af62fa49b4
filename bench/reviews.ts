// SPDX-License-Identifier: Apache-2.0
// Questions as an API server asks them: a pod of a Deployment with two containers, as it looks after the defaults and
// the admission of ServiceAccounts, and the bindings of a namespace.
import { GROUP } from '../src/core/names.ts';
import type { ProfileBinding } from '../src/gen/crd/profile-binding.ts';

/** The image of the first container, to which `manyBindings` binds a profile. */
export const BOUND_IMAGE = 'registry.example/shop/web:1.27.3';

const PROBE = {
  httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
};

const TOKEN_MOUNT = {
  name: 'kube-api-access-x7k2p',
  readOnly: true,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
};

const TOKEN_VOLUME = {
  name: TOKEN_MOUNT.name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 420,
  },
};

function container(name: string, image: string): Readonly<Record<string, unknown>> {
  return {
    name,
    image,
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    env: Array.from({ length: 12 }, (_, at) => ({ name: `SETTING_${String(at)}`, value: `value of setting ${at}` })),
    resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    volumeMounts: [{ name: 'config', mountPath: '/etc/app' }, TOKEN_MOUNT],
    livenessProbe: PROBE,
    readinessProbe: PROBE,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true },
  };
}

function podSpec(image: string): Readonly<Record<string, unknown>> {
  const absence = (key: string) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  return {
    volumes: [{ name: 'config', configMap: { name: 'web', defaultMode: 420 } }, TOKEN_VOLUME],
    containers: [container('web', image), container('proxy', 'registry.example/mesh/proxy:1.9')],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    serviceAccount: 'default',
    securityContext: {},
    schedulerName: 'default-scheduler',
    tolerations: [absence('node.kubernetes.io/not-ready'), absence('node.kubernetes.io/unreachable')],
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

const OWNER = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  name: 'web-6b7c9d5f4',
  uid: 'b4f0c1de-5a7e-4d2c-9a52-0d5c1f1f9a11',
  controller: true,
  blockOwnerDeletion: true,
};

/** The body of the question whether a pod may be created in the namespace, as text. */
export function reviewBody(namespace: string, image = BOUND_IMAGE): string {
  const metadata = {
    generateName: `${OWNER.name}-`,
    namespace,
    labels: { app: 'web', 'pod-template-hash': '6b7c9d5f4' },
    annotations: { 'example.com/config-hash': '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
    ownerReferences: [OWNER],
  };
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: '0df28fbd-5f5f-11e8-bc74-36e6bb280816',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      requestKind: { group: '', version: 'v1', kind: 'Pod' },
      requestResource: { group: '', version: 'v1', resource: 'pods' },
      namespace,
      operation: 'CREATE',
      userInfo: {
        username: 'system:serviceaccount:kube-system:replicaset-controller',
        uid: 'd2b9a1f4-9f1b-4a57-8d5b-0c6f5d1f8a30',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
      },
      object: { kind: 'Pod', apiVersion: 'v1', metadata, spec: podSpec(image), status: {} },
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    },
  });
}

/** So many bindings of a namespace: the last one is for `BOUND_IMAGE`, a tenth has a selector, each an image. */
export function manyBindings(namespace: string, count: number): readonly ProfileBinding[] {
  return Array.from({ length: count }, (_, at) => ({
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'ProfileBinding',
    metadata: {
      name: `binding-${String(at)}`,
      namespace,
      uid: `uid-${String(at)}`,
      resourceVersion: String(at + 1),
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: {
      profileRef: { kind: 'SeccompProfile', name: `profile-${String(at)}` },
      image: at === count - 1 ? BOUND_IMAGE : `registry.example/team-${String(at % 20)}/app-${String(at)}:1`,
      ...(at % 10 === 1 ? { podSelector: { matchLabels: { app: 'web' } } } : {}),
    },
  }));
}
