// SPDX-License-Identifier: Apache-2.0
// Which bindings a change concerns: of a pod, a profile, another binding, a namespace, the options of the webhook.
import type { BindingIndex } from '../../core/binding/choose.ts';
import { ANY_IMAGE, referenceKeys } from '../../core/binding/image-match.ts';
import { parseBound, parseSkipped } from '../../core/binding/marks.ts';
import { trialMode } from '../../core/binding/twin.ts';
import { DENIALS_OBSERVED } from '../../core/status/denials.ts';
import { READY } from '../../core/status/state.ts';
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import type { SecurityProfileNodeStatus } from '../../gen/crd/security-profile-node-status.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import type { Reader, Source, Watch } from '../../runtime/handler.ts';
import { isDeleting, keyOf } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import { MANAGED_BINDINGS, NAMESPACES } from './bindings.ts';
import type { NamespaceBindings } from './bindings.ts';
import type { ManagedPod } from './managed-pods.ts';
import { denialWatch } from './node-denials.ts';
import { isAudited, nodeStatusSource } from './nodes.ts';
import type { Profile, ProfileKind } from './profiles.ts';
import { bindingOwner } from './twins.ts';

/** The sources whose changes concern bindings. */
export interface BindingWatchParts {
  readonly pods: Source<ManagedPod>;
  readonly kinds: readonly ProfileKind[];
  readonly spods: Source<SecurityProfilesOperatorDaemon>;
  readonly bindings: NamespaceBindings;
  readonly all: Pick<Reader<ProfileBinding>, 'list'>;
  /** Other profiles that a change of one concerns, such as those on a base. */
  relatedTo(kind: ProfileKind, profile: Profile): readonly ObjectKey[];
  /** The binding of a twin; none for another profile. */
  ownersOfTwin(kind: string, profile: ObjectKey): readonly ObjectKey[];
  /** Recorded profiles, whose evidence may let a profile be enforced. */
  readonly recorded: readonly Source[];
  /** The operator's, in which nodes report. */
  readonly namespace: string;
}

/** All changes that concern bindings. */
export function bindingWatches(parts: BindingWatchParts): readonly Watch[] {
  const { pods, kinds, spods, bindings, all, recorded, namespace } = parts;
  const webhook: Watch<SecurityProfilesOperatorDaemon> = {
    ...spods,
    predicate: (before, after) => optionsText(before) !== optionsText(after),
    mapToKeys: () => all.list().map(keyOf),
  };
  return [
    boundPodWatch(pods, bindings),
    ...kinds.map((kind) => profileWatch(kind, parts)),
    ...recorded.map((source) => evidenceWatch(source, bindings)),
    denialWatch(namespace, (kind, profile) => [
      ...triedWith(bindings.of(kind, profile)),
      ...parts.ownersOfTwin(kind, profile),
    ]),
    rivalWatch(bindings),
    namespaceWatch(bindings),
    webhook,
    hearingWatch(namespace, () => triedWith(all.list())),
  ];
}

/** The options that decide whether anything is bound. */
function optionsText({ spec }: SecurityProfilesOperatorDaemon): string {
  const limit = spec?.allowedSyscalls ?? [];
  return JSON.stringify([spec?.webhookOptions, spec?.enableSelinux, spec?.enableAppArmor, limit]);
}

/** The bindings that a pod names, and those that its images may be for. */
function boundPodWatch(source: Source<ManagedPod>, bindings: NamespaceBindings): Watch<ManagedPod> {
  const news = new ImageNews();
  const concerned = ({ metadata: { namespace = '' }, marks, shape }: ManagedPod): readonly ObjectKey[] => {
    if (bindings.list(namespace).length === 0) return [];
    const named = [...parseBound(marks.bound), ...parseSkipped(marks.skipped)].map(({ binding }) => binding);
    const index = bindings.index(namespace);
    const images = shape.containers.map(({ image }) => image);
    const alike = [...images.flatMap((image) => alikeTo(image, index)), ...index.any];
    const looking = images.some((image) => news.isNew(namespace, image)) ? unmatchedIn(namespace, bindings) : [];
    const names = new Set([...named, ...[...alike, ...looking].map(({ metadata }) => metadata.name)]);
    return [...names].map((name) => ({ namespace, name }));
  };
  return {
    ...source,
    predicate: (before, after) => isOtherForBindings(before, after) || before.ranSince !== after.ranSince,
    mapToKeys: concerned,
    mapChange: (before, after) =>
      isOtherForBindings(before, after)
        ? [...concerned(before), ...concerned(after)]
        : watchingOf(after, bindings).map(keyOf),
  };
}

function isOtherForBindings(before: ManagedPod, after: ManagedPod): boolean {
  return (
    before.shape !== after.shape ||
    before.marks !== after.marks ||
    before.uses !== after.uses ||
    before.gateAt !== after.gateAt ||
    before.metadata.uid !== after.metadata.uid
  );
}

