// SPDX-License-Identifier: Apache-2.0
// ProfileBindings as the manager keeps them, and the namespaces and options that decide whether they have an effect.
import { effectiveWebhook } from '../../core/deploy/webhooks/effective.ts';
import type { InstalledWebhook } from '../../core/deploy/webhooks/effective.ts';
import { refusesTypes } from '../../core/binding/obstacle.ts';
import { IndexCache } from '../../core/binding/index-cache.ts';
import type { BindingIndex, BoundKind } from '../../core/binding/choose.ts';
import { missingOption } from '../../core/deploy/kinds.ts';
import type { KindOption } from '../../core/deploy/kinds.ts';
import { selects } from '../../core/label-selector.ts';
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { PROFILE_BINDING } from '../../gen/kinds.ts';
import type { Reader, Source } from '../../runtime/handler.ts';
import { NAMESPACE } from '../../runtime/kinds.ts';
import { keyText } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import { BINDING_BUDGET } from './choice-budgets.ts';

const NONE: Readonly<Record<string, string>> = {};

/** The bindings of all namespaces, with their status; of their labels and annotations nothing is read. */
export const MANAGED_BINDINGS: Source<ProfileBinding> = {
  resource: PROFILE_BINDING,
  transform: (binding) => ({ ...binding, metadata: { ...binding.metadata, labels: NONE, annotations: NONE } }),
  budget: BINDING_BUDGET,
};

/** All namespaces, as their labels, and whether they are being deleted. */
export const NAMESPACES: Source = {
  resource: NAMESPACE,
  transform: ({ apiVersion, kind, metadata: { name, resourceVersion, labels, deletionTimestamp } }) => ({
    apiVersion,
    kind,
    metadata: {
      name,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(labels === undefined ? {} : { labels }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
  }),
};

/** The bindings of each namespace, in the form in which they are compared with pods. */
export class NamespaceBindings {
  private readonly inNamespace: (namespace: string) => readonly ProfileBinding[];
  private readonly ofProfile: (value: string) => readonly ProfileBinding[];
  private readonly indexes: IndexCache;

  constructor(bindings: Reader<ProfileBinding>) {
    this.inNamespace = bindings.index(({ metadata }) => [metadata.namespace ?? '']);
    this.ofProfile = bindings.index(({ metadata, spec }) => [
      profileText(spec.profileRef.kind, { namespace: metadata.namespace, name: spec.profileRef.name }),
    ]);
    this.indexes = new IndexCache((namespace) => this.list(namespace));
  }

  list(namespace: string): readonly ProfileBinding[] {
    return this.inNamespace(namespace);
  }

  /** The bindings of a profile. */
  of(kind: string, profile: ObjectKey): readonly ProfileBinding[] {
    return this.ofProfile(profileText(kind, profile));
  }

  /** The bindings of a namespace, arranged for choosing. Of those in it the status may be an older one. */
  index(namespace: string): BindingIndex {
    return this.indexes.of(namespace);
  }
}

function profileText(kind: string, key: ObjectKey): string {
  return `${kind} ${keyText(key)}`;
}

/** Whether pods of a namespace come to a webhook, and may have profiles, as the spod and the namespace say. */
export class WebhookReach {
  private readonly webhook: InstalledWebhook;
  private readonly namespaces: Reader<KubeObject>;
  private readonly spods: Reader<SecurityProfilesOperatorDaemon>;
  private readonly spodKey: ObjectKey;

  constructor(
    webhook: InstalledWebhook,
    namespaces: Reader<KubeObject>,
    spods: Reader<SecurityProfilesOperatorDaemon>,
    spodKey: ObjectKey,
  ) {
    this.webhook = webhook;
    this.namespaces = namespaces;
    this.spods = spods;
    this.spodKey = spodKey;
  }

  /** The option of the spod without which no node has profiles of a kind; undefined where it is set. */
  missingOption(kind: BoundKind): KindOption | undefined {
    return missingOption(this.spods.get(this.spodKey)?.spec ?? {}, kind);
  }

  /** Whether Pod Security refuses SELinux types of ours in a namespace. */
  refusesTypes(namespace: string): boolean {
    return refusesTypes(this.namespaces.get({ name: namespace })?.metadata.labels);
  }

  /** For the pods of a namespace, or for those with labels that the options exclude not. */
  includes(namespace: string, podLabels?: Readonly<Record<string, string>>): boolean {
    const spec = this.spods.get(this.spodKey)?.spec ?? {};
    const webhook = effectiveWebhook(spec, this.webhook, this.spodKey.namespace ?? '');
    const { labels } = this.namespaces.get({ name: namespace })?.metadata ?? {};
    const isSelected = selects(webhook.namespaceSelector, labels);
    return isSelected && (podLabels === undefined || selects(webhook.objectSelector, podLabels));
  }
}
