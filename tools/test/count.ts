// SPDX-License-Identifier: Apache-2.0
// Reads the numbers from the output of mocha's spec reporter.

import { stripVTControlCharacters } from 'node:util';

/** Tests by how they went. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** No tests. */
export const NONE: Count = { passed: 0, failed: 0, skipped: 0 };

/** The sum of two counts. */
export function add(a: Count, b: Count): Count {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

function counted(output: string, word: string): number {
  return Number(new RegExp(`^\\s+(\\d+) ${word}\\b`, 'm').exec(output)?.[1] ?? 0);
}

/** Counts a mocha run. One that ended badly without a failed test (a crash, coverage too low) counts as one failure. */
export function countMocha(output: string, status: number): Count {
  const count = {
    passed: counted(output, 'passing'),
    failed: counted(output, 'failing'),
    skipped: counted(output, 'pending'),
  };
  return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** Tests that have passed so far in a mocha run that goes on. */
export function passedSoFar(output: string): number {
  return stripVTControlCharacters(output).match(/^\s+✔ /gm)?.length ?? 0;
}

/** The failures in mocha's output; the last lines of a run that ended without a summary. */
export function failureText(output: string): string {
  const at = /^\s+\d+ failing\b/m.exec(output)?.index;
  return output.slice(at ?? -2000);
}

/** On CI a test that could not run is a failed one: a machine that lacks what a test needs must not look green. */
export function judged(count: Count, isCi: boolean): Count {
  return isCi ? { ...count, failed: count.failed + count.skipped, skipped: 0 } : count;
}

/** A count in words, without what there is none of. */
export function words({ passed, failed, skipped }: Count): string {
  const parts = [
    `${String(passed)} passed`,
    ...(failed === 0 ? [] : [`${String(failed)} failed`]),
    ...(skipped === 0 ? [] : [`${String(skipped)} skipped`]),
  ];
  return parts.join(', ');
}

/** The last line of a run. */
export function closingLine({ passed, failed, skipped }: Count): string {
  return `${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`;
}
