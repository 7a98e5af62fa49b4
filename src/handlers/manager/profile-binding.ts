// SPDX-License-Identifier: Apache-2.0
// The manager's part of a ProfileBinding: its status, and the finalizer that holds it while pods are bound by it.
// Nothing here binds pods; that is the webhook's, which writes nothing but the pod itself, and this handler reads it
// there. An annotation can be forged, so a pod counts only if it uses a profile of ours, too: whichever, because pods
// keep the one that the binding named when they were created.
import { DEFAULT_PROMOTION, isLogging, PROMOTABLE, promotionOf } from '../../core/binding/promotion.ts';
import type { Promotion, TriedProfile } from '../../core/binding/promotion.ts';
import { bindingStatus, bindingUrgency, seenImages } from '../../core/binding/binding-status.ts';
import type { BindingFacts, Rivalry } from '../../core/binding/binding-status.ts';
import type { Reason } from '../../core/errors.ts';
import { FINALIZER } from '../../core/names.ts';
import { DENIALS_OBSERVED } from '../../core/status/denials.ts';
import { isInstalled } from '../../core/status/profile-status.ts';
import { READY } from '../../core/status/state.ts';
import type { ProfileBinding, ProfileBindingStatus } from '../../gen/crd/profile-binding.ts';
import { PROFILE_BINDING } from '../../gen/kinds.ts';
import type { Handler, PolicyRule, Source, Watch } from '../../runtime/handler.ts';
import { isDeleting, keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey, Resource } from '../../runtime/object.ts';
import type { ObjectEvent, Outcome } from '../../runtime/outcome.ts';
import { MANAGED_BINDINGS } from '../sources/bindings.ts';
import type { NamespaceBindings, WebhookReach } from '../sources/bindings.ts';
import type { ManagedPod } from '../sources/managed-pods.ts';
import type { Use } from '../sources/pods.ts';
import type { Profile } from '../sources/profiles.ts';
import { conflictOf, rivalryOf } from './binding-rivals.ts';
import type { NamespacePods } from './namespace-pods.ts';
import { Patience } from './patience.ts';
import type { KnownKind } from './profile-readiness.ts';

/** The dependencies of the handler. */
export interface ProfileBindingParts {
  /** Changes that concern bindings: of pods, profiles, other bindings, namespaces, options. */
  readonly watches: readonly Watch[];
  readonly kinds: readonly KnownKind[];
  readonly pods: NamespacePods;
  readonly bindings: NamespaceBindings;
  readonly reach: WebhookReach;
  /** Whether objects of the kind are to be let go, whatever they are for (leaving.ts). */
  isLeaving(resource: Resource): boolean;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Writes status and finalizer of bindings. */
export class ProfileBindingHandler implements Handler<ProfileBinding> {
  readonly kind = PROFILE_BINDING;
  readonly name = 'profilebinding';
  readonly source: Source<ProfileBinding> = MANAGED_BINDINGS;
  readonly watches: readonly Watch[];
  readonly rules: readonly PolicyRule[] = [
    { apiGroups: [PROFILE_BINDING.group], resources: [PROFILE_BINDING.plural], verbs: ['patch'] },
    { apiGroups: [PROFILE_BINDING.group], resources: [`${PROFILE_BINDING.plural}/status`], verbs: ['patch'] },
  ];
  private readonly parts: ProfileBindingParts;
  private readonly patience: Patience;

  constructor(parts: ProfileBindingParts) {
    this.parts = parts;
    this.watches = parts.watches;
    this.patience = new Patience(() => parts.now());
  }

  async apply(binding: ProfileBinding): Promise<Outcome<ProfileBinding>> {
    if (this.parts.isLeaving(this.kind)) return { metadata: { finalizers: { [FINALIZER.activeWorkloads]: false } } };
    const users = this.usersOf(binding);
    const metadata = { finalizers: { [FINALIZER.activeWorkloads]: users.length > 0 } };
    return { metadata, ...this.statusWhenDue(binding, users) };
  }

  async cleanup(binding: ProfileBinding): Promise<Outcome<ProfileBinding>> {
    if (this.parts.isLeaving(this.kind)) return { metadata: { finalizers: { [FINALIZER.activeWorkloads]: false } } };
    const users = this.usersOf(binding);
    const holds = users.length > 0 && binding.metadata.finalizers?.includes(FINALIZER.activeWorkloads) === true;
    const metadata = { finalizers: { [FINALIZER.activeWorkloads]: holds } };
    return holds ? { metadata, ...this.statusWhenDue(binding, users) } : { metadata };
  }

  async gone(key: ObjectKey): Promise<Outcome<ProfileBinding>> {
    this.patience.end(key);
    return {};
  }

  private statusWhenDue(binding: ProfileBinding, users: readonly ManagedPod[]): Outcome<ProfileBinding> {
    const facts = this.factsOf(binding, users);
    const status = bindingStatus(facts, this.parts.now());
    const { againMs } = facts.promotion ?? {};
    const later = againMs === undefined ? {} : { requeueAfterMs: againMs };
    const urgency = bindingUrgency(binding.status, status);
    const leftMs = urgency === 'soon' ? this.patience.leftMs(keyOf(binding)) : 0;
    if (leftMs > 0) return { requeueAfterMs: leftMs };
    this.patience.end(keyOf(binding));
    if (urgency === 'never') return later;
    return { status, events: [...this.conflictEvents(binding), ...promotionEvents(binding, status)], ...later };
  }

