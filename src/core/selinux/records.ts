// SPDX-License-Identifier: Apache-2.0
// From records of refused accesses to the allow rules that would have let them through. Nothing is left out in silence:
// an access that no rule can name is counted with its words, and one that differs in its categories, which no allow
// rule changes, is told beside its rule.
import type { SelinuxRecord } from '../audit/record.ts';
import { dominates, highLevel, lowLevel, parseContext } from './contexts.ts';
import type { Context } from './contexts.ts';
import { allowMap, allowRules } from './rules.ts';
import type { AllowMap } from './rules.ts';
import { classFault, permissionFault, SELF, targetFault } from './words.ts';

/** The fields of a record that are read. */
export type Access = Pick<SelinuxRecord, 'perm' | 'scontext' | 'tcontext' | 'tclass'>;

/** Something of records, and how many of them had it. */
export interface Counted {
  readonly text: string;
  readonly count: number;
}

/** The meaning of records. */
export interface RecordedAccess {
  readonly allow: AllowMap;
  /** Accesses of which no rule can be made, as `CONTEXT CLASS PERMISSION`. */
  readonly unnamed: readonly Counted[];
  /** Accesses in the rules that the categories of the process forbid as well, as `TYPE CLASS LEVEL`. */
  readonly levels: readonly Counted[];
}

/** Gathers records, in any order; each may come many times. */
class AccessLedger {
  private readonly allows: AllowMap[] = [];
  private readonly seen = new Map<string, number>();
  private readonly unnamed = new Map<string, number>();
  private readonly levels = new Map<string, number>();

  /** Takes a record. */
  take(access: Access): void {
    const source = parseContext(access.scontext);
    const target = parseContext(access.tcontext);
    for (const permission of access.perm.split(' ').filter((word) => word !== '')) {
      this.takeOne(access, permission, source, target);
    }
    if (source !== undefined && target !== undefined && isConstrained(source, target)) {
      count(this.levels, `${target.type} ${access.tclass} ${target.range}`);
    }
  }

  private takeOne(access: Access, permission: string, source?: Context, target?: Context): void {
    const { tclass } = access;
    const type = target !== undefined && target.type === source?.type ? SELF : (target?.type ?? '');
    if ((targetFault(type) ?? classFault(tclass) ?? permissionFault(permission)) !== undefined) {
      count(this.unnamed, `${access.tcontext} ${tclass} ${permission}`);
      return;
    }
    const key = `${type} ${tclass} ${permission}`;
    if (!this.seen.has(key)) this.allows.push({ [type]: { [tclass]: [permission] } });
    count(this.seen, key);
  }

  /** The meaning of all that was taken until now, in an order that does not depend on that of the records. */
  recorded(): RecordedAccess {
    return {
      allow: allowMap(allowRules(this.allows)),
      unnamed: listed(this.unnamed),
      levels: listed(this.levels),
    };
  }
}

/** The meaning of records. */
export function recordedAccess(records: Iterable<Access>): RecordedAccess {
  const ledger = new AccessLedger();
  for (const record of records) ledger.take(record);
  return ledger.recorded();
}

/** A process reaches an object whose categories it has. Texts that are no levels forbid nothing. */
function isConstrained(source: Context, target: Context): boolean {
  const [own, wanted] = [highLevel(source.range), lowLevel(target.range)];
  return own !== undefined && wanted !== undefined && !dominates(own, wanted);
}

function count(counts: Map<string, number>, text: string): void {
  counts.set(text, (counts.get(text) ?? 0) + 1);
}

function listed(counts: ReadonlyMap<string, number>): readonly Counted[] {
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : Number(a !== b)));
  return sorted.map(([text, number]) => ({ text, count: number }));
}
