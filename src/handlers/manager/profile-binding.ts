// SPDX-License-Identifier: Apache-2.0
// The manager's part of a ProfileBinding: its status, and the finalizer that holds it while pods are bound by it.
// Nothing here binds pods; that is the webhook's, which writes nothing but the pod itself, and this handler reads it
// there. An annotation can be forged, so a pod counts only if it uses a profile of ours, too: whichever, because pods
// keep the one that the binding named when they were created.
import { bindingStatus, bindingUrgency, seenImages } from '../../core/binding/binding-status.ts';
import type { BindingFacts, Rivalry } from '../../core/binding/binding-status.ts';
import { profilesOf, twinName } from '../../core/binding/twin.ts';
import type { Reason } from '../../core/errors.ts';
import { FINALIZER } from '../../core/names.ts';
import { isInstalled } from '../../core/status/profile-status.ts';
import { READY } from '../../core/status/state.ts';
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import { PROFILE_BINDING } from '../../gen/kinds.ts';
import type { Handler, PolicyRule, Source, Watch } from '../../runtime/handler.ts';
import { isDeleting, keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey, Resource } from '../../runtime/object.ts';
import type { ObjectEvent, Outcome } from '../../runtime/outcome.ts';
import { MANAGED_BINDINGS } from '../sources/bindings.ts';
import type { NamespaceBindings, WebhookReach } from '../sources/bindings.ts';
import type { ManagedPod } from '../sources/managed-pods.ts';
import type { Use } from '../sources/pods.ts';
import { conflictOf, rivalryOf } from './binding-rivals.ts';
import { promotionReport, stepEvents, trialReport } from './binding-reports.ts';
import type { BindingTrials, Trial, TriedPods } from './binding-trials.ts';
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
  readonly trials: BindingTrials;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A binding as it is used. */
interface View {
  readonly users: readonly ManagedPod[];
  /** Those that use its profile, or the twin. */
  readonly current: readonly ManagedPod[];
  readonly trial: Trial | undefined;
  /** Those that use a profile. */
  under(use: Use | undefined): readonly ManagedPod[];
}

/** Writes status and finalizer of bindings. */
export class ProfileBindingHandler implements Handler<ProfileBinding> {
  readonly kind = PROFILE_BINDING;
  readonly name = 'profilebinding';
  readonly source: Source<ProfileBinding> = MANAGED_BINDINGS;
  readonly watches: readonly Watch[];
  readonly rules: readonly PolicyRule[];
  private readonly parts: ProfileBindingParts;
  private readonly patience: Patience;

  constructor(parts: ProfileBindingParts) {
    this.parts = parts;
    this.watches = parts.watches;
    const { group, plural } = PROFILE_BINDING;
    this.rules = [
      { apiGroups: [group], resources: [plural], verbs: ['patch'] },
      { apiGroups: [group], resources: [`${plural}/status`], verbs: ['patch'] },
      ...parts.trials.rules,
    ];
    this.patience = new Patience(() => parts.now());
  }

  async apply(binding: ProfileBinding): Promise<Outcome<ProfileBinding>> {
    if (this.parts.isLeaving(this.kind)) return { metadata: { finalizers: { [FINALIZER.activeWorkloads]: false } } };
    const view = this.view(binding);
    const metadata = { finalizers: { [FINALIZER.activeWorkloads]: view.users.length > 0 } };
    const { desired = [] } = view.trial ?? {};
    const under = view.under(this.useOf(binding, twinName(binding)));
    const toDelete = this.parts.trials.leftovers(binding, under.length > 0);
    return { metadata, desired, toDelete, ...this.statusWhenDue(binding, view) };
  }

  async cleanup(binding: ProfileBinding): Promise<Outcome<ProfileBinding>> {
    if (this.parts.isLeaving(this.kind)) return { metadata: { finalizers: { [FINALIZER.activeWorkloads]: false } } };
    const view = this.view(binding);
    const holds = view.users.length > 0 && binding.metadata.finalizers?.includes(FINALIZER.activeWorkloads) === true;
    const metadata = { finalizers: { [FINALIZER.activeWorkloads]: holds } };
    return holds
      ? { metadata, ...this.statusWhenDue(binding, view) }
      : { metadata, toDelete: this.parts.trials.leftovers(binding, false) };
  }

