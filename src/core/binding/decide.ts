// SPDX-License-Identifier: Apache-2.0
// The effect of a namespace's bindings on one new pod: which fields are set, which containers are bound and which are
// not, and why. A field that the author set stays. Fields that a binding set earlier in the same admission are known by
// the annotations that tell of them, so a pod that comes a second time is judged as if it came for the first.
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import { ANNOTATION } from '../names.ts';
import { ANY_IMAGE } from './image-match.ts';
import { choose } from './choose.ts';
import type { BindingIndex, BoundKind, Choice } from './choose.ts';
import { parseBound } from './marks.ts';
import type { BoundMark, SkippedMark, SkipReason } from './marks.ts';
import { annotationOf, containersOf, isMirror, isWindows } from './pod.ts';
import type { AdmittedPod, ContainerPlace, Json } from './pod.ts';
import { mergedValue, PROFILE_FIELDS } from './security-context.ts';
import type { ProfileField } from './security-context.ts';

/** How far a profile is: on the nodes as it is now written; not yet; not there; of a kind that is not installed. */
export type ProfileState = 'installed' | 'pending' | 'missing' | 'unsupported';

/** Tells how far a profile is. */
export type ProfileStates = (kind: BoundKind, namespace: string, name: string) => ProfileState;

/** All that a decision depends on. */
export interface Situation {
  readonly pod: AdmittedPod;
  readonly namespace: string;
  readonly index: BindingIndex;
  readonly profileState: ProfileStates;
  /** The containers that may still be changed. */
  isOpen(place: ContainerPlace): boolean;
}

/** A member of the security context of a container, or of the pod where `place` is undefined, and its new value. */
export interface FieldChange {
  readonly place: ContainerPlace | undefined;
  readonly member: string;
  readonly value: Json;
}

/** A container that is bound, with its binding and how far the profile is. */
export interface Bound {
  readonly place: ContainerPlace;
  readonly binding: ProfileBinding;
  readonly state: ProfileState;
  /** The value of the field that selects the profile. */
  readonly value: Json;
}

/** The decision on a pod. */
export interface Decision {
  readonly changes: readonly FieldChange[];
  readonly bound: readonly Bound[];
  readonly skipped: readonly SkippedMark[];
}

/** The pod's annotation that tells of what was bound, read once. */
type Marks = ReadonlyMap<string, readonly string[]>;

function marksOf(pod: AdmittedPod): Marks {
  const marks = new Map<string, string[]>();
  for (const { container, binding } of parseBound(annotationOf(pod, ANNOTATION.profileBindings))) {
    const known = marks.get(container);
    if (known === undefined) marks.set(container, [binding]);
    else known.push(binding);
  }
  return marks;
}

/** The value at a place, and the bindings that put it there; none where the author did. */
interface Found {
  readonly value: Json;
  readonly from: readonly string[];
}

function valueOf(binding: ProfileBinding, namespace: string): Json | undefined {
  const { kind, name } = binding.spec.profileRef;
  return PROFILE_FIELDS[kind].valueOf(namespace, name);
}

/** Those of the named bindings that put the value there. */
function origin(situation: Situation, kind: BoundKind, value: Json, names: readonly string[]): readonly string[] {
  return names.filter((name) => {
    const binding = situation.index.byName.get(name);
    if (binding?.spec.profileRef.kind !== kind) return false;
    const own = valueOf(binding, situation.namespace);
    return own !== undefined && PROFILE_FIELDS[kind].isSame(own, value);
  });
}

/** One kind of profile in one pod. */
interface Fields {
  readonly field: ProfileField;
  /** At the pod's own place. */
  readonly pod: Found | undefined;
  /** At the container's own place. */
  of(place: ContainerPlace): Found | undefined;
}

function fieldsOf(situation: Situation, kind: BoundKind, marks: Marks): Fields {
  const field = PROFILE_FIELDS[kind];
  const { pod } = situation;
  const found = (value: Json | undefined, names: () => readonly string[]): Found | undefined =>
    value === undefined ? undefined : { value, from: origin(situation, kind, value, names()) };
  // The pod's own place is set for `*` only.
  const podWide = (): readonly string[] =>
    [...new Set([...marks.values()].flat())].filter(
      (name) => situation.index.byName.get(name)?.spec.image === ANY_IMAGE,
    );
  return {
    field,
    pod: found(field.inContext(pod.spec?.securityContext), podWide),
    of: ({ container }) =>
      found(
        field.inContext(container.securityContext) ?? field.inAnnotation(pod, container),
        () => marks.get(container.name) ?? [],
      ),
  };
}

type Verdict = Bound | { readonly reason: SkipReason };

function isBound(verdict: Verdict): verdict is Bound {
  return 'binding' in verdict;
}

