// SPDX-License-Identifier: Apache-2.0
// Prints kustomizations: the base beside manifests/operator.yaml, and a folder of deploy/overlays for each kind of
// cluster that wants other options. An overlay says nothing but these options; what they mean is in src/core/deploy and
// in the manager. (kustomize takes no base in whose folder the overlay lies.)
import { stringify } from 'yaml';
import type { SpodOptions } from '../../src/core/deploy/spod-options.ts';
import { ENV } from '../../src/core/env.ts';
import { LABEL, OPERATOR, WEBHOOK } from '../../src/core/names.ts';

/** An overlay over manifests/operator.yaml. */
export interface Overlay {
  readonly name: string;
  /** The cases that it is for, in a sentence. */
  readonly purpose: string;
  /** Options of the spod. */
  readonly options: SpodOptions;
}

const FOLDER = 'deploy/overlays';
const MARK = 'Generated from src/core/deploy by npm run gen. Do not edit.';

/** The namespace of the overlay for one, until its user writes another one. */
export const EXAMPLE_NAMESPACE = 'my-namespace';

/** The overlay that restricts the operator to one namespace, which is no question of options alone. */
export const SINGLE_NAMESPACE = 'single-namespace';

/** The overlay whose webhooks are objects of the user, with a certificate of cert-manager. */
export const CERT_MANAGER = 'cert-manager';

/**
 * AKS labels the namespaces of its control plane, and warns of webhooks that see them. The label of ours stays: a
 * selector of the options replaces the default one as a whole.
 */
function awayFromControlPlane(name: string, label?: string): NonNullable<SpodOptions['webhookOptions']>[number] {
  const matchExpressions = [
    ...(label === undefined ? [] : [{ key: label, operator: 'Exists' as const }]),
    { key: 'control-plane', operator: 'DoesNotExist' as const },
  ];
  return { name, namespaceSelector: { matchExpressions } };
}

/** The overlays that are the base with options. */
export const OVERLAYS: readonly Overlay[] = [
  {
    name: 'aks',
    purpose: 'Azure Kubernetes Service: the webhooks leave the namespaces of its control plane alone.',
    options: {
      webhookOptions: [
        awayFromControlPlane(WEBHOOK.binding, LABEL.enableBinding),
        awayFromControlPlane(WEBHOOK.recording, LABEL.enableRecording),
        awayFromControlPlane(WEBHOOK.execMetadata),
        awayFromControlPlane(WEBHOOK.nodeDebuggingPod),
      ],
    },
  },
  {
    name: 'openshift',
    purpose: 'OpenShift: its nodes have SELinux, so SELinux profiles are on.',
    options: { enableSelinux: true },
  },
  {
    name: 'kind',
    purpose: 'kind and other clusters of one small node: the manager serves the webhooks itself.',
    options: { runWebhookInManager: true },
  },
  {
    name: 'read-only-etc',
    purpose:
      'Flatcar, Bottlerocket and others with a read-only /etc: what would mount folders of /etc, AppArmor and SELinux profiles, stays off.',
    options: { enableAppArmor: false, enableSelinux: false },
  },
  {
    name: 'no-webhooks',
    purpose:
      'Profiles only: no webhook is configured, so nothing is bound or recorded, and no pod waits for an answer.',
    options: { runWebhookInManager: true, staticWebhookConfig: true },
  },
  {
    name: CERT_MANAGER,
    purpose:
      'The webhooks as objects of yours beside the operator, with a certificate of cert-manager. (Without this overlay the operator makes them itself, with cert-manager where it is installed.)',
    options: { staticWebhookConfig: true },
  },
];

/** The texts that overlays hold besides options. */
export interface OverlayTexts {
  /** The webhooks as objects of a user, with their head. */
  readonly webhooks: string;
  /** The objects of an operator that is restricted to EXAMPLE_NAMESPACE, with their head. */
  readonly restricted: string;
}

/** The kustomizations by path. */
export function overlayFiles({ webhooks, restricted }: OverlayTexts): ReadonlyMap<string, string> {
  const folder = (name: string): string => `${FOLDER}/${name}`;
  return new Map([
    [
      'manifests/kustomization.yaml',
      print('The operator as manifests/operator.yaml has it.', { resources: ['operator.yaml'] }),
    ],
    ...OVERLAYS.map((overlay) => [`${folder(overlay.name)}/kustomization.yaml`, printOverlay(overlay)] as const),
    [`${folder(CERT_MANAGER)}/webhooks.yaml`, webhooks],
    [`${folder(SINGLE_NAMESPACE)}/kustomization.yaml`, singleNamespace()],
    [`${folder(SINGLE_NAMESPACE)}/operator.yaml`, restricted],
    [`${folder(SINGLE_NAMESPACE)}/namespace.yaml`, namespaceChoice()],
  ]);
}

function printOverlay({ name, purpose, options }: Overlay): string {
  const resources = ['../../../manifests', ...(name === CERT_MANAGER ? ['webhooks.yaml'] : [])];
  return print(purpose, {
    resources,
    patches: [{ target: { kind: 'Deployment', name: OPERATOR }, patch: withOptions(options) }],
  });
}

/** One more variable of the manager. */
function withOptions(options: SpodOptions): string {
  const value = { name: ENV.spodOptions, value: JSON.stringify(options) };
  return yaml([{ op: 'add', path: '/spec/template/spec/containers/0/env/-', value }]);
}

function singleNamespace(): string {
  const purpose = 'One namespace only, which namespace.yaml names, with rights in no other.';
  const inNamespace = (kind: string) => ({
    select: { kind, namespace: EXAMPLE_NAMESPACE },
    fieldPaths: ['metadata.namespace'],
  });
  const variable = `spec.template.spec.containers.[name=${OPERATOR}].env.[name=${ENV.restrictTo}].value`;
  const targets = [
    inNamespace('Role'),
    inNamespace('RoleBinding'),
    { select: { kind: 'Deployment', name: OPERATOR }, fieldPaths: [variable] },
  ];
  const source = { kind: 'ConfigMap', name: 'watched-namespace', fieldPath: 'data.namespace' };
  return print(purpose, {
    resources: ['operator.yaml', 'namespace.yaml'],
    replacements: [{ source, targets }],
  });
}

/** Where the user says which namespace; an object for kustomize alone. */
function namespaceChoice(): string {
  const annotations = { 'config.kubernetes.io/local-config': 'true' };
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'watched-namespace', annotations },
    data: { namespace: EXAMPLE_NAMESPACE },
  };
  return `${head('The namespace that the operator is restricted to: write yours.')}${yaml(object)}`;
}

function print(purpose: string, fields: object): string {
  return `${head(purpose)}${yaml({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...fields })}`;
}

function head(purpose: string): string {
  return `# ${MARK}\n# SPDX-License-Identifier: Apache-2.0\n# ${purpose}\n`;
}

function yaml(object: object): string {
  return stringify(object, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
