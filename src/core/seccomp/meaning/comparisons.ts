// SPDX-License-Identifier: Apache-2.0
// Limits how often conditions are compared with each other in one pass over a profile. Contradictions are found pair by
// pair, and a user may write ten thousand rules: fifty million pairs would hold up every other profile of the node for
// minutes.

/**
 * Most comparisons of one pass: each of 128 rules with 128 of another verdict, less than a tenth of a second. Filters
 * of the kernel have room for 4096 instructions, so what is more than this runs nowhere.
 */
export const MOST_COMPARISONS = 16_384;

/** The comparisons that are left in a pass. */
export class Comparisons {
  private left = MOST_COMPARISONS;

  /** Takes so many; false, and nothing taken, when there are not so many left. */
  spend(count: number): boolean {
    if (count > this.left) return false;
    this.left -= count;
    return true;
  }
}

/** How many pairs differ, where each value stands for one member of a group of equal ones. */
export function differingPairs(groups: Iterable<number>): number {
  const sizes = new Map<number, number>();
  let all = 0;
  for (const group of groups) {
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
    all += 1;
  }
  return [...sizes.values()].reduce((pairs, size) => pairs + size * (all - size), 0) / 2;
}
