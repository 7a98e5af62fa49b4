// SPDX-License-Identifier: Apache-2.0
// The trials of bindings with the modes Audit and Enforce: their log-only twins, and how far they are. The object of
// the profile's author is never written; the twin is another one, which the binding owns and which goes with it.
import { enforcementOf } from '../../core/binding/enforcement.ts';
import type { AuthorsProfile, Enforcement, EnforcementFacts, TwinState } from '../../core/binding/enforcement.ts';
import { DEFAULT_PROMOTION } from '../../core/binding/promotion-bar.ts';
import { trialMode, twinName } from '../../core/binding/twin.ts';
import { NotYet, Rejected } from '../../core/errors.ts';
import type { Chance } from '../../core/evidence/chance.ts';
import { ANNOTATION, LABEL } from '../../core/names.ts';
import { sha256Hex } from '../../core/sha256.ts';
import { heardFrom } from '../../core/status/denials.ts';
import type { Heard } from '../../core/status/denials.ts';
import { isInstalled } from '../../core/status/profile-status.ts';
import { READY } from '../../core/status/state.ts';
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import { fingerprint } from '../../runtime/canonical.ts';
import type { PolicyRule, Reader } from '../../runtime/handler.ts';
import { isDeleting, keyOf, refOf } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey, ObjectRef, Resource } from '../../runtime/object.ts';
import { asSeen } from '../../runtime/precondition.ts';
import { nodeDenials } from '../sources/node-denials.ts';
import type { DaemonNode } from '../sources/nodes.ts';
import type { Profile } from '../sources/profiles.ts';
import { bindingOwner } from '../sources/twins.ts';
import type { Twins } from '../sources/twins.ts';

/** The log-only form of a profile. */
export interface TwinForm {
  readonly spec: object;
  /** Whether the profile itself refuses anything. */
  readonly refuses: boolean;
  /** Why denials of the profile itself leave no record, as a sentence. */
  readonly unlogged?: string | undefined;
}

/** A kind of profile that can be tried. */
export interface TrialKind {
  readonly resource: Resource;
  readonly profiles: Reader<Profile>;
  readonly twins: Twins;
  /** Throws Rejected where there can be no such form, NotYet for what must come first. */
  twinForm(profile: Profile, name: string): TwinForm;
}

/** The dependencies of trials. */
export interface BindingTrialParts {
  readonly kinds: readonly TrialKind[];
  daemonNodes(): readonly DaemonNode[];
  /** That the next recording of a profile shows something new; undefined where nothing tells. */
  chanceOf(kind: string, key: ObjectKey): Chance | undefined;
}

/** Pods of a binding, by the profile that they run under; those at the gate are not among them. */
export interface TriedPods {
  /** When those under the twin began to run (RFC 3339); empty for those that have not. */
  readonly audited: readonly string[];
  /** How many run under the profile itself. */
  readonly enforced: number;
}

/** A trial, and the objects that it needs. */
export interface Trial {
  readonly enforcement: Enforcement;
  readonly twinName: string;
  /** Why there can be no twin. */
  readonly impossible: string | undefined;
  readonly desired: readonly KubeObject[];
}

/** A twin as it should be; where it cannot be, why. */
type Wanted =
  | { readonly type: 'form'; readonly form: TwinForm; readonly hash: string }
  | { readonly type: 'none'; readonly state: Exclude<TwinState, { readonly type: 'installed' }> };

/** Keeps twins and judges trials. */
export class BindingTrials {
  private readonly parts: BindingTrialParts;

  constructor(parts: BindingTrialParts) {
    this.parts = parts;
  }

  /** The permissions that twins take. */
  get rules(): readonly PolicyRule[] {
    return this.parts.kinds.map(({ resource: { group, plural } }) => ({
      apiGroups: [group],
      resources: [plural],
      verbs: ['create', 'patch', 'delete'],
    }));
  }

  /** That the next recording of a profile shows something new; undefined where nothing tells. */
  chanceOf(kind: string, key: ObjectKey): Chance | undefined {
    return this.parts.chanceOf(kind, key);
  }

  /** The trial of a binding; undefined for one that has none. `now` is in milliseconds since 1970. */
  of(binding: ProfileBinding, pods: TriedPods, now: number): Trial | undefined {
    const mode = trialMode(binding);
    const known = this.parts.kinds.find(({ resource }) => resource.kind === binding.spec.profileRef.kind);
    if (mode === undefined || known === undefined) return undefined;
    const { kind, name } = binding.spec.profileRef;
    const key = { namespace: binding.metadata.namespace, name };
    const profile = known.profiles.get(key);
    const own = profile === undefined || isDeleting(profile) ? undefined : profile;
    const twin = twinName(binding);
    const wanted = own === undefined ? undefined : wantedOf(known, own, twin);
    const existing = known.profiles.get({ ...key, name: twin });
    const facts: EnforcementFacts = {
      mode,
      title: `${kind} ${name}`,
      profile: own === undefined ? undefined : this.authorsProfile(kind, own, wanted),
      twinName: twin,
      twinHash: wanted?.type === 'form' ? wanted.hash : undefined,
      twin: this.twinState(kind, binding, wanted, existing),
      ...pods,
      bar: { ...DEFAULT_PROMOTION, ...binding.spec.enforcement?.promote },
      chance: this.parts.chanceOf(kind, key),
    };
    const isOthers = existing !== undefined && !isOf(existing, binding);
    const makes = own !== undefined && wanted?.type === 'form' && !isOthers;
    return {
      enforcement: enforcementOf(facts, binding.status?.trial, now),
      twinName: twin,
      impossible: facts.twin.type === 'impossible' ? facts.twin.message : undefined,
      desired: makes ? [twinObject(binding, own, wanted, existing)] : [],
    };
  }

