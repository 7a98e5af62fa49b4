// SPDX-License-Identifier: Apache-2.0
// Bindings beside each other: which pods one does not get and why, and which two contradict each other.
import { choose, compareBindings } from '../../core/binding/choose.ts';
import type { BindingIndex, Choice } from '../../core/binding/choose.ts';
import { ANY_IMAGE, matchImage, referenceKeys } from '../../core/binding/image-match.ts';
import type { Rivalry } from '../../core/binding/binding-status.ts';
import { parseSkipped } from '../../core/binding/marks.ts';
import { skipClause } from '../../core/binding/skip-warnings.ts';
import { selects } from '../../core/label-selector.ts';
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import { canonicalJson } from '../../runtime/canonical.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { PodShape } from '../sources/managed-pods.ts';
import type { NamespacePods, PodGroup } from './namespace-pods.ts';

/** Whether a chosen binding is of a kind that is installed. */
type IsSupported = (choice: Pick<Choice, 'kind'>) => boolean;

/** Why the pods of a binding's image are not bound by it. */
export function rivalryOf(
  binding: ProfileBinding,
  index: BindingIndex,
  pods: NamespacePods,
  isSupported: IsSupported,
): Rivalry {
  const stronger = rivalsOf(binding, index).find((rival) => isWithin(binding, rival));
  if (stronger !== undefined) return { type: 'outranked', by: stronger.metadata.name, why: 'older' };
  const groups = pods.matching(binding);
  const choicesOf = ({ shape }: PodGroup): readonly Choice[] => choose(index, shape, isSupported);
  const won = groups.filter((group) => choicesOf(group).some((choice) => isSame(choice.binding, binding)));
  if (won.length > 0) return skippedOf(binding, pods) ?? olderOf(won);
  for (const group of groups) {
    const winner = winnerOf(binding, choicesOf(group), group);
    if (winner !== undefined) return winner;
  }
  return { type: 'none' };
}

/** Older bindings that are as exact and have another profile of the same kind: the first gets the pods of both. */
function rivalsOf(binding: ProfileBinding, index: BindingIndex): readonly ProfileBinding[] {
  const { image } = binding.spec;
  const alike = (image === ANY_IMAGE ? index.any : index.literal.get(image)) ?? [];
  return contradicting(binding, alike).filter((other) => compareBindings(other, binding) < 0);
}

/** Younger bindings with another profile of the same kind that do not get a pod because of this one. */
export function youngerRivalsOf(
  binding: ProfileBinding,
  index: BindingIndex,
  shape: PodShape,
): readonly ProfileBinding[] {
  return contradicting(binding, alikeAnyhow(binding, index)).filter(
    (other) =>
      compareBindings(other, binding) > 0 &&
      selects(other.spec.podSelector, shape.labels) &&
      matchAlike(binding, other, shape),
  );
}

/** Bindings of the same image, though it be spelled otherwise: for some pods they are as exact. */
function alikeAnyhow({ spec: { image } }: ProfileBinding, index: BindingIndex): readonly ProfileBinding[] {
  if (image === ANY_IMAGE) return index.any;
  const { reference, digest } = referenceKeys(image) ?? {};
  return [
    ...new Set([
      ...(index.literal.get(image) ?? []),
      ...(reference === undefined ? [] : (index.reference.get(reference) ?? [])),
      ...(digest === undefined ? [] : (index.digest.get(digest) ?? [])),
    ]),
  ];
}

/** Whether two bindings are for a container of a pod, one as exactly as the other. */
function matchAlike(one: ProfileBinding, other: ProfileBinding, { containers }: PodShape): boolean {
  return containers.some(({ image }) => {
    const match = matchImage(one.spec.image, image);
    return match !== undefined && match === matchImage(other.spec.image, image);
  });
}

function contradicting(
  { spec: { profileRef } }: ProfileBinding,
  alike: readonly ProfileBinding[],
): readonly ProfileBinding[] {
  return alike.filter(
    ({ spec }) => spec.profileRef.kind === profileRef.kind && spec.profileRef.name !== profileRef.name,
  );
}

/**
 * The older rival that contradicts a binding: certainly, because one selects all pods or both the same, or because pods
 * are there that both select. Where they spell their image in two ways only pods of a third spelling show it.
 */
export function conflictOf(
  binding: ProfileBinding,
  index: BindingIndex,
  pods: NamespacePods,
): ProfileBinding | undefined {
  const older = contradicting(binding, alikeAnyhow(binding, index)).filter(
    (other) => compareBindings(other, binding) < 0,
  );
  return older.find((rival) => {
    const isSameText = rival.spec.image === binding.spec.image;
    if (isSameText && (isWithin(binding, rival) || isWithin(rival, binding))) return true;
    const mine = new Set(pods.matching(binding).map(({ shape }) => shape));
    return pods.matching(rival).some(({ shape }) => mine.has(shape) && matchAlike(binding, rival, shape));
  });
}

/** Whether another binding selects at least the pods that this one selects, as far as the selectors alone tell. */
function isWithin({ spec }: ProfileBinding, other: ProfileBinding): boolean {
  const { podSelector } = other.spec;
  const { matchLabels = {}, matchExpressions = [] } = podSelector ?? {};
  const selectsAll = Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
  return selectsAll || canonicalJson(podSelector) === canonicalJson(spec.podSelector);
}

function isSame(a: ProfileBinding, b: ProfileBinding): boolean {
  return a.metadata.name === b.metadata.name;
}

/** The binding that gets the containers of a group in its place. */
function winnerOf(binding: ProfileBinding, choices: readonly Choice[], { shape }: PodGroup): Rivalry | undefined {
  const { image, profileRef } = binding.spec;
  const images = new Map(shape.containers.map((container) => [container.name, container.image]));
  const choice = choices.find(({ container, kind }) => {
    const isMine = matchImage(image, images.get(container) ?? '') !== undefined;
    return isMine && (kind === profileRef.kind || image === ANY_IMAGE);
  });
  if (choice === undefined) return undefined;
  const own = matchImage(image, images.get(choice.container) ?? '');
  return { type: 'outranked', by: choice.binding.metadata.name, why: own === choice.match ? 'older' : 'more exact' };
}

function skippedOf(binding: ProfileBinding, pods: NamespacePods): Rivalry | undefined {
  const [pod] = pods.skippedFor(binding);
  const mark = parseSkipped(pod?.marks.skipped).find(({ binding: name }) => name === binding.metadata.name);
  if (pod === undefined || mark === undefined) return undefined;
  return {
    type: 'skipped',
    pod: `container ${mark.container} of ${keyText(keyOf(pod))}`,
    why: skipClause(mark.reason),
  };
}

function olderOf(groups: readonly PodGroup[]): Rivalry {
  const pods = groups.flatMap((group) => group.pods.map((pod) => keyText(keyOf(pod))));
  return { type: 'older pods', pods: pods.sort() };
}
