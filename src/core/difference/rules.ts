// SPDX-License-Identifier: Apache-2.0
// The difference between two profiles of SELinux or AppArmor: by their rules, each a line, in whatever order they were
// written.
import { isJsonObject } from '../json.ts';
import type { Change, Difference, FieldChange } from './change.ts';
import { worstFirst } from './order.ts';

/** A rule: the field that it stands in, and what it says. */
interface RuleLine {
  readonly field: string;
  readonly text: string;
}

function linesOf(value: unknown, field: string): readonly RuleLine[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => linesOf(item, field));
  if (isJsonObject(value)) {
    const entries = Object.entries(value);
    return entries.flatMap(([key, inner]) => linesOf(inner, field === '' ? key : `${field}.${key}`));
  }
  if (typeof value === 'number' || value === true) return [{ field, text: String(value) }];
  if (typeof value !== 'string') return [];
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((text) => ({ field, text }));
}

function keyed(spec: Readonly<Record<string, unknown>>): ReadonlyMap<string, RuleLine> {
  return new Map(linesOf(spec, '').map((line) => [`${line.field} ${line.text}`, line]));
}

/** Fields with text in a language of its own, of which a line may let in or shut out. */
const IN_A_LANGUAGE: readonly string[] = ['policy'];

function changeOf({ field, text }: RuleLine, isNew: boolean): FieldChange {
  const direction = IN_A_LANGUAGE.includes(field) ? 'answer' : isNew ? 'let-in' : 'shut-out';
  return { type: 'field', field, from: isNew ? '' : text, to: isNew ? text : '', direction };
}

/** The rules of the second spec that the first lacks, and the other way round; both specs in their canonical form. */
export function diffRules(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Difference {
  const [old, young] = [keyed(before), keyed(after)];
  const come = [...young].filter(([key]) => !old.has(key)).map(([, line]): Change => changeOf(line, true));
  const gone = [...old].filter(([key]) => !young.has(key)).map(([, line]): Change => changeOf(line, false));
  return { changes: worstFirst([...come, ...gone]), unknown: [] };
}
