// SPDX-License-Identifier: Apache-2.0
// How the union of profiles was learnt: by so many recordings, each of which counts for what it has seen. Parts that no
// recording has made say nothing about that, and add nothing to it.
import type { SeccompProfile } from '../gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../gen/kinds.ts';
import type { LearntProfile } from '../core/recording/kinds/learner.ts';
import { parseMarkedValues, printMarkedValues, unitedMarks } from '../core/adaptation/narrowed-values.ts';
import { ANNOTATION } from '../core/names.ts';
import { LEARNT_KINDS } from '../core/recording/kinds/learners.ts';
import { isRecorded, mergeRecordings } from '../core/recording/merge-partials.ts';
import type { Profile } from '../core/seccomp/model.ts';
import { renderSpec } from '../core/seccomp/render.ts';
import type { ProfileObject } from './object-kind.ts';
import type { ProfileDocument } from './profile-document.ts';
import type { ObjectFacts } from './profile-facts.ts';

type Annotations = Readonly<Record<string, string>>;

/** The annotations of a union of seccomp profiles; none where no part tells of a recording. */
export function annotationsOfUnion(documents: readonly ProfileDocument[]): Annotations {
  const parts = documents.flatMap(({ profile, object }): SeccompProfile[] => {
    if (object === undefined) return [];
    const { kind, group, version } = SECCOMP_PROFILE;
    const { name, annotations } = object;
    return [{ apiVersion: `${group}/${version}`, kind, metadata: { name, annotations }, spec: renderSpec(profile) }];
  });
  return ofRecorded(parts);
}

/** To which values of its parts a merged profile is narrowed still; nothing where it is not. */
export function valuesOfMerged(profile: Profile, parts: readonly ObjectFacts[]): Annotations {
  const marked = parts.flatMap(({ annotations }) => parseMarkedValues(annotations[ANNOTATION.observedValues] ?? ''));
  const values = printMarkedValues(unitedMarks(profile, marked)).join('; ');
  return values === '' ? {} : { [ANNOTATION.observedValues]: values };
}

/** The same for objects of another kind. */
export function annotationsOfObjects(kind: string, objects: readonly ProfileObject[]): Annotations {
  if (!LEARNT_KINDS.some((learnt) => learnt === kind)) return {};
  // The objects were held against the schema of their kind.
  return ofRecorded(objects.map(({ facts, spec }) => ({ kind, metadata: facts, spec }) as unknown as LearntProfile));
}

function ofRecorded(parts: readonly LearntProfile[]): Annotations {
  const recorded = parts.filter(isRecorded);
  return recorded.length === 0 ? {} : mergeRecordings(recorded).annotations;
}
