// SPDX-License-Identifier: Apache-2.0
// A filter as the messages that the runner takes. Here because what a filter means is ours; how messages travel is io's.
import type { RunnerCommand } from '../../gen/wire/runner.ts';
import type { NumericArchitecture, NumericFilter, NumericRule } from './filter.ts';
import type { Operator } from './model.ts';
import { returnValue } from './verdict.ts';

/** libseccomp's numbers of comparisons (enum scmp_compare in seccomp.h). */
const COMPARE: Readonly<Record<Operator, number>> = {
  SCMP_CMP_NE: 1,
  SCMP_CMP_LT: 2,
  SCMP_CMP_LE: 3,
  SCMP_CMP_EQ: 4,
  SCMP_CMP_GE: 5,
  SCMP_CMP_GT: 6,
  SCMP_CMP_MASKED_EQ: 7,
};

function ruleCommands({ verdict, numbers, conditions }: NumericRule): readonly RunnerCommand[] {
  return [
    ...conditions.map(({ index, op, value, valueTwo }): RunnerCommand => ({
      type: 'condition',
      index,
      op: COMPARE[op],
      value,
      valueTwo,
    })),
    { type: 'rule', numbers, action: returnValue(verdict) },
  ];
}

function architectureCommands({ architecture, rules }: NumericArchitecture): readonly RunnerCommand[] {
  return [{ type: 'architecture', name: architecture }, ...rules.flatMap(ruleCommands)];
}

/** The messages that make the runner build this filter; what comes after them (`start`) is the caller's. */
export function filterCommands(filter: NumericFilter): readonly RunnerCommand[] {
  const { defaultVerdict, flags, architectures } = filter;
  const begin: RunnerCommand = {
    type: 'filter',
    defaultAction: returnValue(defaultVerdict),
    log: flags.includes('SECCOMP_FILTER_FLAG_LOG'),
    specAllow: flags.includes('SECCOMP_FILTER_FLAG_SPEC_ALLOW'),
  };
  return [begin, ...architectures.flatMap(architectureCommands)];
}
