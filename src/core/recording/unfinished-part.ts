// SPDX-License-Identifier: Apache-2.0
// Profiles whose containers still run as far as they say, though their end will not be told any more: their node is
// gone, or its recorder was not there when they ended. Such a run ends with the last call that was seen, and lacks all
// later ones.
import type { PatchOperation } from '../json-patch.ts';
import { pointer } from '../json-patch.ts';
import { ANNOTATION, LABEL } from '../names.ts';
import { parseEvidence } from './evidence-form.ts';
import { printEvidence, summaryOf } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import type { LearntProfile } from './kinds/learner.ts';
import { isPart } from './part.ts';
import type { Run } from './runs.ts';

/** The reason of a loss: counted once for each run whose end nobody has seen. */
export const END_NOT_SEEN = 'end-not-seen';

/** A run, by the beginning of its container's id. */
export type KnownRun = readonly [string, Run];

/** The annotations of a profile in which runs were ended. */
interface EndedRuns {
  readonly annotations: Readonly<Record<string, string>>;
  /** No run of it goes on. */
  readonly isFinished: boolean;
}

/** The runs of a profile that go on as far as it says. */
export function openRuns({ metadata }: Pick<LearntProfile, 'metadata'>): readonly KnownRun[] {
  const evidence = parseEvidence(metadata.annotations?.[ANNOTATION.recordingEvidence]);
  return Object.entries(evidence?.instances ?? {}).filter(([, { until }]) => until === undefined);
}

/** Ends runs of a profile, those of the given keys; undefined where none of them goes on. */
function endRuns({ metadata }: Pick<LearntProfile, 'metadata'>, keys: ReadonlySet<string>): EndedRuns | undefined {
  const open = openRuns({ metadata }).filter(([key]) => keys.has(key));
  const evidence = parseEvidence(metadata.annotations?.[ANNOTATION.recordingEvidence]);
  if (evidence === undefined || open.length === 0) return undefined;
  const sentence = `the end of containers that were recorded was not seen`;
  const gaps = metadata.annotations?.[ANNOTATION.recordingIncomplete];
  const isSaid = gaps?.includes(sentence) === true;
  const after = ended(evidence, keys);
  return {
    annotations: {
      ...metadata.annotations,
      [ANNOTATION.recordingEvidence]: printEvidence(after),
      [ANNOTATION.recordingIncomplete]: isSaid ? gaps : gaps === undefined ? sentence : `${gaps}; ${sentence}`,
    },
    isFinished: summaryOf(after).state === 'ended',
  };
}

/**
 * The patch of a profile that ends runs of it, those of the given keys; empty where none of them goes on. With its last
 * run it ceases to be a part, unless it is to be merged.
 */
export function endingSteps(
  profile: Pick<LearntProfile, 'metadata'>,
  keys: ReadonlySet<string>,
): readonly PatchOperation[] {
  const after = endRuns(profile, keys);
  if (after === undefined) return [];
  const { resourceVersion, labels } = profile.metadata;
  const isFinished = after.isFinished && labels?.[LABEL.partial] !== undefined && !isPart(profile);
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'add', path: '/metadata/annotations', value: after.annotations },
    ...(isFinished ? [{ op: 'remove', path: pointer('metadata', 'labels', LABEL.partial) } as const] : []),
  ];
}

/** The part as one that has ended; a part that has is returned as it is. */
export function endedPart<P extends LearntProfile>(part: P): P {
  const all = endRuns(part, new Set(openRuns(part).map(([key]) => key)));
  return all === undefined ? part : { ...part, metadata: { ...part.metadata, annotations: all.annotations } };
}

function ended(evidence: Evidence, keys: ReadonlySet<string>): Evidence {
  const { instances, lastNewCall } = evidence;
  const end = (key: string, run: Run): Run => {
    if (run.until !== undefined || !keys.has(key)) return run;
    const isLater = lastNewCall !== undefined && lastNewCall > run.from;
    return { ...run, until: isLater ? lastNewCall : run.from, lost: { ...run.lost, [END_NOT_SEEN]: 1 } };
  };
  const runs = Object.entries(instances).map(([key, run]): KnownRun => [key, end(key, run)]);
  return { ...evidence, instances: Object.fromEntries(runs) };
}
