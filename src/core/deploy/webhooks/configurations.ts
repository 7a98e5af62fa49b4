// SPDX-License-Identifier: Apache-2.0
// The webhook configurations: which requests the API server shows to which webhook. They are cluster-wide, so their
// owner is the operator's Namespace: when that is gone, the garbage collector takes them along, whatever was deleted
// before. (An object of a namespace cannot own one of the cluster.)
import type { SecurityProfilesOperatorDaemonSpec } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { ANNOTATION, OBJECT, WEBHOOK, WEBHOOK_PATH } from '../../names.ts';
import type { Manifest, ManifestMeta, OwnerReference } from '../manifest.ts';
import { APP_LABEL } from '../manifest.ts';
import { effectiveWebhook } from './effective.ts';
import type { InstalledWebhook } from './effective.ts';

/** The authority that the API server trusts for the webhooks: a bundle of ours, or one that others write in. */
export type CertificateAuthority =
  | { readonly by: 'operator'; readonly bundle: string }
  | { readonly by: 'cert-manager' }
  | { readonly by: 'openshift' }
  /** A user, who applies the configuration, fills the bundle in. */
  | { readonly by: 'hand' };

/** The inputs of the configurations. */
export interface ConfigurationInput {
  readonly spec: Pick<SecurityProfilesOperatorDaemonSpec, 'webhookOptions' | 'enableJsonEnricher'>;
  readonly namespace: string;
  /** Namespaces that the operator is restricted to; none for all. */
  readonly restrictTo: readonly string[];
  readonly authority: CertificateAuthority;
  /**
   * The bundle, which others write in, is not there yet: the API server trusts no webhook so far, and pods must not be
   * refused for that.
   */
  readonly isUntrusted?: boolean;
  /** The operator's Namespace, where it is known. */
  readonly owner?: OwnerReference;
}

const ADMISSION = 'admissionregistration.k8s.io/v1';

/**
 * The longest time that a request of a user waits for the webhook, in seconds. It answers within milliseconds; a
 * longer limit only makes an outage worse, because controllers slow down with each failure.
 */
const TIMEOUT_SECONDS = 5;

const BUNDLE_ANNOTATION = {
  'cert-manager': 'cert-manager.io/inject-ca-from',
  openshift: 'service.beta.openshift.io/inject-cabundle',
} as const;

/** Both configurations. */
export function webhookConfigurations(input: ConfigurationInput): readonly Manifest[] {
  return [
    {
      apiVersion: ADMISSION,
      kind: 'MutatingWebhookConfiguration',
      metadata: metaOf(OBJECT.mutatingWebhooks, input),
      // In this order: the binding webhook leaves containers alone that are recorded from logs.
      webhooks: [
        { ...webhook(input, 'recording'), rules: POD_RULES, reinvocationPolicy: 'IfNeeded' },
        { ...webhook(input, 'binding'), rules: POD_RULES, reinvocationPolicy: 'IfNeeded' },
        ...(input.spec.enableJsonEnricher === true ? requestWebhooks(input) : []),
      ],
    },
    {
      apiVersion: ADMISSION,
      kind: 'ValidatingWebhookConfiguration',
      metadata: metaOf(OBJECT.validatingWebhooks, input),
      webhooks: [{ ...webhook(input, 'bindingImage'), rules: IMAGE_RULES, matchConditions: IMAGE_CONDITIONS }],
    },
  ];
}

/** Those that mark processes with the request that starts them: only the JSON enricher tells of it. */
function requestWebhooks(input: ConfigurationInput): readonly object[] {
  return [
    { ...webhook(input, 'execMetadata'), rules: [rule('CONNECT', 'pods/exec'), EPHEMERAL_RULE] },
    { ...webhook(input, 'nodeDebuggingPod'), rules: [CREATION_RULE] },
  ];
}

function metaOf(name: string, { authority, namespace, owner }: ConfigurationInput): ManifestMeta {
  const from = authority.by === 'cert-manager' ? `${namespace}/${OBJECT.webhookCertificate}` : 'true';
  const injected = authority.by === 'cert-manager' || authority.by === 'openshift';
  return {
    name,
    labels: APP_LABEL,
    ...(injected ? { annotations: { [BUNDLE_ANNOTATION[authority.by]]: from } } : {}),
    ...(owner === undefined ? {} : { ownerReferences: [owner] }),
  };
}

function webhook(input: ConfigurationInput, which: keyof typeof WEBHOOK): object {
  const { spec, namespace, restrictTo, authority } = input;
  const name: InstalledWebhook = WEBHOOK[which];
  const service = { name: OBJECT.webhookService, namespace, path: WEBHOOK_PATH[which], port: 443 };
  return {
    name,
    admissionReviewVersions: ['v1'],
    clientConfig: { service, ...(authority.by === 'operator' ? { caBundle: btoa(authority.bundle) } : {}) },
    ...effectiveWebhook(spec, name, namespace, restrictTo),
    ...(input.isUntrusted === true ? { failurePolicy: 'Ignore' } : {}),
    matchPolicy: 'Equivalent',
    sideEffects: 'None',
    timeoutSeconds: TIMEOUT_SECONDS,
  };
}

/** `pods` covers none of its subresources, and an ephemeral container is an update of one. */
const CREATION_RULE = rule('CREATE', 'pods');

const EPHEMERAL_RULE = rule('UPDATE', 'pods/ephemeralcontainers');

const POD_RULES = [CREATION_RULE, EPHEMERAL_RULE];

const IMAGE_RULES = [rule('UPDATE', 'pods')];

function rule(operation: string, resource: string): object {
  return { apiGroups: [''], apiVersions: ['v1'], operations: [operation], resources: [resource], scope: 'Namespaced' };
}

/**
 * Only pods that were bound, and of these only changes of an image; others never leave the API server. Fields that may
 * be absent are asked for with `?`: an error in a condition is a refusal.
 */
const IMAGE_CONDITIONS = [
  {
    name: 'bound-by-a-binding',
    expression: `oldObject.metadata.?annotations[?'${ANNOTATION.profileBindings}'].orValue('') != ''`,
  },
  { name: 'image-changes', expression: `${imagesDiffer('containers')} || ${imagesDiffer('initContainers')}` },
];

function imagesDiffer(field: string): string {
  const images = (object: string): string => `${object}.spec.?${field}.orValue([]).map(c, c.?image.orValue(''))`;
  return `${images('object')} != ${images('oldObject')}`;
}
