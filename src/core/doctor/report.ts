// SPDX-License-Identifier: Apache-2.0
// Findings as text for people, and as a value for programs.
import { plainText } from '../plain-text.ts';
import type { Finding, FindingState, Patient } from './finding.ts';

const PATIENTS: readonly Patient[] = ['node', 'cluster'];

const COUNTED: Readonly<Record<FindingState, readonly [one: string, many: string]>> = {
  ok: ['ok', 'ok'],
  warn: ['warning', 'warnings'],
  fail: ['failure', 'failures'],
  unknown: ['unknown', 'unknown'],
};

/** A text of others on one line. */
function plainLine(text: string): string {
  return plainText(text.replaceAll(/\s+/g, ' ')).trim();
}

function countsOf(findings: readonly Finding[]): Readonly<Record<FindingState, number>> {
  const counts = { ok: 0, warn: 0, fail: 0, unknown: 0 };
  for (const { state } of findings) counts[state] += 1;
  return counts;
}

function section(about: Patient, findings: readonly Finding[], width: number): readonly string[] {
  const own = findings.filter((finding) => finding.about === about);
  if (own.length === 0) return [];
  const indent = ' '.repeat(2 + 'unknown'.length + 2 + width + 2);
  const lines = own.flatMap(({ state, check, message, advice }) => [
    `  ${state.padEnd('unknown'.length)}  ${check.padEnd(width)}  ${plainLine(message)}`,
    ...(advice === undefined ? [] : [`${indent}-> ${plainLine(advice)}`]),
  ]);
  return [about, ...lines];
}

/** Findings as lines, the node's first, and how many there are of each state. */
export function findingsText(findings: readonly Finding[]): string {
  const width = Math.max(0, ...findings.map(({ check }) => check.length));
  const counts = countsOf(findings);
  const sum = (['ok', 'warn', 'fail', 'unknown'] as const)
    .filter((state) => state === 'ok' || counts[state] > 0)
    .map((state) => `${String(counts[state])} ${COUNTED[state][counts[state] === 1 ? 0 : 1]}`);
  return [...PATIENTS.flatMap((about) => section(about, findings, width)), sum.join(', '), ''].join('\n');
}

/** The value that `-o json` prints. */
export function findingsValue(findings: readonly Finding[], version: string): object {
  return { version, summary: countsOf(findings), findings };
}
