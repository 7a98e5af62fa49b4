// SPDX-License-Identifier: Apache-2.0
// The order in which entries of several namespaces get room where there is not enough for all: the first of each
// namespace, then the second of each, and so on. So one tenant with thousands of profiles leaves the others theirs.

/**
 * The items in that order.
 * @param compare - which of two items is needed more, and comes first
 */
export function fairOrder<T>(
  items: readonly T[],
  namespaceOf: (item: T) => string,
  compare: (a: T, b: T) => number,
): readonly T[] {
  const turns = new Map<T, number>();
  for (const group of Map.groupBy(items, namespaceOf).values()) {
    for (const [turn, item] of group.toSorted(compare).entries()) turns.set(item, turn);
  }
  return items.toSorted((a, b) => (turns.get(a) ?? 0) - (turns.get(b) ?? 0) || compare(a, b));
}
