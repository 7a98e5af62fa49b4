// SPDX-License-Identifier: Apache-2.0
// The profiles that a pod names already, and who named them: its author, or a binding in an earlier call of the same
// admission, as the pod's annotation tells. Anybody may write the annotation; it is believed where the named binding
// would have written that very value.
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import { ANNOTATION } from '../names.ts';
import type { BoundKind } from './choose.ts';
import { ANY_IMAGE } from './image-match.ts';
import { parseBound, parseSkipped } from './marks.ts';
import { annotationOf } from './pod.ts';
import type { AdmittedPod, ContainerPlace, Json } from './pod.ts';
import { PROFILE_FIELDS } from './security-context.ts';
import type { ProfileField } from './security-context.ts';
import type { Situation } from './situation.ts';
import { profilesOf } from './twin.ts';

/** The pod's annotation that tells of what was bound, read once. */
export type Marks = ReadonlyMap<string, readonly string[]>;

/**
 * The most bindings that are read of one container. The webhook names one for each kind of profile; a text that names a
 * hundred thousand is somebody else's, and would be walked for each container of that name.
 */
const MOST_MARKS = 16;

/** The bindings that the pod's annotation names for each container. */
export function marksOf(pod: AdmittedPod): Marks {
  const marks = new Map<string, string[]>();
  for (const { container, binding } of parseBound(annotationOf(pod, ANNOTATION.profileBindings))) {
    const known = marks.get(container);
    if (known === undefined) marks.set(container, [binding]);
    else if (known.length < MOST_MARKS) known.push(binding);
  }
  return marks;
}

/** The value at a place, and the bindings that put it there; none where the author did. */
export interface Found {
  readonly value: Json;
  readonly from: readonly string[];
}

/** The value that selects a profile of a binding's kind; undefined for a name that no profile can have. */
export function valueOf(binding: ProfileBinding, namespace: string, name: string): Json | undefined {
  return PROFILE_FIELDS[binding.spec.profileRef.kind].valueOf(namespace, name);
}

/** Whether a binding may have put a value there: while it tries its profile, it puts two. */
export function isValueOf(binding: ProfileBinding, namespace: string, value: Json): boolean {
  const field = PROFILE_FIELDS[binding.spec.profileRef.kind];
  return profilesOf(binding).some((name) => {
    const own = field.valueOf(namespace, name);
    return own !== undefined && field.isSame(own, value);
  });
}

/** Those of the named bindings that put the value there. */
function origin(situation: Situation, kind: BoundKind, value: Json, names: readonly string[]): readonly string[] {
  return names.filter((name) => {
    const binding = situation.index.byName.get(name);
    return binding?.spec.profileRef.kind === kind && isValueOf(binding, situation.namespace, value);
  });
}

/** One kind of profile in one pod. */
export interface Fields {
  readonly field: ProfileField;
  /** At the pod's own place. */
  readonly pod: Found | undefined;
  /** At the container's own place. */
  of(place: ContainerPlace): Found | undefined;
  /** Whether an earlier call came to the result that the author set the profile of the container. */
  isAuthors(place: ContainerPlace): boolean;
}

/** The containers of which the pod's annotation tells that their author set a profile of the kind. */
function authorsOf({ pod, index }: Situation, kind: BoundKind): ReadonlySet<string> {
  const marks = parseSkipped(annotationOf(pod, ANNOTATION.skippedBindings));
  const own = marks.filter(
    ({ binding, reason }) =>
      reason === 'ProfileSetByAuthor' && index.byName.get(binding)?.spec.profileRef.kind === kind,
  );
  return new Set(own.map(({ container }) => container));
}

/** The fields of a kind; those of one pod are read once for each. */
export type FieldsOfKind = (kind: BoundKind) => Fields;

/** The values of all kinds in a pod, read when they are asked for. */
export function fieldsByKind(situation: Situation, marks: Marks): FieldsOfKind {
  const known = new Map<BoundKind, Fields>();
  return (kind) => {
    const fields = known.get(kind) ?? fieldsOf(situation, kind, marks);
    known.set(kind, fields);
    return fields;
  };
}

/** The values of a kind in a pod. */
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
  let authors: ReadonlySet<string> | undefined;
  return {
    field,
    isAuthors: ({ container }) => (authors ??= authorsOf(situation, kind)).has(container.name),
    pod: found(field.inContext(pod.spec?.securityContext), podWide),
    of: ({ container }) =>
      found(
        field.inContext(container.securityContext) ?? field.inAnnotation(pod, container),
        () => marks.get(container.name) ?? [],
      ),
  };
}

/**
 * The value under which the container runs: its own, else that of the pod. The latter may be the author's for one
 * container, and be marked as that of `*` for another, where it is the same.
 */
export function foundAt(fields: Fields, place: ContainerPlace): Found | undefined {
  const own = fields.of(place);
  if (own !== undefined || fields.pod === undefined) return own;
  return fields.isAuthors(place) ? { value: fields.pod.value, from: [] } : fields.pod;
}
