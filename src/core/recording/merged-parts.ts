// SPDX-License-Identifier: Apache-2.0
// The annotation of a merged profile that lists which parts are in it: `<uid>=<state>`, parted by commas. A part is
// deleted only when the profile in the cluster lists it, and merged only when it does not, so a merge that breaks off
// anywhere loses no part and counts none twice.
import { ANNOTATION } from '../names.ts';
import { sha256Hex } from '../sha256.ts';
import type { LearntProfile } from './kinds/learner.ts';

/** The states in which parts were merged, by UID. */
export type MergedParts = ReadonlyMap<string, string>;

const PART = /^([0-9A-Za-z-]{1,64})=([0-9a-f-]{1,64})$/;

/** Digits that tell apart accounts of how a part was learnt. */
const HASH_LENGTH = 8;

/** The state of a part: its generation, and a hash of how it was learnt. */
export function partState({ metadata }: LearntProfile): string {
  const told = metadata.annotations?.[ANNOTATION.recordingEvidence] ?? '';
  return `${String(metadata.generation ?? 0)}-${sha256Hex(told).slice(0, HASH_LENGTH)}`;
}

/** The parts that profiles list. Anybody may have written the annotation: what has not the form is passed over. */
export function mergedParts(profiles: readonly LearntProfile[]): MergedParts {
  const texts = profiles.map(({ metadata }) => metadata.annotations?.[ANNOTATION.mergedParts] ?? '');
  return new Map(
    texts
      .flatMap((text) => text.split(','))
      .flatMap((entry) => {
        const [, uid, state] = PART.exec(entry) ?? [];
        return uid === undefined || state === undefined ? [] : [[uid, state] as const];
      }),
  );
}

/** The text of the annotation; undefined for no parts. */
export function printMergedParts(parts: MergedParts): string | undefined {
  if (parts.size === 0) return undefined;
  return Array.from(parts, ([uid, state]) => `${uid}=${state}`)
    .sort()
    .join(',');
}
