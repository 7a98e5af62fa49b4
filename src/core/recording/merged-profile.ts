// SPDX-License-Identifier: Apache-2.0
// The profile into which parts of a recording are merged, as an object: with the list of the parts that are in it.
import { ANNOTATION, FINALIZER, LABEL } from '../names.ts';
import type { Coverage } from './coverage.ts';
import type { LearntProfile } from './kinds/learner.ts';
import { learnerOf } from './kinds/learners.ts';
import { mergeRecordings, partCoverage } from './merge-partials.ts';
import { mergedParts, partState, printMergedParts } from './merged-parts.ts';
import { isHeldAsPart } from './part.ts';
import { endedPart } from './unfinished-part.ts';

/** The profiles of one container of a recording: its parts, and what they are merged into. */
export interface PartGroup<P extends LearntProfile = LearntProfile> {
  readonly namespace: string;
  readonly recording: string;
  readonly container: string;
  /** At least one. */
  readonly profiles: readonly P[];
}

/** A merged profile, as it is written. */
export type MergedProfile<P extends LearntProfile = LearntProfile> = Omit<P, 'status'>;

/** A profile and what is to be merged into it. */
export interface Merge<P extends LearntProfile> {
  readonly name: string;
  /** The profile as it is; undefined where there is none. */
  readonly target: P | undefined;
  readonly parts: readonly P[];
  /** It lacks parts, and is one itself until it has them. */
  readonly isPartial: boolean;
}

/**
 * The merged profile; undefined where there is nothing to make it of.
 * @throws as mergeRecordings
 */
export function mergedProfile<P extends LearntProfile>(
  group: PartGroup<P>,
  merge: Merge<P>,
): MergedProfile<P> | undefined {
  const { target, parts, isPartial } = merge;
  const all = [...(target === undefined ? [] : [target]), ...parts.map((part) => endedPart(part))];
  const [first] = all;
  if (first === undefined) return undefined;
  const { spec, annotations } = mergeRecordings(all, counting(group));
  const list = listAfter(group, parts);
  const { apiVersion, kind } = learnerOf(first.kind);
  return {
    apiVersion,
    kind,
    metadata: {
      name: merge.name,
      namespace: group.namespace,
      labels: labelsOf(group, isPartial),
      annotations: { ...annotations, ...(list === undefined ? {} : { [ANNOTATION.mergedParts]: list }) },
      ...(isPartial ? { finalizers: [FINALIZER.partialProfile] } : {}),
    },
    spec,
    // Made by the learner of the kind.
  } as unknown as MergedProfile<P>;
}

/** Equal for profiles that are marked alike: what they are apart from their content. */
export function marksOf({ metadata }: MergedProfile): string {
  const list = metadata.annotations?.[ANNOTATION.mergedParts] ?? '';
  return [list, metadata.labels?.[LABEL.partial] ?? '', isHeldAsPart({ metadata })].join(' ');
}

function labelsOf(
  { namespace, recording, container }: PartGroup,
  isPartial: boolean,
): Readonly<Record<string, string>> {
  return {
    [LABEL.recordingId]: recording,
    [LABEL.recordingNamespace]: namespace,
    [LABEL.containerId]: container,
    ...(isPartial ? { [LABEL.partial]: 'true' } : {}),
  };
}

/** A part that has changed since it was merged is not counted again; its new calls are, once. */
function counting({ profiles }: PartGroup): (part: LearntProfile) => Coverage {
  const listed = mergedParts(profiles);
  const collections = profiles.filter(({ metadata }) => metadata.annotations?.[ANNOTATION.mergedParts] !== undefined);
  const known = new Set(collections.flatMap((profile) => [...partCoverage(profile).names.keys()]));
  return (part) => {
    const coverage = partCoverage(part);
    if (!listed.has(part.metadata.uid ?? '')) return coverage;
    const fresh = [...coverage.names.keys()].filter((name) => !known.has(name));
    return { total: 0, names: new Map(fresh.map((name) => [name, 1])) };
  };
}

/** Parts are listed as long as they are there. */
function listAfter({ profiles }: PartGroup, parts: readonly LearntProfile[]): string | undefined {
  const there = new Set(profiles.map(({ metadata }) => metadata.uid));
  const kept = [...mergedParts(profiles)].filter(([uid]) => there.has(uid));
  const added = parts.map((part) => [part.metadata.uid ?? '', partState(part)] as const);
  return printMergedParts(new Map([...kept, ...added]));
}
