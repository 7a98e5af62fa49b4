// SPDX-License-Identifier: Apache-2.0
// Verdicts by number, as the results of decisions are numbers.
import { returnValue } from '../seccomp/meaning/verdict.ts';
import type { Verdict } from '../seccomp/meaning/verdict.ts';

/** Gives out numbers for verdicts: few, from 0 on. */
export class VerdictNumbers {
  private readonly verdicts: Verdict[] = [];
  private readonly numbers = new Map<number, number>();

  /** The same number for verdicts that are the same. */
  numberOf(verdict: Verdict): number {
    const value = returnValue(verdict);
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    const number = this.verdicts.push(verdict) - 1;
    this.numbers.set(value, number);
    return number;
  }

  /** @throws RangeError for a number that was not given out */
  verdictOf(number: number): Verdict {
    const verdict = this.verdicts[number];
    if (verdict === undefined) throw new RangeError(`no verdict ${String(number)}`);
    return verdict;
  }
}
