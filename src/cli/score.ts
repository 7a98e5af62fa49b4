// SPDX-License-Identifier: Apache-2.0
// spoc score: how tight a seccomp profile is, with the reason for each point that is missing, for people and pipelines.
import { scoreOf } from '../core/score/score.ts';
import type { Reason, Score } from '../core/score/score.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import { logBase, logNotes, readProfile } from './profile-document.ts';
import { SUCCESS } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** The user's request. */
export interface ScoreRequest {
  readonly file: string;
  /** The least score that is good enough. */
  readonly min: number;
  readonly output: 'text' | 'json';
  readonly conditions: Conditions;
}

/** The status where a profile does not meet what is asked of it, as of spoc evidence. */
const NOT_MET = 3;

/** Columns of the points in the text. */
const POINTS_WIDTH = 5;

function reasonText({ points, why, capability }: Reason): string {
  const lost = `-${points.toFixed(1)}`.padStart(POINTS_WIDTH);
  return `${lost}  ${why}${capability === undefined ? '' : ` (needs ${capability})`}\n`;
}

function scoreText({ score, reasons, open, closed }: Score): string {
  const names = open.map(({ cve }) => cve).join(', ');
  const count = `${String(closed.length)} of ${String(closed.length + open.length)}`;
  const reachable = names === '' ? '' : `; of the others a vulnerable kernel has the way open: ${names}`;
  const known = `Closes the way to ${count} known vulnerabilities of the kernel${reachable}\n`;
  return `${String(score)} of 100\n${reasons.map(reasonText).join('')}${known}`;
}

/**
 * Prints the score.
 *
 * @throws UserError, InvalidProfile where the profile cannot be read
 */
export async function score({ file, min, output, conditions }: ScoreRequest, terminal: Terminal): Promise<ExitResult> {
  const document = await readProfile(file, terminal, conditions);
  logNotes(document, terminal);
  logBase(document, terminal);
  const found = scoreOf(document.profile);
  terminal.print(output === 'json' ? `${JSON.stringify(scoreValue(found), undefined, 2)}\n` : scoreText(found));
  return found.score >= min ? SUCCESS : { type: 'status', status: NOT_MET };
}

/** Numbers of arguments are 64 bits long, which JSON has not; the calls are told in words. */
function scoreValue({ open, closed, ...rest }: Score): Readonly<Record<string, unknown>> {
  const named = (some: Score['open']): readonly unknown[] =>
    some.map(({ cve, effect, source }) => ({ cve, effect, source }));
  return { ...rest, open: named(open), closed: named(closed) };
}
