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
export type InstalledWebhook = typeof WEBHOOK.binding | typeof WEBHOOK.bindingImage;

/** When a webhook is called, and what becomes of a pod when it cannot be. */
export interface EffectiveWebhook {
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector: LabelSelector;
}

/** The label that the API server keeps on every namespace: its name. Source: Kubernetes 1.22, well-known labels. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** The namespace of the control plane's own pods. */
const SYSTEM_NAMESPACE = 'kube-system';

/**
 * The original leaves pods with a label of its own (`name: security-profiles-operator`) out by default. Here no pod is:
 * anybody who may create one could write that label and so escape every binding, without a word to anybody. The
 * operator's own pods are left out by their namespace, which no option takes away.
 */
const DEFAULTS: EffectiveWebhook = {
  failurePolicy: 'Fail',
  namespaceSelector: { matchExpressions: [{ key: LABEL.enableBinding, operator: 'Exists' }] },
  objectSelector: {},
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
  const binding = optionsOf(spec, WEBHOOK.binding);
  const own = name === WEBHOOK.binding ? binding : optionsOf(spec, name);
  const selector = own?.namespaceSelector ?? binding?.namespaceSelector ?? DEFAULTS.namespaceSelector;
  return {
    failurePolicy: own?.failurePolicy ?? binding?.failurePolicy ?? DEFAULTS.failurePolicy,
    namespaceSelector: within(selector, namespace, restrictTo),
    objectSelector: own?.objectSelector ?? binding?.objectSelector ?? DEFAULTS.objectSelector,
  };
}

/** The names in `spec.webhookOptions` under which this version has no webhook, each once. */
export function unknownWebhooks({
  webhookOptions = [],
}: Pick<SecurityProfilesOperatorDaemonSpec, 'webhookOptions'>): readonly string[] {
  const known: readonly string[] = [WEBHOOK.binding, WEBHOOK.bindingImage];
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
