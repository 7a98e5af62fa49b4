// SPDX-License-Identifier: Apache-2.0
// The webhooks on a runtime that only watches: what they know of the cluster, and from where.
import { BindingWebhook } from '../../admission/binding.ts';
import type { ObstacleFacts } from '../../core/binding/obstacle.ts';
import type { BindingState } from '../../core/binding/index-cache.ts';
import { BindingImageWebhook } from '../../admission/binding-image.ts';
import { RecordingWebhook } from '../../admission/recording.ts';
import { ExecRequestWebhook } from '../../admission/exec-request.ts';
import type { Webhook } from '../../admission/review.ts';
import type { Settings } from '../../core/config.ts';
import { hasKind } from '../../core/deploy/kinds.ts';
import { logProfiles } from '../../core/recording/log-profile.ts';
import { effectiveWebhook, INSTALLED_WEBHOOKS } from '../../core/deploy/webhooks/effective.ts';
import { SPOD, WEBHOOK } from '../../core/names.ts';
import type { SecurityProfilesOperatorDaemonSpec as SpodSpec } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { APP_ARMOR_PROFILE, SECCOMP_PROFILE } from '../../gen/kinds.ts';
import {
  BINDINGS,
  logProfileStateOf,
  profileIdentityOf,
  profileStateOf,
  profileStateSource,
  RECORDINGS,
} from '../../handlers/sources/admission-state.ts';
import { NAMESPACES } from '../../handlers/sources/bindings.ts';
import { NODES as PLACES } from '../../handlers/sources/nodes.ts';
import { spodSource } from '../../handlers/sources/spods.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import type { PolicyRule } from '../../runtime/handler.ts';
import { EVENT_RULE } from '../../runtime/rules.ts';
import { SpoOperator } from '../../runtime/spo-operator.ts';
import { REVIEW_RULES } from '../process/token-review.ts';
import { PROFILE_KINDS } from './profile-kinds.ts';

/** The webhooks, ready to start. */
export interface WebhookWiring {
  readonly operator: SpoOperator;
  readonly webhooks: readonly Webhook[];
  /** Says whether pods are refused or admitted where a webhook fails, as its configuration does. */
  readonly failurePolicy: (webhook: string) => 'Fail' | 'Ignore';
  /** All that the process may do. */
  readonly rules: () => readonly PolicyRule[];
}

/** Wires the webhooks. */
export function wireWebhook({ namespace }: Pick<Settings, 'namespace'>, parts: ControllerManagerParts): WebhookWiring {
  const operator = SpoOperator.create({ ...parts, kinds: [] });
  const spodKey = { namespace, name: SPOD };
  const spods = operator.reader(spodSource(spodKey));
  const bindings = operator.reader(BINDINGS).index(({ metadata }) => [metadata.namespace ?? '']);
  const profiles = new Map(
    PROFILE_KINDS.map(({ kind: { resource } }) => [resource.kind, operator.reader(profileStateSource(resource))]),
  );
  const nodes = operator.reader(PLACES);
  const namespaces = operator.reader(NAMESPACES);
  const spec = (): SpodSpec => spods.get(spodKey)?.spec ?? {};
  const obstacleFacts = (where: string): ObstacleFacts => ({
    labels: namespaces.get({ name: where })?.metadata.labels,
    nodes: () => nodes.list().map(({ metadata: { name, labels = {} } }) => ({ name, labels })),
    withoutAppArmor: new Set(spods.get(spodKey)?.status?.nodesWithoutAppArmor),
  });
  const state: BindingState = {
    profileIdentity: (kind, where, name) => profileIdentityOf(profiles.get(kind), where, name),
    obstacleFacts,
    logProfiles: logProfiles(namespace),
    bindings,
    profileState: (kind, where, name) => {
      const reader = hasKind(spec(), kind) ? profiles.get(kind) : undefined;
      return reader === undefined ? 'unsupported' : profileStateOf(reader, where, name);
    },
  };
  const seccomp = operator.reader(profileStateSource(SECCOMP_PROFILE));
  const appArmor = operator.reader(profileStateSource(APP_ARMOR_PROFILE));
  const recording = new RecordingWebhook({
    recordings: operator.reader(RECORDINGS).index(({ metadata }) => [metadata.namespace ?? '']),
    logProfiles: state.logProfiles,
    obstacleFacts,
    logProfileState: (kind) => logProfileStateOf(kind, { spod: spec(), namespace, seccomp, appArmor }),
    onlyLabelled: () => spods.get(spodKey)?.spec?.enableMemoryOptimization === true,
    now: () => parts.clock.now(),
  });
  return {
    operator,
    webhooks: [recording, new BindingWebhook(state), new BindingImageWebhook(state), new ExecRequestWebhook()],
    failurePolicy: (webhook) => {
      const name = INSTALLED_WEBHOOKS.find((known) => known === webhook) ?? WEBHOOK.binding;
      return effectiveWebhook(spods.get(spodKey)?.spec ?? {}, name, namespace).failurePolicy;
    },
    // It tells of pods by annotations, which the manager makes events of.
    rules: () => [...operator.rules().filter((rule) => rule !== EVENT_RULE), ...REVIEW_RULES],
  };
}