  /**
   * Twins of a binding that it has no use for any more; those in use by pods go with the last of them. One that a
   * change of the mode has need of again is not deleted before: pods get no profile that is being deleted.
   *
   * @param isUsed - whether pods run under the twin that the binding has with the modes Audit and Enforce
   */
  leftovers(binding: ProfileBinding, isUsed: boolean): readonly ObjectRef[] {
    const { kind, name } = binding.spec.profileRef;
    const isWanted = (trialMode(binding) !== undefined || isUsed) && !isDeleting(binding);
    return this.parts.kinds.flatMap(({ resource, profiles, twins }) => {
      const profile = resource.kind === kind ? profiles.get({ ...keyOf(binding), name }) : undefined;
      const kept = isWanted && profile !== undefined && !isDeleting(profile) ? twinName(binding) : undefined;
      return twins.of(keyOf(binding)).flatMap((twin) => (twin.metadata.name === kept ? [] : ours(twin)));
    });
  }

  /** Twins of a binding that is gone. */
  orphans(binding: ObjectKey): readonly ObjectRef[] {
    return this.parts.kinds.flatMap(({ twins }) => twins.of(binding).flatMap(ours));
  }

  private authorsProfile(kind: string, profile: Profile, wanted: Wanted | undefined): AuthorsProfile {
    const { uid = '', generation = 0 } = profile.metadata;
    const { refuses = true, unlogged } = wanted?.type === 'form' ? wanted.form : {};
    const isEverywhere = isInstalled(profile.status, generation);
    return { uid, generation, isInstalled: isEverywhere, refuses, unlogged, heard: this.heard(kind, profile) };
  }

  private heard(kind: string, profile: Profile): Heard {
    return heardFrom(nodeDenials(this.parts.daemonNodes(), kind, profile));
  }

  private twinState(
    kind: string,
    binding: ProfileBinding,
    wanted: Wanted | undefined,
    existing: Profile | undefined,
  ): TwinState {
    if (existing !== undefined && !isOf(existing, binding)) {
      const message = `there is another ${kind} ${existing.metadata.name}: delete or rename it`;
      return { type: 'impossible', reason: 'ProfileNotOurs', message };
    }
    if (wanted?.type === 'none') return wanted.state;
    const { uid = '', generation = 0, annotations } = existing?.metadata ?? {};
    const isCurrent = wanted !== undefined && annotations?.[ANNOTATION.twinHash] === wanted.hash;
    if (existing !== undefined && isCurrent && !isDeleting(existing) && isInstalled(existing.status, generation))
      return { type: 'installed', uid, generation, heard: this.heard(kind, existing) };
    const says = existing?.status?.conditions?.find(({ type }) => type === READY)?.message;
    const why = says === undefined ? '' : `: ${says}`;
    return { type: 'pending', message: `the log-only twin ${twinName(binding)} is not on all nodes${why}` };
  }
}

function wantedOf(kind: TrialKind, profile: Profile, name: string): Wanted {
  if (kind.profiles.isWithheld(keyOf(profile))) {
    const message = 'the profile is beyond the budget of its namespace';
    return { type: 'none', state: { type: 'impossible', reason: 'NamespaceBudgetExceeded', message } };
  }
  try {
    const form = kind.twinForm(profile, name);
    return { type: 'form', form, hash: fingerprint(form.spec) };
  } catch (error) {
    if (error instanceof NotYet) return { type: 'none', state: { type: 'pending', message: error.message } };
    if (!(error instanceof Rejected)) throw error;
    const { reason, message } = error;
    return { type: 'none', state: { type: 'impossible', reason, message } };
  }
}

function isOf(twin: Profile, binding: ProfileBinding): boolean {
  return bindingOwner(twin)?.uid === binding.metadata.uid && twin.metadata.labels?.[LABEL.trialOf] !== undefined;
}

/** Only what the operator has made itself. */
function ours(twin: Profile): readonly ObjectRef[] {
  return twin.metadata.labels?.[LABEL.trialOf] === undefined || isDeleting(twin) ? [] : [refOf(twin)];
}

function twinObject(
  binding: ProfileBinding,
  { apiVersion, kind }: Profile,
  { form, hash }: Extract<Wanted, { readonly type: 'form' }>,
  existing: Profile | undefined,
): KubeObject {
  const { namespace = '', name, uid = '' } = binding.metadata;
  const owner = { apiVersion: binding.apiVersion, kind: binding.kind, name, uid, controller: true };
  const metadata = {
    name: twinName(binding),
    namespace,
    labels: { [LABEL.trialOf]: labelValue(name) },
    annotations: { [ANNOTATION.twinHash]: hash },
    ownerReferences: [owner],
  };
  const twin = { apiVersion, kind, metadata, spec: form.spec };
  // Nobody else's object of that name, made meanwhile, is taken.
  return existing === undefined ? asSeen(twin, undefined) : twin;
}

/** Longest value of a label. */
const LABEL_MAX = 63;

function labelValue(name: string): string {
  return name.length <= LABEL_MAX ? name : sha256Hex(name).slice(0, LABEL_MAX);
}
