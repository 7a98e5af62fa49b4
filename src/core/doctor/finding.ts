// SPDX-License-Identifier: Apache-2.0
// The findings of `spoc doctor`: one for each thing that is looked at, with what to do where it is not as it should be.

/** How a thing stands. `unknown` is what could not be looked at, which is never taken for good. */
export type FindingState = 'ok' | 'warn' | 'fail' | 'unknown';

/** The machine that a finding is about, or the cluster. */
export type Patient = 'node' | 'cluster';

/** One thing that was looked at. */
export interface Finding {
  readonly about: Patient;
  /** A word for programs, such as `seccomp` or `webhooks`; several findings may have the same. */
  readonly check: string;
  readonly state: FindingState;
  /** How it stands, in a sentence without a full stop. */
  readonly message: string;
  /** The remedy; absent where nothing needs to be done. */
  readonly advice?: string;
}

/** Something that was looked at, or why it could not be. */
export type Observed<T> =
  { readonly type: 'seen'; readonly value: T } | { readonly type: 'unseen'; readonly why: string };

/** The exit status where a check fails: neither that of an error (1) nor that of a wrong command line (2). */
export const FAILED_STATUS = 3;

/** Makes findings about one patient. */
export function findingsOf(about: Patient) {
  const make =
    (state: FindingState) =>
    (check: string, message: string, advice: string): Finding => ({ about, check, state, message, advice });
  return {
    ok: (check: string, message: string): Finding => ({ about, check, state: 'ok', message }),
    warn: make('warn'),
    fail: make('fail'),
    unknown: make('unknown'),
  };
}

/**
 * The exit status for findings: 0, or FAILED_STATUS where one fails.
 *
 * @param strict - warnings and what is unknown count as failures
 */
export function statusOf(findings: readonly Finding[], strict: boolean): number {
  const isBad = ({ state }: Finding): boolean => state === 'fail' || (strict && state !== 'ok');
  return findings.some(isBad) ? FAILED_STATUS : 0;
}
