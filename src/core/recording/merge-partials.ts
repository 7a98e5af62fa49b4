// SPDX-License-Identifier: Apache-2.0
// One profile of the recordings of several containers: it permits what any of them needed, counts in how many each call
// was seen, and lacks what any of them lacks. Merging is a sum: in any order, and of profiles that were merged before,
// the same comes out, as long as none is in it twice.
import { ANNOTATION } from '../names.ts';
import { isAddedByRecorder } from './added-calls.ts';
import { coverageOf, parseCoverage, printCoverage, sumCoverages } from './coverage.ts';
import type { Coverage } from './coverage.ts';
import { parseEvidence } from './evidence-form.ts';
import { printEvidence, summaryOf, uniteEvidence } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { gapSentences } from './gaps.ts';
import type { Learner, Learnt, LearntProfile } from './kinds/learner.ts';
import { learnerOf } from './kinds/learners.ts';
import type { TimedNames } from './last-news.ts';

/** A merged profile, without the name and labels of its object. */
export interface MergedRecordings<P extends LearntProfile> extends Learnt<P> {
  readonly coverage: Coverage;
}

/** Sentences on gaps that are kept; of different containers most are the same. */
const MOST_GAPS = 30;

/** Stands behind the gaps that are kept, where there are more. */
const MORE_GAPS = 'there are more gaps than are listed here';

/**
 * Merges recorded profiles of one kind, of which at least one must be given. Disabled is what has a disabled part.
 *
 * @param coverageOfPart - how a part is counted, where not as it says itself
 * @throws InvalidProfile with every fault of a spec; RangeError for parts that have no union, as the kind's learner
 */
export function mergeRecordings<P extends LearntProfile>(
  parts: readonly P[],
  coverageOfPart: (part: P) => Coverage = partCoverage,
): MergedRecordings<P> {
  const learner = learnerOfAll(parts);
  const coverage = sumCoverages(parts.map(coverageOfPart));
  const { spec, annotations } = learner.merge(parts, coverage);
  const evidence = uniteParts(parts);
  const gaps = uniteGaps([...gapsOf(evidence), ...parts.flatMap(gapsBeside)]);
  const isDisabled = parts.some((part) => part.spec.disabled === true);
  return {
    spec: { ...spec, ...(isDisabled ? { disabled: true } : {}) },
    annotations: {
      [learner.coverage.annotation]: printCoverage(coverage, learner.coverage),
      ...(evidence === undefined ? {} : { [ANNOTATION.recordingEvidence]: printEvidence(evidence) }),
      ...annotations,
      ...(gaps.length === 0 ? {} : { [ANNOTATION.recordingIncomplete]: gaps.join('; ') }),
    },
    coverage,
  };
}

function learnerOfAll<P extends LearntProfile>(parts: readonly P[]): Learner<P> {
  const [first, ...others] = new Set(parts.map(({ kind }) => kind));
  if (first === undefined || others.length > 0) throw new RangeError('profiles of one kind only are merged');
  return learnerOf<P>(first);
}

/**
 * The coverage of a recorded profile: as it says, else one recording that has seen what the profile has, without what
 * was added.
 */
export function partCoverage(part: LearntProfile): Coverage {
  const learner = learnerOf(part.kind);
  const text = part.metadata.annotations?.[learner.coverage.annotation];
  const told = text === undefined ? undefined : parseCoverage(text, learner.coverage);
  return told ?? coverageOf(learner.seenIn(part));
}

/** The evidence of a recorded profile, if it has any. */
export function evidenceOf({ metadata }: Pick<LearntProfile, 'metadata'>): Evidence | undefined {
  return parseEvidence(metadata.annotations?.[ANNOTATION.recordingEvidence]);
}

/** Whether a profile says that it was recorded, by whatever it tells of that; another may be written by hand. */
export function isRecorded(profile: Pick<LearntProfile, 'kind' | 'metadata'>): boolean {
  const { annotations = {} } = profile.metadata;
  const form = learnerOf(profile.kind).coverage;
  return (
    evidenceOf(profile) !== undefined ||
    parseCoverage(annotations[form.annotation] ?? '', form) !== undefined ||
    isAddedByRecorder(annotations[ANNOTATION.addedSyscalls] ?? '') ||
    annotations[ANNOTATION.recordingIncomplete] !== undefined
  );
}

/** The names that a recorded profile has seen, and when something was new to it. */
export function timedNames(part: LearntProfile): TimedNames {
  return { names: new Set(partCoverage(part).names.keys()), lastNew: evidenceOf(part)?.lastNewCall };
}

function uniteParts(parts: readonly LearntProfile[]): Evidence | undefined {
  const [first, ...others] = parts.flatMap((part) => evidenceOf(part) ?? []);
  return first === undefined ? undefined : uniteEvidence(first, others);
}

function gapsOf(evidence: Evidence | undefined): readonly string[] {
  return evidence === undefined ? [] : gapSentences(summaryOf(evidence).lost);
}

/** The gaps that a profile tells of beside those that its evidence counts: those are counted together. */
function gapsBeside(part: LearntProfile): readonly string[] {
  const texts = textsOf(part, ANNOTATION.recordingIncomplete);
  if (texts.length === 0) return [];
  const counted = gapsOf(evidenceOf(part));
  return texts.filter((text) => !counted.includes(text));
}

function textsOf({ metadata }: LearntProfile, annotation: string): readonly string[] {
  const text = metadata.annotations?.[annotation] ?? '';
  return text === '' ? [] : text.split('; ');
}

/** Each sentence once; the first ones in their order where there are too many, whichever are united first. */
function uniteGaps(sentences: readonly string[]): readonly string[] {
  const all = new Set(sentences);
  const isCut = all.delete(MORE_GAPS);
  const sorted = [...all].sort();
  if (!isCut && sorted.length <= MOST_GAPS) return sorted;
  return [...sorted.slice(0, MOST_GAPS), MORE_GAPS];
}
