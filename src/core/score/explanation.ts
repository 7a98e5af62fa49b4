// SPDX-License-Identifier: Apache-2.0
// Everything that is known of one call under a profile: what the profile says to it and by which rule, how it came into
// the profile, what it is dangerous for, what it undoes and is undone by, and which vulnerabilities need it.
import { BYPASSES, VULNERABILITIES } from '../../gen/dangers.ts';
import type { Vulnerability } from '../../gen/dangers.ts';
import { parseMarkedValues } from '../adaptation/narrowed-values.ts';
import type { Values } from '../adaptation/observed-values.ts';
import { ANNOTATION } from '../names.ts';
import { isAddedByRecorder, parseAddedCalls } from '../recording/added-calls.ts';
import { parseCoverage } from '../recording/coverage.ts';
import { answersOf, answersTo } from '../seccomp/meaning/answers.ts';
import type { Answers } from '../seccomp/meaning/answers.ts';
import { argumentText, conditionText } from '../seccomp/meaning/condition-text.ts';
import { sameVerdict, verdictOf, verdictText } from '../seccomp/meaning/verdict.ts';
import type { Verdict } from '../seccomp/meaning/verdict.ts';
import type { Profile } from '../seccomp/model.ts';
import { factsOf, knownArchitectures, syscallNumber } from '../seccomp/syscalls.ts';
import { dangersOf } from './dangers.ts';
import { reachOf } from './reach.ts';
import type { Reach } from './reach.ts';
import { canReach } from './score.ts';
import { useText } from './use-text.ts';

/** A rule of the profile about the call. */
export interface DecidingRule {
  /** `syscalls[3]` */
  readonly field: string;
  readonly verdict: string;
  /** Conditions on arguments, in words; empty for none. */
  readonly where: string;
}

/** A danger of the call, and whether the profile leaves it open. */
export interface JudgedDanger {
  readonly use: string;
  readonly danger: string;
  readonly capability?: string;
  readonly isOpen: boolean;
  readonly source: string;
}

/** Everything that is known of a call. */
export interface Explanation {
  readonly call: string;
  /** Its fate where no condition holds, or there is none. */
  readonly verdict: string;
  /** Rules that name it, in the order of the profile; without any the default decides. */
  readonly rules: readonly DecidingRule[];
  /** Its number on each architecture that has it. */
  readonly numbers: readonly { readonly architecture: string; readonly number: number; readonly isCovered: boolean }[];
  /** How it came into the profile, a sentence each; that nothing tells is one, too. */
  readonly evidence: readonly string[];
  readonly dangers: readonly JudgedDanger[];
  /** How its refusal is, or would be, undone under this profile, a sentence each. */
  readonly undoneBy: readonly string[];
  /** Calls whose refusal it undoes, with others perhaps. */
  readonly undoes: readonly string[];
  readonly vulnerabilities: readonly { readonly cve: string; readonly effect: string; readonly isOpen: boolean }[];
}

/** The annotations of the profile's object. */
export type Annotations = Readonly<Record<string, string>>;

function rulesAbout(profile: Profile, call: string): readonly DecidingRule[] {
  const otherwise = verdictOf(profile.defaultAction, profile.defaultErrno);
  return profile.rules.flatMap((rule, index) => {
    if (!rule.names.includes(call)) return [];
    const verdict = verdictText(verdictOf(rule.action, rule.errno), otherwise);
    return [{ field: `syscalls[${String(index)}]`, verdict, where: rule.args.map(conditionText).join(' and ') }];
  });
}

function numbersOf({ architectures }: Profile, call: string): Explanation['numbers'] {
  return knownArchitectures().flatMap((architecture) => {
    const number = syscallNumber(architecture, call);
    // Runtimes always cover the machine's own.
    const isCovered = architectures.includes(architecture) || factsOf(architecture).host === architecture;
    return number === undefined ? [] : [{ architecture, number, isCovered }];
  });
}

