// SPDX-License-Identifier: Apache-2.0
// Whether containers of a bound pod may run other images. The pod keeps the profiles that it was created with, so they
// are compared with those that a new pod with these images would get: by the values that stand in the pod, and not by
// bindings, which may name other profiles by now. A container that is not bound must not get past a binding either.
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import { isEnding } from './choose.ts';
import type { BoundKind } from './choose.ts';
import { decide } from './decide.ts';
import type { Bound } from './decide.ts';
import { fieldsByKind, foundAt, isValueOf, marksOf, valueOf } from './found.ts';
import type { FieldsOfKind, Marks } from './found.ts';
import { ANY_IMAGE, matchImage } from './image-match.ts';
import type { SkippedMark, SkipReason } from './marks.ts';
import { containersOf } from './pod.ts';
import type { ContainerPlace } from './pod.ts';
import type { Situation } from './situation.ts';

/** A container that must not run its new image, and why, as a clause. */
export interface ImageRefusal {
  readonly container: string;
  readonly reason: string;
}

/** A binding that is for a container's new image. */
interface Claim {
  readonly binding: ProfileBinding;
}

/** The images that containers had, by their names. */
export type ImagesBefore = ReadonlyMap<string, string>;

/** All of a change; what concerns one container is looked up by its name, because a pod may have thousands. */
interface Judged {
  readonly situation: Situation;
  readonly bound: ReadonlyMap<string, readonly Bound[]>;
  readonly skipped: ReadonlyMap<string, readonly SkippedMark[]>;
  readonly marks: Marks;
  readonly fields: FieldsOfKind;
  readonly before: ImagesBefore;
}

function judgedOf(situation: Situation, before: ImagesBefore): Judged {
  const { bound, skipped } = decide(situation);
  const marks = marksOf(situation.pod);
  return {
    situation,
    bound: Map.groupBy(bound, ({ place }) => place.container.name),
    skipped: Map.groupBy(skipped, ({ container }) => container),
    marks,
    fields: fieldsByKind(situation, marks),
    before,
  };
}

/**
 * The first refusal of a change of images. The containers that change are the open ones of the situation; its pod is as
 * it would become, with the marks that it had before: those in an update can be forged.
 */
export function refusalOfImages(situation: Situation, before: ImagesBefore): ImageRefusal | undefined {
  const judged = judgedOf(situation, before);
  for (const place of containersOf(situation.pod)) {
    const reason = situation.isOpen(place) ? against(judged, place) : undefined;
    if (reason !== undefined) return { container: place.container.name, reason };
  }
  return undefined;
}

function against(judged: Judged, place: ContainerPlace): string | undefined {
  const names = judged.marks.get(place.container.name) ?? [];
  const claims = [...bindingClaims(judged, place), ...skippedClaims(judged, place, names)];
  const other = claims.find((claim) => !isStanding(judged, place, claim));
  return other === undefined ? withoutBinding(judged, names, claims) : isFor(other);
}

/** The bindings that would bind the container in a new pod. */
function bindingClaims(judged: Judged, place: ContainerPlace): readonly Claim[] {
  const own = judged.bound.get(place.container.name) ?? [];
  return own.filter(({ binding }) => !wasLackingBefore(judged, place, binding));
}

/**
 * Whether the container has no profile of the kind although the binding was for its old image, too: the binding came
 * after the pod, and the change takes nothing away.
 */
function wasLackingBefore({ fields, before }: Judged, place: ContainerPlace, { spec }: ProfileBinding): boolean {
  if (foundAt(fields(spec.profileRef.kind), place) !== undefined) return false;
  return matchImage(spec.image, before.get(place.container.name) ?? '') !== undefined;
}

/** Reasons that only say that the pod is no new one: a profile of its own is there, or was put there by a binding. */
const STANDING: readonly SkipReason[] = ['ProfileSetByAuthor', 'ProfileNotReady'];

/** The bindings that would, if the profile of a binding did not stand there. */
function skippedClaims(judged: Judged, place: ContainerPlace, names: readonly string[]): readonly Claim[] {
  const { index, namespace } = judged.situation;
  const kinds = new Set(names.map((name) => index.byName.get(name)?.spec.profileRef.kind));
  const isMarkedFor = (kind: BoundKind): boolean => kinds.has(kind) || kinds.has(undefined);
  return (judged.skipped.get(place.container.name) ?? []).flatMap((mark) => {
    const binding = index.byName.get(mark.binding);
    if (!STANDING.includes(mark.reason) || binding === undefined) return [];
    const canBind = valueOf(binding, namespace, binding.spec.profileRef.name) !== undefined;
    return canBind && isMarkedFor(binding.spec.profileRef.kind) ? [{ binding }] : [];
  });
}

/** Whether the container runs under the profile of the claim, or under its twin where the binding has one. */
function isStanding({ situation, fields }: Judged, place: ContainerPlace, { binding }: Claim): boolean {
  const found = foundAt(fields(binding.spec.profileRef.kind), place);
  return found !== undefined && isValueOf(binding, situation.namespace, found.value);
}

/** A binding that put its profile there, is not for the new image, and has no other in its place. */
function withoutBinding({ situation }: Judged, names: readonly string[], claims: readonly Claim[]): string | undefined {
  const kinds = new Set(claims.map(({ binding }) => binding.spec.profileRef.kind));
  const left = names.find((name) => {
    const binding = situation.index.byName.get(name);
    if (binding === undefined || isEnding(binding) || binding.spec.image === ANY_IMAGE) return false;
    return !kinds.has(binding.spec.profileRef.kind);
  });
  return left === undefined ? undefined : `ProfileBinding ${left} is not for that image`;
}

function isFor({ binding: { metadata, spec } }: Claim): string {
  return `ProfileBinding ${metadata.name} binds ${spec.profileRef.kind} ${spec.profileRef.name} to that image`;
}