  private factsOf(binding: ProfileBinding, users: readonly ManagedPod[]): BindingFacts {
    const { pods, reach } = this.parts;
    const { namespace = '' } = binding.metadata;
    const use = this.useOf(binding);
    const current = users.filter(({ uses = [] }) =>
      uses.some((one) => one.kind === use?.kind && one.name === use.name),
    );
    const times = users.flatMap(({ metadata }) => metadata.creationTimestamp ?? []).sort();
    return {
      binding,
      isSupported: this.kindOf(binding) !== undefined,
      missing: reach.missingOption(binding.spec.profileRef.kind),
      isForbidden: binding.spec.profileRef.kind === 'SelinuxProfile' && reach.refusesTypes(namespace),
      isSelected: reach.includes(namespace),
      ...this.profileFacts(binding),
      users: users.map((pod) => keyText(keyOf(pod))).sort(),
      outdated: users.length - current.length,
      gated: current.filter(({ gateAt }) => gateAt !== undefined).length,
      youngest: times.at(-1),
      promotion: this.promotionOf(binding, current),
      rivalry: users.length > 0 ? { type: 'none' } : this.rivalryOf(binding),
      seenImages: () => seenImages(binding.spec.image, pods.images(namespace)),
    };
  }

  private promotionOf(binding: ProfileBinding, current: readonly ManagedPod[]): Promotion | undefined {
    const { enforcement, profileRef } = binding.spec;
    if (enforcement === undefined) return undefined;
    const pods = current.filter(({ gateAt }) => gateAt === undefined);
    const profile = this.kindOf(binding)?.profiles.get({ ...keyOf(binding), name: profileRef.name });
    const facts = {
      profile: profile === undefined ? undefined : triedProfile(profileRef.kind, profile),
      pods: pods.flatMap(({ metadata }) => metadata.creationTimestamp ?? []),
      bar: { ...DEFAULT_PROMOTION, ...enforcement.promote },
      generation: binding.metadata.generation ?? 0,
    };
    return promotionOf(facts, binding.status?.trial, this.parts.now());
  }

  private rivalryOf(binding: ProfileBinding): Rivalry {
    const { pods, bindings, kinds } = this.parts;
    return rivalryOf(binding, bindings.index(binding.metadata.namespace ?? ''), pods, (choice) =>
      kinds.some(({ kind }) => kind.resource.kind === choice.kind),
    );
  }

  private usersOf(binding: ProfileBinding): readonly ManagedPod[] {
    return this.parts.pods.boundBy(binding).filter(({ uses = [] }) => uses.length > 0);
  }

  /** Undefined where no pod can use it: the kind is not supported, or the name none that a profile can have. */
  private useOf(binding: ProfileBinding): Use | undefined {
    const { kind, name } = binding.spec.profileRef;
    const known = this.kindOf(binding)?.kind;
    try {
      const used = known?.useName({ namespace: binding.metadata.namespace, name });
      return used === undefined ? undefined : { kind, name: used };
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  private kindOf({ spec }: ProfileBinding): KnownKind | undefined {
    return this.parts.kinds.find(({ kind }) => kind.resource.kind === spec.profileRef.kind);
  }

  private profileFacts(binding: ProfileBinding): Pick<BindingFacts, 'profile' | 'profileSays'> {
    const { name } = binding.spec.profileRef;
    const profile = this.kindOf(binding)?.profiles.get({ namespace: binding.metadata.namespace, name });
    if (profile === undefined || isDeleting(profile)) return { profile: 'missing' };
    if (isInstalled(profile.status, profile.metadata.generation ?? 0)) return { profile: 'installed' };
    const ready = profile.status?.conditions?.find(({ type }) => type === READY);
    return { profile: 'pending', profileSays: ready?.message };
  }

  private conflictEvents(binding: ProfileBinding): readonly ObjectEvent[] {
    const { namespace = '' } = binding.metadata;
    const rival = conflictOf(binding, this.parts.bindings.index(namespace), this.parts.pods);
    if (rival === undefined) return [];
    return [conflictEvent(rival, binding)];
  }
}

/** Undefined for one that is not on all nodes as it is. */
function triedProfile(kind: string, profile: Profile): TriedProfile | undefined {
  const { uid = '', generation = 0, name } = profile.metadata;
  if (isDeleting(profile) || !isInstalled(profile.status, generation)) return undefined;
  const found = profile.status?.conditions?.find(({ type }) => type === DENIALS_OBSERVED);
  const denials = found?.observedGeneration === generation ? found : undefined;
  return { kind, name, uid, generation, isLogging: isLogging({ ...profile.spec }), denials };
}

/** A proposal is told once: when its condition takes the reason. */
function promotionEvents(binding: ProfileBinding, status: ProfileBindingStatus): readonly ObjectEvent[] {
  const [before, after] = [binding.status, status].map((one) =>
    one?.conditions?.find(({ type }) => type === PROMOTABLE),
  );
  if (after === undefined || after.reason === before?.reason) return [];
  const { reason, message = '' } = after;
  if (reason === 'PromotionProposed') return [{ type: 'Normal', reason, message }];
  return reason === 'RollbackProposed' ? [{ type: 'Warning', reason, message }] : [];
}

/** The event for two bindings of one image with different profiles, about the younger one or a pod. */
export function conflictEvent(older: ProfileBinding, younger: ProfileBinding): ObjectEvent {
  const { image, profileRef } = older.spec;
  const names = `${older.metadata.name} and ${younger.metadata.name}`;
  const message =
    `The bindings ${names} are both for the image ${image.slice(0, 200)}, with different profiles. ` +
    `${older.metadata.name} is older, so pods that both match get its profile ${profileRef.name}`;
  return { type: 'Warning', reason: 'ProfileBindingConflict' satisfies Reason, message, once: true };
}
