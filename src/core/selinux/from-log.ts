// SPDX-License-Identifier: Apache-2.0
// A SelinuxProfile of the AVC records in a log: what audit2allow -M cannot make, as no module of its language can name
// a type of a block.
import type { SelinuxProfileSpec } from '../../gen/crd/selinux-profile.ts';
import { parseAuditLine } from '../audit/parse.ts';
import type { SelinuxRecord } from '../audit/record.ts';
import { FaultList } from '../faults.ts';
import { parseContext } from './contexts.ts';
import { profileOfUsage } from './names.ts';
import { recordedAccess } from './records.ts';
import type { Counted } from './records.ts';

/** A profile that records would have needed. */
export interface LearntProfile {
  /** Name of the profile under which the records were made, where it is one of ours; else empty. */
  readonly name: string;
  readonly spec: SelinuxProfileSpec;
  readonly warnings: readonly string[];
}

/** Whether a text has a record of SELinux. */
export function holdsAvc(text: string): boolean {
  return /\bavc: {1,2}denied /.test(text);
}

/**
 * The profile of the records of one domain; lines of other kinds are passed over.
 * @throws InvalidProfile where there is none, or records of several domains
 */
export function profileOfLog(text: string, subject: string): LearntProfile {
  const records = text.split('\n').flatMap(selinuxRecordOf);
  const types = [...new Set(records.map(({ scontext }) => parseContext(scontext)?.type ?? scontext))].sort();
  const faults = new FaultList();
  if (types.length === 0) faults.add('', 'has no record of an access that SELinux refused');
  if (types.length > 1) faults.add('', `has records of several domains, leave those of one: ${types.join(', ')}`);
  faults.throwIfAny(subject);
  const { allow, unnamed, levels } = recordedAccess(records);
  return {
    name: profileOfUsage(types[0] ?? '')?.name ?? '',
    spec: { allow, inherit: [{ kind: 'System', name: 'container' }] },
    warnings: [
      ...sentences(unnamed, 'has no name in a rule, and is not in the profile'),
      ...sentences(levels, 'has a level that the process did not have; no rule changes that'),
    ],
  };
}

/** The line may be one of a log that says on which machine records were made; native architectures do not matter. */
function selinuxRecordOf(line: string): readonly SelinuxRecord[] {
  const record = parseAuditLine(line, 'SCMP_ARCH_X86_64');
  return record?.type === 'selinux' ? [record] : [];
}

function sentences(counted: readonly Counted[], what: string): readonly string[] {
  return counted.map(({ text, count }) => `${text} (${String(count)} times) ${what}`);
}
