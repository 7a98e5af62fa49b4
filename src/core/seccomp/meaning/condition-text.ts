// SPDX-License-Identifier: Apache-2.0
// Conditions of rules in words.
import type { ArgCondition, Operator } from '../model.ts';

const SIGNS: Readonly<Record<Exclude<Operator, 'SCMP_CMP_MASKED_EQ'>, string>> = {
  SCMP_CMP_NE: '!=',
  SCMP_CMP_LT: '<',
  SCMP_CMP_LE: '<=',
  SCMP_CMP_EQ: '=',
  SCMP_CMP_GE: '>=',
  SCMP_CMP_GT: '>',
};

/** A number as people read it: hexadecimal where it is large. */
export function argumentText(value: bigint): string {
  return value < 0x1000n ? String(value) : `0x${value.toString(16)}`;
}

/** The condition as people write it: `arg1 = 21505`, `arg0 & 0x10000000 = 0`. */
export function conditionText({ index, op, value, valueTwo }: ArgCondition): string {
  const name = `arg${String(index)}`;
  if (op !== 'SCMP_CMP_MASKED_EQ') return `${name} ${SIGNS[op]} ${argumentText(value)}`;
  return `${name} & ${argumentText(value)} = ${argumentText(valueTwo & value)}`;
}
