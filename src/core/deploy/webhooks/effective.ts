// SPDX-License-Identifier: Apache-2.0
// The settings of a webhook that are really in force: those of `spec.webhookOptions`, or the defaults, and always the
// exclusion of the namespaces in which the operator itself and the control plane live.
import type { LabelSelector } from '../../../gen/crd/defs/label-selector.ts';
import type {
  SecurityProfilesOperatorDaemonSpec,
  WebhookOptions,
} from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { LABEL, WEBHOOK } from '../../names.ts';

/** The webhooks that this version has, by the names under which `spec.webhookOptions` configures them. */
export type InstalledWebhook = (typeof WEBHOOK)[keyof typeof WEBHOOK];

/** Their names. */
export const INSTALLED_WEBHOOKS: readonly InstalledWebhook[] = Object.values(WEBHOOK);

/** When a webhook is called, and what becomes of a pod when it cannot be. */
export interface EffectiveWebhook {
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector: LabelSelector;
}

/** The label that the API server keeps on every namespace: its name. Source: Kubernetes 1.22, well-known labels. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** The label that `kubectl debug node/NAME` puts on its pod. Source: kubectl 1.27, pkg/cmd/debug. */
const DEBUGGING_POD_LABEL = { 'app.kubernetes.io/managed-by': 'kubectl-debug' };

/** The namespace of the control plane's own pods. */
const SYSTEM_NAMESPACE = 'kube-system';

/**
 * The original leaves pods with a label of its own (`name: security-profiles-operator`) out by default. Here no pod is:
 * anybody who may create one could write that label and so escape every binding, without a word to anybody. The
 * operator's own pods are left out by their namespace, which no option takes away.
 */
const DEFAULTS = { failurePolicy: 'Fail', objectSelector: {} } as const;

/** That a request can be told again in a log is no reason to refuse it. */
const TELLING_DEFAULTS = { failurePolicy: 'Ignore', objectSelector: {} } as const;

/** The defaults of each webhook; `label`: of a namespace that it is called for, undefined for all. */
const DEFAULTS_OF: Readonly<
  Record<InstalledWebhook, Omit<EffectiveWebhook, 'namespaceSelector'> & { readonly label: string | undefined }>
> = {
  [WEBHOOK.binding]: { ...DEFAULTS, label: LABEL.enableBinding },
  [WEBHOOK.bindingImage]: { ...DEFAULTS, label: LABEL.enableBinding },
  [WEBHOOK.recording]: { ...DEFAULTS, label: LABEL.enableRecording },
  [WEBHOOK.execMetadata]: { ...TELLING_DEFAULTS, label: undefined },
  [WEBHOOK.nodeDebuggingPod]: {
    ...TELLING_DEFAULTS,
    objectSelector: { matchLabels: DEBUGGING_POD_LABEL },
    label: undefined,
  },
};

/**
 * The settings in force of a webhook. A selector of the options replaces the default one as a whole. The guard of
 * images follows the options of the binding webhook where it has none of its own: it concerns the same pods.
 * @param namespace - the operator's
 * @param restrictTo - the namespaces that the operator is restricted to; none for all
 */
export function effectiveWebhook(
  spec: Pick<SecurityProfilesOperatorDaemonSpec, 'webhookOptions'>,
  name: InstalledWebhook,
  namespace: string,
  restrictTo: readonly string[] = [],
): EffectiveWebhook {
  const own = optionsOf(spec, name);
  const followed = name === WEBHOOK.bindingImage ? optionsOf(spec, WEBHOOK.binding) : undefined;
  const { label, failurePolicy, objectSelector } = DEFAULTS_OF[name];
  const labelled: LabelSelector = label === undefined ? {} : { matchExpressions: [{ key: label, operator: 'Exists' }] };
  const selector = own?.namespaceSelector ?? followed?.namespaceSelector ?? labelled;
  return {
    failurePolicy: own?.failurePolicy ?? followed?.failurePolicy ?? failurePolicy,
    namespaceSelector: within(selector, namespace, restrictTo),
    objectSelector: own?.objectSelector ?? followed?.objectSelector ?? objectSelector,
  };
}

/** The names in `spec.webhookOptions` under which this version has no webhook, each once. */
export function unknownWebhooks({
  webhookOptions = [],
}: Pick<SecurityProfilesOperatorDaemonSpec, 'webhookOptions'>): readonly string[] {
  const known: readonly string[] = INSTALLED_WEBHOOKS;
  return webhookOptions.map(({ name }) => name).filter((name) => !known.includes(name));
}

function optionsOf(
  { webhookOptions }: Pick<SecurityProfilesOperatorDaemonSpec, 'webhookOptions'>,
  wanted: string,
): WebhookOptions | undefined {
  return webhookOptions?.find(({ name }) => name === wanted);
}

/**
 * Pods of the operator must be able to start while the webhook does not run, and so must those of the cluster. A
 * namespace that the operator does not watch has nothing to ask the webhook for.
 */
function within(selector: LabelSelector, namespace: string, restrictTo: readonly string[]): LabelSelector {
  const excluded = [...new Set([namespace, SYSTEM_NAMESPACE])];
  return {
    ...selector,
    matchExpressions: [
      ...(selector.matchExpressions ?? []),
      { key: NAMESPACE_NAME, operator: 'NotIn', values: excluded },
      ...(restrictTo.length === 0 ? [] : [{ key: NAMESPACE_NAME, operator: 'In', values: restrictTo } as const]),
    ],
  };
}