function valuesText(all: readonly Values[]): string {
  const texts = all.map((values) =>
    Array.from(values, ([place, value]) => `arg${String(place)} = ${argumentText(value)}`).join(' and '),
  );
  return texts.join(', ');
}

/** A profile of one recording has no counts; all that it permits was seen, but for the calls that it names as added. */
function isOfOneRecording(annotations: Annotations): boolean {
  const { [ANNOTATION.syscallCoverage]: counts, [ANNOTATION.addedSyscalls]: added = '' } = annotations;
  const isToldOf = [ANNOTATION.recordingEvidence, ANNOTATION.recordingIncomplete].some(
    (name) => annotations[name] !== undefined,
  );
  return counts === undefined && (isToldOf || isAddedByRecorder(added));
}

function evidenceOf({ rules }: Profile, annotations: Annotations, call: string): readonly string[] {
  const coverage = parseCoverage(annotations[ANNOTATION.syscallCoverage] ?? '');
  const seen = coverage?.names.get(call);
  const added = parseAddedCalls(annotations[ANNOTATION.addedSyscalls] ?? '').filter(({ name }) => name === call);
  const isPermitted = rules.some(({ action, names }) => action === 'SCMP_ACT_ALLOW' && names.includes(call));
  const isSeenOnce = added.length === 0 && isPermitted && isOfOneRecording(annotations);
  const values = parseMarkedValues(annotations[ANNOTATION.observedValues] ?? '').filter(({ name }) => name === call);
  const sentences = [
    ...(coverage === undefined || seen === undefined
      ? []
      : [`seen in ${String(seen)} of ${String(coverage.total)} recordings`]),
    ...(isSeenOnce ? ['seen in the only recording'] : []),
    ...added.map(
      ({ reason, newer }) => `not seen, added: ${reason}${newer.length === 0 ? '' : ` (${newer.join(', ')})`}`,
    ),
    ...values.map(({ isObserved, values: all }) =>
      isObserved
        ? `values that traces have shown: ${valuesText(all)}`
        : `values that no trace has shown, used by container runtimes: ${valuesText(all)}`,
    ),
  ];
  return sentences.length === 0 ? ['no recording is known to have shown it'] : sentences;
}

function judgedDangers(call: string, reach: Reach): readonly JudgedDanger[] {
  return dangersOf(call).map(({ use, danger, capability, source }) => ({
    use: useText(use),
    danger,
    ...(capability === undefined ? {} : { capability }),
    isOpen: reach.isOpen(use),
    source,
  }));
}

function concerns({ needs }: Vulnerability, call: string): boolean {
  return needs.flat().some((use) => use.call === call);
}

function fallbackText(answers: Answers, otherwise: Verdict): string {
  const { fallback } = answers;
  return sameVerdict(fallback, otherwise)
    ? `${verdictText(fallback, fallback)}, the default`
    : verdictText(fallback, fallback);
}

/** All that is known of a call under a profile. */
export function explain(profile: Profile, annotations: Annotations, call: string): Explanation {
  const [reach, book] = [reachOf(profile), answersOf(profile)];
  return {
    call,
    verdict: fallbackText(answersTo(book, call), book.defaultVerdict),
    rules: rulesAbout(profile, call),
    numbers: numbersOf(profile, call),
    evidence: evidenceOf(profile, annotations, call),
    dangers: judgedDangers(call, reach),
    undoneBy: reach.bypassesOf(call).map(({ calls, how }) => `${calls.join(' and ')}: ${how}`),
    undoes: [...new Set(BYPASSES.filter(({ calls }) => calls.includes(call)).flatMap(({ undoes }) => undoes))].sort(),
    vulnerabilities: VULNERABILITIES.filter((one) => concerns(one, call)).map((one) => ({
      cve: one.cve,
      effect: one.effect,
      isOpen: canReach(one, reach),
    })),
  };
}
