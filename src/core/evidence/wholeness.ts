// SPDX-License-Identifier: Apache-2.0
// Whether a recording is whole, by what its profile says: nothing that is not said is taken for good.
import { ANNOTATION } from '../names.ts';
import { isAddedByRecorder } from '../recording/added-calls.ts';
import { summaryOf } from '../recording/evidence.ts';
import type { LearntProfile } from '../recording/kinds/learner.ts';
import { evidenceOf } from '../recording/merge-partials.ts';

/** Whether recordings are whole, with the reasons against it, a sentence without a full stop each. */
export interface Wholeness {
  readonly answer: 'yes' | 'no' | 'unknown';
  readonly reasons: readonly string[];
}

/** The wholeness of all: one that is not spoils it, one that does not tell leaves it unknown. */
export function wholenessOf(profiles: readonly LearntProfile[]): Wholeness {
  const gaps = [...new Set(profiles.flatMap(gapsOf))];
  if (gaps.length > 0) return { answer: 'no', reasons: gaps };
  const silent = profiles.filter((profile) => !tells(profile)).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  if (silent.length === 0 && profiles.length > 0) return { answer: 'yes', reasons: [] };
  return { answer: 'unknown', reasons: silent.map((name) => `nothing in ${name} says how it was learnt`) };
}

function gapsOf(profile: LearntProfile): readonly string[] {
  const evidence = evidenceOf(profile);
  const goesOn = evidence !== undefined && summaryOf(evidence).state === 'in-progress';
  const text = profile.metadata.annotations?.[ANNOTATION.recordingIncomplete] ?? '';
  return [...(goesOn ? ['a container still runs'] : []), ...(text === '' ? [] : text.split('; '))];
}

/** `spoc record` writes no evidence, but what it adds and what it lacks. */
function tells(profile: LearntProfile): boolean {
  const { [ANNOTATION.addedSyscalls]: added = '' } = profile.metadata.annotations ?? {};
  return evidenceOf(profile) !== undefined || isAddedByRecorder(added);
}