  async gone(key: ObjectKey): Promise<Outcome<ProfileBinding>> {
    this.patience.end(key);
    return { toDelete: this.parts.trials.orphans(key) };
  }

  private view(binding: ProfileBinding): View {
    const users = this.usersOf(binding);
    const [own, twin] = profilesOf(binding).map((name) => this.useOf(binding, name));
    const under = (use: Use | undefined): readonly ManagedPod[] =>
      users.filter(({ uses = [] }) => uses.some((one) => one.kind === use?.kind && one.name === use.name));
    const audited = under(twin);
    const enforced = under(own).filter((pod) => !audited.includes(pod));
    const trial = this.parts.trials.of(binding, triedPods(audited, enforced), this.parts.now());
    return { users, current: [...audited, ...enforced], trial, under };
  }

  private statusWhenDue(binding: ProfileBinding, view: View): Outcome<ProfileBinding> {
    const facts = this.factsOf(binding, view);
    const status = bindingStatus(facts, this.parts.now());
    const { againMs } = facts.trial ?? {};
    const later = againMs === undefined ? {} : { requeueAfterMs: againMs };
    const urgency = bindingUrgency(binding.status, status);
    const leftMs = urgency === 'soon' ? this.patience.leftMs(keyOf(binding)) : 0;
    if (leftMs > 0) return { requeueAfterMs: leftMs };
    this.patience.end(keyOf(binding));
    if (urgency === 'never') return later;
    return { status, events: [...this.conflictEvents(binding), ...stepEvents(binding, status, view.trial)], ...later };
  }

  private factsOf(binding: ProfileBinding, { users, current, trial }: View): BindingFacts {
    const { pods, reach } = this.parts;
    const { namespace = '' } = binding.metadata;
    const times = users.flatMap(({ metadata }) => metadata.creationTimestamp ?? []).sort();
    return {
      binding,
      isSupported: this.kindOf(binding) !== undefined,
      missing: reach.missingOption(binding.spec.profileRef.kind),
      isForbidden: binding.spec.profileRef.kind === 'SelinuxProfile' && reach.refusesTypes(namespace),
      isSelected: reach.includes(namespace),
      ...this.profileFacts(binding, trial),
      users: users.map((pod) => keyText(keyOf(pod))).sort(),
      outdated: users.length - current.length,
      gated: current.filter(({ gateAt }) => gateAt !== undefined).length,
      youngest: times.at(-1),
      trial: trial === undefined ? this.promotionOf(binding, current) : trialReport(binding, trial),
      rivalry: users.length > 0 ? { type: 'none' } : this.rivalryOf(binding),
      seenImages: () => seenImages(binding.spec.image, pods.images(namespace)),
    };
  }

  private promotionOf(binding: ProfileBinding, current: readonly ManagedPod[]): BindingFacts['trial'] {
    const key = { ...keyOf(binding), name: binding.spec.profileRef.name };
    const profile = this.kindOf(binding)?.profiles.get(key);
    const chance = this.parts.trials.chanceOf(binding.spec.profileRef.kind, key);
    return promotionReport(binding, profile, runningSince(current), chance, this.parts.now());
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
  private useOf(binding: ProfileBinding, name: string): Use | undefined {
    const { kind } = binding.spec.profileRef;
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

  private profileFacts(
    binding: ProfileBinding,
    trial: Trial | undefined,
  ): Pick<BindingFacts, 'profile' | 'profileSays'> {
    const author = binding.spec.profileRef.name;
    const isThere = this.kindOf(binding)?.profiles.get({ ...keyOf(binding), name: author }) !== undefined;
    const isTwin = trial !== undefined && isThere && trial.enforcement.trial?.phase !== 'Enforcing';
    const name = isTwin ? trial.twinName : author;
    const profile = this.kindOf(binding)?.profiles.get({ namespace: binding.metadata.namespace, name });
    if (isTwin && profile === undefined) return { profile: 'pending', profileSays: `${name} is being made` };
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

/** Empty for those that have not begun to run. */
function runningSince(pods: readonly ManagedPod[]): readonly string[] {
  return pods.filter(({ gateAt }) => gateAt === undefined).map(({ ranSince = '' }) => ranSince);
}

function triedPods(audited: readonly ManagedPod[], enforced: readonly ManagedPod[]): TriedPods {
  return { audited: runningSince(audited), enforced: runningSince(enforced).length };
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
