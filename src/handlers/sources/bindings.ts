// SPDX-License-Identifier: Apache-2.0
// ProfileBindings as the manager keeps them, and the namespaces and options that decide whether they have an effect.
import { effectiveWebhook } from '../../core/deploy/webhooks/effective.ts';
import type { InstalledWebhook } from '../../core/deploy/webhooks/effective.ts';
import { IndexCache } from '../../core/binding/index-cache.ts';
import type { BindingIndex } from '../../core/binding/choose.ts';
import { selects } from '../../core/label-selector.ts';
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { PROFILE_BINDING } from '../../gen/kinds.ts';
import type { Reader, Source } from '../../runtime/handler.ts';
import { NAMESPACE } from '../../runtime/kinds.ts';
import { keyText } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';

const NONE: Readonly<Record<string, string>> = {};

/** The bindings of all namespaces, with their status; of their labels and annotations nothing is read. */
export const MANAGED_BINDINGS: Source<ProfileBinding> = {
  resource: PROFILE_BINDING,
  transform: (binding) => ({ ...binding, metadata: { ...binding.metadata, labels: NONE, annotations: NONE } }),
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

/** Whether a webhook is called for pods of a namespace, as far as the options of the spod say. */
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

  /** For the pods of a namespace, or for those with labels that the options exclude not. */
  includes(namespace: string, podLabels?: Readonly<Record<string, string>>): boolean {
    const spec = this.spods.get(this.spodKey)?.spec ?? {};
    const webhook = effectiveWebhook(spec, this.webhook, this.spodKey.namespace ?? '');
    const { labels } = this.namespaces.get({ name: namespace })?.metadata ?? {};
    const isSelected = selects(webhook.namespaceSelector, labels);
    return isSelected && (podLabels === undefined || selects(webhook.objectSelector, podLabels));
  }
}
