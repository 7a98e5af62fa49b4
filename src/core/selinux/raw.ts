// SPDX-License-Identifier: Apache-2.0
// From a RawSelinuxProfile to the text of its module. The policy is read into a tree and printed anew inside of its
// block, so that no comment, quote or line mark of it can mean something else to a compiler than to us.
import type { RawSelinuxProfile } from '../../gen/crd/raw-selinux-profile.ts';
import { Rejected } from '../errors.ts';
import type { Reason } from '../errors.ts';
import { InvalidProfile } from '../faults.ts';
import type { ProfileFault } from '../faults.ts';
import { readCil } from './cil.ts';
import type { CilFault, CilList } from './cil.ts';
import { printCil } from './cil-text.ts';
import { expansionFaults } from './expansion.ts';
import type { SelinuxSurroundings } from './inheritance.ts';
import { judge } from './limits.ts';
import { reportOn } from './raw-risks.ts';
import type { RawReport, RawRule } from './raw-risks.ts';
import { firstOf, requireBlock } from './render.ts';
import type { RenderedCil } from './render.ts';
import { headOf, statementFaults } from './statement-check.ts';

/** A profile as far as its policy and its name are concerned. */
export type RawProfile = Pick<RawSelinuxProfile, 'metadata' | 'spec'>;

const FIELD = 'spec.policy';

/** Heads by which a policy gets the type that pods name. */
const BRINGS_PROCESS: readonly string[] = ['blockinherit', 'call'];

/**
 * The module of a RawSelinuxProfile: the line of a word in it is that of the policy and one more.
 * @throws Rejected with every fault, each with its line and column
 */
export function renderRawCil({ metadata, spec }: RawProfile, around: Pick<SelinuxSurroundings, 'limit'>): RenderedCil {
  const { name, namespace = '' } = metadata;
  const block = requireBlock(namespace, name, around);
  const { statements, fault } = readCil(spec.policy);
  const faults = fault === undefined ? statementFaults(statements, block) : [fault];
  refuse(name, 'InvalidSelinuxProfile', faults.map(fieldFault));
  refuse(name, 'InvalidSelinuxProfile', expansionFaults(statements, block).map(fieldFault));
  const report = reportOn(statements, block);
  const { refusals, risks } = judge(report.rules.map(placedRaw), around.limit);
  refuse(name, 'ProfileNotAllowed', [...report.refusals.map(fieldFault), ...refusals]);
  return {
    block,
    cil: `(block ${block}\n${printCil(statements)})\n`,
    warnings: firstOf([...processWarnings(statements), ...report.risks.map(sentence), ...openRules(report), ...risks]),
  };
}

function refuse(name: string, reason: Reason, faults: readonly ProfileFault[]): void {
  if (faults.length === 0) return;
  const cause = new InvalidProfile(`profile ${name}`, faults);
  throw new Rejected(reason, cause.message, { cause });
}

function fieldFault({ line, column, reason }: CilFault): ProfileFault {
  return { field: FIELD, reason: `line ${String(line)}, column ${String(column)}: ${reason}` };
}

function sentence(fault: CilFault): string {
  const { field, reason } = fieldFault(fault);
  return `${field}: ${reason}`;
}

function placedRaw(rule: RawRule) {
  const field = `${FIELD}: line ${String(rule.line)}`;
  return { ...rule, targetField: field, field };
}

function openRules({ rules }: RawReport): readonly string[] {
  return rules
    .filter(({ isOpen }) => isOpen)
    .map(({ line, objectClass }) => `${FIELD}: line ${String(line)}: may mean every permission of ${objectClass}`);
}

function processWarnings(statements: readonly CilList[]): readonly string[] {
  const heads = statements.map((statement) => headOf(statement) ?? '');
  if (heads.some((head) => BRINGS_PROCESS.includes(head))) return [];
  const declares = (head: string, index: number): boolean =>
    statements.some((statement) => {
      const word = statement.items[index];
      return headOf(statement) === head && word?.kind === 'word' && word.text === 'process';
    });
  if (!declares('type', 1)) return [`${FIELD}: nothing declares the type process, which pods would name`];
  if (declares('roletype', 2)) return [];
  return [`${FIELD}: no roletype names process, so no process can have the type`];
}
