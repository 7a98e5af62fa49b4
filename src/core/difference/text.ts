// SPDX-License-Identifier: Apache-2.0
// Differences for people: a line for each, calls of which the same is said in one, and what the dangerous ones are
// dangerous for.
import { dangersOf } from '../score/dangers.ts';
import { useText } from '../score/use-text.ts';
import { argumentsText, directionOf } from './change.ts';
import type { CallChange, Change, Difference, Direction } from './change.ts';
import { verdictText } from '../seccomp/meaning/verdict.ts';

const TITLES: Readonly<Record<Direction, string>> = {
  'let-in': 'Lets in',
  answer: 'Answers otherwise',
  'shut-out': 'Shuts out',
};

/** The name of every call that has none in our tables. */
const ALL_OTHERS = 'calls that no table has';

function callName({ call, architecture }: CallChange): string {
  const name = call === '*' ? ALL_OTHERS : call;
  return architecture === undefined ? name : `${name} on ${architecture.replace('SCMP_ARCH_', '')}`;
}

/** The change without its name: `SCMP_ACT_ERRNO -> SCMP_ACT_ALLOW where arg0 = 1`. */
function answersText(change: CallChange): string {
  const [from, to] = [verdictText(change.from, change.to), verdictText(change.to, change.from)];
  const where = argumentsText(change);
  return `${from} -> ${to}${where === '' ? '' : ` where ${where}`}`;
}

function fieldText({ field, from, to }: Extract<Change, { type: 'field' }>): string {
  if (from === '') return `${field}: ${to}`;
  return to === '' ? `${field}: ${from}` : `${field}: ${from} -> ${to}`;
}

/** Lines about changes of one direction; dangerous calls have one each. */
function linesOf(changes: readonly Change[]): readonly string[] {
  const fields = changes.filter((change) => change.type === 'field').map(fieldText);
  const calls = changes.filter((change) => change.type === 'call');
  const dangerous = calls.filter(({ call }) => dangersOf(call).length > 0);
  const lines = dangerous.map((change) => {
    const dangers = dangersOf(change.call).map(({ use, danger }) =>
      use.args.length > 0 ? `${useText(use)} (${danger})` : danger,
    );
    return `${callName(change)}: ${answersText(change)}\n      dangerous: ${dangers.join('; ')}`;
  });
  const harmless = Map.groupBy(
    calls.filter(({ call }) => dangersOf(call).length === 0),
    answersText,
  );
  const grouped = [...harmless].map(([answers, some]) => `${some.map(callName).join(', ')}: ${answers}`);
  return [...fields, ...lines, ...grouped];
}

/** All differences as text; empty where there are none. */
export function differenceText({ changes, unknown }: Difference): string {
  const byDirection = Map.groupBy(changes, directionOf);
  const parts = (['let-in', 'answer', 'shut-out'] as const).flatMap((direction) => {
    const lines = linesOf(byDirection.get(direction) ?? []);
    return lines.length === 0 ? [] : [`${TITLES[direction]}:\n${lines.map((line) => `  ${line}\n`).join('')}`];
  });
  const unsaid = unknown.map((sentence) => `  ${sentence}\n`).join('');
  return [...parts, ...(unsaid === '' ? [] : [`Not known:\n${unsaid}`])].join('');
}

function changeValue(change: Change): Readonly<Record<string, unknown>> {
  const direction = directionOf(change);
  if (change.type === 'field') {
    const { field, from, to } = change;
    return { direction, field, from, to };
  }
  const { call, architecture, from, to, example } = change;
  const where = argumentsText(change);
  const dangers = dangersOf(call).map(({ danger }) => danger);
  return {
    direction,
    call,
    ...(architecture === undefined ? {} : { architecture }),
    from,
    to,
    ...(where === '' ? {} : { where, example: example.map(String) }),
    ...(dangers.length === 0 ? {} : { dangers }),
  };
}

/** All differences as a value for JSON. */
export function differenceValue({ changes, unknown }: Difference): Readonly<Record<string, unknown>> {
  return { changes: changes.map(changeValue), unknown };
}
