// SPDX-License-Identifier: Apache-2.0
// One profile of the recordings of several containers: it permits what any of them needed, counts in how many each call
// was seen, and lacks what any of them lacks. Merging is a sum: in any order, and of profiles that were merged before,
// the same comes out, as long as none is in it twice.
import type { SeccompProfile, SeccompProfileSpec } from '../../gen/crd/seccomp-profile.ts';
import { ANNOTATION } from '../names.ts';
import { mergeSpecs } from '../seccomp/merge-specs.ts';
import { renderSpec } from '../seccomp/render.ts';
import { parseAddedCalls, printAddedCalls, uniteAddedCalls } from './added-calls.ts';
import type { AddedCall } from './added-calls.ts';
import { coverageOf, parseCoverage, printCoverage, sumCoverages } from './coverage.ts';
import type { Coverage } from './coverage.ts';
import { parseEvidence } from './evidence-form.ts';
import { printEvidence, summaryOf, uniteEvidence } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { gapSentences } from './gaps.ts';

/** A merged profile, without the name and labels of its object. */
export interface MergedRecordings {
  readonly spec: SeccompProfileSpec;
  readonly annotations: Readonly<Record<string, string>>;
  readonly coverage: Coverage;
}

/** Sentences on gaps that are kept; of different containers most are the same. */
const MOST_GAPS = 30;

/** Stands behind the gaps that are kept, where there are more. */
const MORE_GAPS = 'there are more gaps than are listed here';

/**
 * Merges recorded profiles, of which at least one must be given. Disabled is what has a disabled part.
 *
 * @param coverageOfPart - how a part is counted, where not as it says itself
 * @throws InvalidProfile with every fault of a spec; RangeError for parts that have no union, as mergeProfiles
 */
export function mergeRecordings(
  parts: readonly SeccompProfile[],
  coverageOfPart: (part: SeccompProfile) => Coverage = partCoverage,
): MergedRecordings {
  const merged = mergeSpecs(
    parts.map((part) => ({ subject: `SeccompProfile ${part.metadata.name}`, spec: part.spec })),
  );
  const coverage = sumCoverages(parts.map(coverageOfPart));
  const added = uniteAddedCalls(parts.flatMap(addedTo), (name) => coverage.syscalls.has(name));
  const evidence = uniteParts(parts);
  const gaps = uniteGaps([...gapsOf(evidence), ...parts.flatMap(gapsBeside)]);
  const isDisabled = parts.some(({ spec }) => spec.disabled === true);
  return {
    spec: { ...renderSpec(merged), ...(isDisabled ? { disabled: true } : {}) },
    annotations: {
      [ANNOTATION.syscallCoverage]: printCoverage(coverage),
      ...(evidence === undefined ? {} : { [ANNOTATION.recordingEvidence]: printEvidence(evidence) }),
      ...(added.length === 0 ? {} : { [ANNOTATION.addedSyscalls]: printAddedCalls(added).join('; ') }),
      ...(gaps.length === 0 ? {} : { [ANNOTATION.recordingIncomplete]: gaps.join('; ') }),
    },
    coverage,
  };
}

/**
 * The coverage of a recorded profile: as it says, else one recording that has seen what the profile has, without the
 * calls that were added.
 */
export function partCoverage(part: SeccompProfile): Coverage {
  const text = part.metadata.annotations?.[ANNOTATION.syscallCoverage];
  const told = text === undefined ? undefined : parseCoverage(text);
  if (told !== undefined) return told;
  const added = new Set(addedTo(part).map(({ name }) => name));
  const names = (part.spec.syscalls ?? []).flatMap((rule) => rule.names);
  return coverageOf(added.size === 0 ? names : names.filter((name) => !added.has(name)));
}

/** The evidence of a recorded profile, if it has any. */
export function evidenceOf({ metadata }: SeccompProfile): Evidence | undefined {
  return parseEvidence(metadata.annotations?.[ANNOTATION.recordingEvidence]);
}

function uniteParts(parts: readonly SeccompProfile[]): Evidence | undefined {
  const [first, ...others] = parts.flatMap((part) => evidenceOf(part) ?? []);
  return first === undefined ? undefined : uniteEvidence(first, others);
}

function gapsOf(evidence: Evidence | undefined): readonly string[] {
  return evidence === undefined ? [] : gapSentences(summaryOf(evidence).lost);
}

/** The gaps that a profile tells of beside those that its evidence counts: those are counted together. */
function gapsBeside(part: SeccompProfile): readonly string[] {
  const texts = textsOf(part, ANNOTATION.recordingIncomplete);
  if (texts.length === 0) return [];
  const counted = gapsOf(evidenceOf(part));
  return texts.filter((text) => !counted.includes(text));
}

function addedTo(part: SeccompProfile): readonly AddedCall[] {
  return parseAddedCalls(part.metadata.annotations?.[ANNOTATION.addedSyscalls] ?? '');
}

function textsOf({ metadata }: SeccompProfile, annotation: string): readonly string[] {
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
