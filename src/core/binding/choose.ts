// SPDX-License-Identifier: Apache-2.0
// Which binding a container gets, when several are for its image: the most exact one, of equally exact ones the oldest,
// then the first by name. Bindings of different kinds of profile do not compete. `*` is for pods to which no other
// binding applies, as the manual says: where any container is bound by another, with whatever kind, `*` binds none.
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import { selects } from '../label-selector.ts';
import type { Labels } from '../label-selector.ts';
import { ANY_IMAGE, referenceKeys } from './image-match.ts';
import type { Match } from './image-match.ts';

/** A kind of profile that can be bound. */
export type BoundKind = ProfileBinding['spec']['profileRef']['kind'];

/** A container, as far as bindings look at it. */
export interface ContainerImage {
  readonly name: string;
  readonly image: string;
}

/** A pod, as far as bindings look at it; containers of all kinds are in one list. */
export interface PodImages {
  readonly labels: Labels | undefined;
  readonly containers: readonly ContainerImage[];
}

/** A binding that is for a container, and how exactly. */
export interface Candidate {
  readonly binding: ProfileBinding;
  readonly match: Match;
}

/** The binding that one container gets for one kind of profile. */
export interface Choice extends Candidate {
  readonly container: string;
  readonly kind: BoundKind;
}

/**
 * Bindings of one namespace, arranged by the texts that images are compared by; every list in order of precedence. A
 * binding that is being deleted stands in `byName` only: it waits for its pods to end, and must not get others.
 */
export interface BindingIndex {
  readonly literal: ReadonlyMap<string, readonly ProfileBinding[]>;
  readonly reference: ReadonlyMap<string, readonly ProfileBinding[]>;
  readonly digest: ReadonlyMap<string, readonly ProfileBinding[]>;
  readonly any: readonly ProfileBinding[];
  readonly byName: ReadonlyMap<string, ProfileBinding>;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The order of equally exact bindings: the older first, then by name. */
export function compareBindings(a: ProfileBinding, b: ProfileBinding): number {
  return (
    compareText(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    compareText(a.metadata.name, b.metadata.name)
  );
}

function push(map: Map<string, ProfileBinding[]>, key: string | undefined, binding: ProfileBinding): void {
  if (key === undefined) return;
  const list = map.get(key);
  if (list === undefined) map.set(key, [binding]);
  else list.push(binding);
}

/** Whether the binding is being deleted. */
export function isEnding({ metadata }: ProfileBinding): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Arranges the bindings of one namespace, in whatever order they come. */
export function indexBindings(bindings: readonly ProfileBinding[]): BindingIndex {
  const sorted = bindings.filter((binding) => !isEnding(binding)).sort(compareBindings);
  const index = {
    literal: new Map<string, ProfileBinding[]>(),
    reference: new Map<string, ProfileBinding[]>(),
    digest: new Map<string, ProfileBinding[]>(),
    any: sorted.filter(({ spec }) => spec.image === ANY_IMAGE),
    byName: new Map(bindings.map((binding) => [binding.metadata.name, binding])),
  };
  for (const binding of sorted) {
    const { image } = binding.spec;
    if (image === ANY_IMAGE) continue;
    const keys = referenceKeys(image);
    push(index.literal, image, binding);
    push(index.reference, keys?.reference, binding);
    push(index.digest, keys?.digest, binding);
  }
  return index;
}

/** Of bindings in order of precedence those that can win: of each kind of profile the first that selects the pod. */
type BestOf = (bindings: readonly ProfileBinding[]) => readonly ProfileBinding[];

/** The bindings with an image of their own that are for the image, each once, in order of precedence. */
function specificCandidates(index: BindingIndex, image: string, bestOf: BestOf): readonly Candidate[] {
  const keys = referenceKeys(image);
  const found = new Map<ProfileBinding, Match>();
  const note = (bindings: readonly ProfileBinding[] | undefined, match: Match): void =>
    bestOf(bindings ?? NONE).forEach((binding) => {
      if (!found.has(binding)) found.set(binding, match);
    });
  note(index.literal.get(image), 'literal');
  if (keys !== undefined) note(index.reference.get(keys.reference), 'reference');
  if (keys?.digest !== undefined) note(index.digest.get(keys.digest), 'digest');
  return [...found].map(([binding, match]) => ({ binding, match }));
}

const NONE: readonly ProfileBinding[] = [];

/** The first of each kind of profile. */
function firstOfEachKind<C>(candidates: readonly C[], bindingOf: (candidate: C) => ProfileBinding): readonly C[] {
  const kinds = new Set<BoundKind>();
  return candidates.filter((candidate) => {
    const { kind } = bindingOf(candidate).spec.profileRef;
    return !kinds.has(kind) && kinds.add(kind);
  });
}

/**
 * Looks the winners for an image up. Images of one text, and lists of bindings, are judged once for a pod: thousands of
 * containers may name one digest by thousands of names, and thousands of bindings may be for it.
 */
function winnersFor(index: BindingIndex, labels: Labels | undefined): (image: string) => readonly Candidate[] {
  const selected = new Map<ProfileBinding, boolean>();
  const byImage = new Map<string, readonly Candidate[]>();
  const best = new Map<readonly ProfileBinding[], readonly ProfileBinding[]>();
  const isSelected = (binding: ProfileBinding): boolean => {
    const known = selected.get(binding) ?? selects(binding.spec.podSelector, labels);
    selected.set(binding, known);
    return known;
  };
  const bestOf: BestOf = (bindings) => {
    const known = best.get(bindings) ?? firstOfEachKind(bindings.filter(isSelected), (binding) => binding);
    best.set(bindings, known);
    return known;
  };
  return (image) => {
    const known =
      byImage.get(image) ?? firstOfEachKind(specificCandidates(index, image, bestOf), ({ binding }) => binding);
    byImage.set(image, known);
    return known;
  };
}

/** The bindings for any image that win. */
function winnersForAny(index: BindingIndex, labels: Labels | undefined): readonly Candidate[] {
  const selected = index.any.filter((binding) => selects(binding.spec.podSelector, labels));
  return firstOfEachKind(selected, (binding) => binding).map((binding) => ({ binding, match: 'any' }));
}

function choices(container: ContainerImage, winners: readonly Candidate[]): readonly Choice[] {
  return winners.map(({ binding, match }) => ({
    container: container.name,
    kind: binding.spec.profileRef.kind,
    binding,
    match,
  }));
}

/**
 * The bindings that are for the pod's containers, in order of the containers; at most one for each kind of profile.
 * @param binds - whether a binding with an image of its own takes effect on a container. Where none does, those for any
 * image are there as well, for kinds of profile that nothing else is for on that container: a binding of a kind that
 * is not installed, or of a privileged container, must not leave the whole pod without a profile
 */
export function choose(index: BindingIndex, pod: PodImages, binds: (choice: Choice) => boolean): readonly Choice[] {
  const winners = winnersFor(index, pod.labels);
  const specific = pod.containers.flatMap((container) => choices(container, winners(container.image)));
  if (specific.some(binds)) return specific;
  const any = winnersForAny(index, pod.labels);
  if (any.length === 0) return specific;
  return pod.containers.flatMap((container) => {
    const own = choices(container, winners(container.image));
    const kinds = new Set(own.map(({ kind }) => kind));
    return [...own, ...choices(container, any).filter(({ kind }) => !kinds.has(kind))];
  });
}