function podReason(pod: AdmittedPod): SkipReason | undefined {
  if (isMirror(pod)) return 'StaticPod';
  return isWindows(pod) ? 'WindowsPod' : undefined;
}

function judge(situation: Situation, fields: Fields, place: ContainerPlace, binding: ProfileBinding): Verdict {
  const { kind, name } = binding.spec.profileRef;
  const state = situation.profileState(kind, situation.namespace, name);
  if (state === 'unsupported') return { reason: 'KindNotSupported' };
  if (place.container.securityContext?.privileged === true) return { reason: 'PrivilegedContainer' };
  const value = valueOf(binding, situation.namespace);
  if (value === undefined) return { reason: 'ProfileNotReady' };
  const found = fields.of(place) ?? fields.pod;
  const isThere = found !== undefined && fields.field.isSame(found.value, value);
  const runsUnbound = state !== 'installed' && binding.spec.profileNotReady?.policy === 'RunUnbound';
  const result: Bound = { place, binding, state, value };
  if (found === undefined) return runsUnbound ? { reason: 'ProfileNotReady' } : result;
  // Of a field that this binding set, the state was judged when it did.
  if (isThere && found.from.includes(binding.metadata.name)) return result;
  return (isThere || found.from.length > 0) && !runsUnbound ? result : { reason: 'ProfileSetByAuthor' };
}

/** The change of one container, where it does not run under the profile anyway. */
function containerChange(situation: Situation, fields: Fields, { place, value }: Bound): readonly FieldChange[] {
  const found = fields.of(place) ?? fields.pod;
  if (found !== undefined && fields.field.isSame(found.value, value)) return [];
  const contexts = [place.container.securityContext, situation.pod.spec?.securityContext];
  return [{ place, member: fields.field.member, value: mergedValue(fields.field, contexts, value) }];
}

/**
 * The change of the pod's own context, when all its containers get the profile of `*` and no context holds one yet. It
 * cannot be made once the pod is there.
 */
function podChange(situation: Situation, fields: Fields, verdicts: readonly Verdict[]): FieldChange | undefined {
  const [first] = verdicts;
  const places = containersOf(situation.pod);
  if (first === undefined || !isBound(first) || first.binding.spec.image !== ANY_IMAGE) return undefined;
  const isWhole = verdicts.length === places.length && verdicts.every(isBound);
  const isFree = fields.pod === undefined && places.every((place) => fields.of(place) === undefined);
  if (!isWhole || !isFree) return undefined;
  const value = mergedValue(fields.field, [situation.pod.spec?.securityContext], first.value);
  return { place: undefined, member: fields.field.member, value };
}

function decideKind(
  situation: Situation,
  kind: BoundKind,
  choices: readonly (Choice & { readonly place: ContainerPlace })[],
  marks: Marks,
): Decision {
  const fields = fieldsOf(situation, kind, marks);
  const reason = podReason(situation.pod);
  const verdicts = choices.map(({ place, binding }) =>
    reason === undefined ? judge(situation, fields, place, binding) : { reason },
  );
  const bound = verdicts.filter(isBound);
  const whole = podChange(situation, fields, verdicts);
  return {
    changes: whole === undefined ? bound.flatMap((item) => containerChange(situation, fields, item)) : [whole],
    bound,
    skipped: verdicts.flatMap((verdict, index) => {
      const choice = choices[index];
      if (isBound(verdict) || choice === undefined) return [];
      return [{ container: choice.container, binding: choice.binding.metadata.name, reason: verdict.reason }];
    }),
  };
}

/** Decides on the pod's open containers; the others only count for `*`. */
export function decide(situation: Situation): Decision {
  const places = containersOf(situation.pod);
  const byName = new Map(places.map((place) => [place.container.name, place]));
  const containers = places.map(({ container: { name, image = '' } }) => ({ name, image }));
  const all = choose(situation.index, { labels: situation.pod.metadata?.labels, containers });
  const open = all.flatMap((choice) => {
    const place = byName.get(choice.container);
    return place === undefined || !situation.isOpen(place) ? [] : [{ ...choice, place }];
  });
  const marks = marksOf(situation.pod);
  const kinds = [...new Set(open.map(({ kind }) => kind))];
  const parts = kinds.map((kind) =>
    decideKind(
      situation,
      kind,
      open.filter((choice) => choice.kind === kind),
      marks,
    ),
  );
  return {
    changes: parts.flatMap(({ changes }) => changes),
    bound: parts.flatMap(({ bound }) => bound),
    skipped: parts.flatMap(({ skipped }) => skipped),
  };
}

/** The marks of what is bound. */
export function boundMarks(bound: readonly Bound[]): readonly BoundMark[] {
  return bound.map(({ place, binding }) => ({ container: place.container.name, binding: binding.metadata.name }));
}