/** The bindings that have bound the pod and ask how long it has run. */
function watchingOf(
  { metadata: { namespace = '' }, marks }: ManagedPod,
  bindings: NamespaceBindings,
): readonly ProfileBinding[] {
  const names = new Set(parseBound(marks.bound).map(({ binding }) => binding));
  return bindings
    .list(namespace)
    .filter(({ metadata, spec }) => spec.enforcement !== undefined && names.has(metadata.name));
}

/** Bindings that bind nothing: their message names images that were seen. */
function unmatchedIn(namespace: string, bindings: NamespaceBindings): readonly ProfileBinding[] {
  return bindings.list(namespace).filter(({ status }) => status?.state === 'NoMatch');
}

/** Bindings of an image, however it is spelled. */
function alikeTo(image: string, index: BindingIndex): readonly ProfileBinding[] {
  const keys = referenceKeys(image);
  return [
    ...(index.literal.get(image) ?? []),
    ...(keys === undefined ? [] : (index.reference.get(keys.reference) ?? [])),
    ...(keys?.digest === undefined ? [] : (index.digest.get(keys.digest) ?? [])),
  ];
}

/** Images that are remembered; with more, all count as new again. */
const REMEMBERED = 20_000;

/** Which images of a namespace have not been seen before. */
class ImageNews {
  private readonly seen = new Set<string>();

  isNew(namespace: string, image: string): boolean {
    const text = `${namespace} ${image.slice(0, 1024)}`;
    if (this.seen.has(text)) return false;
    if (this.seen.size >= REMEMBERED) this.seen.clear();
    this.seen.add(text);
    return true;
  }
}

function profileWatch(kind: ProfileKind, parts: BindingWatchParts): Watch<Profile> {
  const { bindings } = parts;
  const { resource } = kind;
  return {
    ...kind.source,
    predicate: (before, after) =>
      before.metadata.uid !== after.metadata.uid ||
      before.metadata.generation !== after.metadata.generation ||
      before.status?.status !== after.status?.status ||
      before.status?.observedGeneration !== after.status?.observedGeneration ||
      messageOf(before) !== messageOf(after) ||
      artifactsOf(before) !== artifactsOf(after) ||
      isDeleting(before) !== isDeleting(after),
    mapToKeys: (profile) => {
      const owner = bindingOwner(profile);
      const standing = parts.relatedTo(kind, profile).flatMap((key) => triedWith(bindings.of(resource.kind, key)));
      const own = bindings.of(resource.kind, keyOf(profile)).map(keyOf);
      return [...own, ...standing, ...(owner === undefined ? [] : [{ namespace: owner.namespace, name: owner.name }])];
    },
  };
}

/** Nodes that begin or cease to read an audit log: while one would not hear of a denial, no profile is enforced. */
function hearingWatch(namespace: string, tried: () => readonly ObjectKey[]): Watch<SecurityProfileNodeStatus> {
  return {
    ...nodeStatusSource(namespace),
    predicate: (before, after) => isAudited(before) !== isAudited(after),
    mapToKeys: tried,
  };
}

/** A twin has all that the bases of the profile say. */
function artifactsOf({ status }: Profile): string {
  return status !== undefined && 'baseArtifacts' in status ? JSON.stringify(status.baseArtifacts) : '';
}

/** Of bindings those that try their profile. */
function triedWith(bindings: readonly ProfileBinding[]): readonly ObjectKey[] {
  return bindings.filter((binding) => trialMode(binding) !== undefined).map(keyOf);
}

/** A recorded profile, for bindings that ask for its evidence. */
function evidenceWatch(source: Source, bindings: NamespaceBindings): Watch {
  return {
    ...source,
    mapToKeys: (profile) =>
      bindings
        .of(profile.kind, keyOf(profile))
        .filter(({ spec }) => spec.enforcement?.promote?.maxNewCallChance !== undefined)
        .map(keyOf),
  };
}

/** The sentences that bindings repeat: of a profile that is not installed, and of one that has denied something. */
function messageOf({ status }: Profile): string {
  const said = [READY, DENIALS_OBSERVED].map((type) =>
    status?.conditions?.find((condition) => condition.type === type),
  );
  return said.map((one) => `${one?.reason ?? ''} ${one?.message ?? ''}`).join('\n');
}

/** The bindings that compete with a changed one. */
function rivalWatch(bindings: NamespaceBindings): Watch<ProfileBinding> {
  return {
    ...MANAGED_BINDINGS,
    predicate: (before, after) =>
      before.metadata.uid !== after.metadata.uid || before.metadata.generation !== after.metadata.generation,
    mapToKeys: (binding) => {
      const index = bindings.index(binding.metadata.namespace ?? '');
      const { image } = binding.spec;
      const rivals = image === ANY_IMAGE ? index.any : new Set([...alikeTo(image, index), ...index.any]);
      return [...rivals].filter(({ metadata }) => metadata.name !== binding.metadata.name).map(keyOf);
    },
  };
}

function namespaceWatch(bindings: NamespaceBindings): Watch {
  return {
    ...NAMESPACES,
    predicate: (before, after) => JSON.stringify(before.metadata.labels) !== JSON.stringify(after.metadata.labels),
    mapToKeys: ({ metadata }) => bindings.list(metadata.name).map(keyOf),
  };
}
