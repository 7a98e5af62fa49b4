// SPDX-License-Identifier: Apache-2.0
// When recordings of one container have together shown something new for the last time. Each tells only when it was new
// to itself, so what follows is a bound: it may be later than the truth, never earlier.

/** The names that a recording has seen, and when. */
export interface TimedNames {
  readonly names: ReadonlySet<string>;
  /** RFC 3339, when a name was last seen that this recording had not shown; undefined where it is not told. */
  readonly lastNew: string | undefined;
}

/**
 * The earliest time at which all names are known to have been seen (RFC 3339): those whose last news are oldest show
 * what they show, and later ones count only where they add to it. Undefined where no recording tells its time, and
 * where one that does not tell has added something.
 */
export function lastNews(recordings: readonly TimedNames[]): string | undefined {
  const timed = recordings.filter(({ lastNew }) => lastNew !== undefined);
  const inOrder = [...timed].sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : Number(timeOf(a) !== timeOf(b))));
  const seen = new Set<string>();
  let last: string | undefined;
  for (const { names, lastNew } of inOrder) {
    if (!isNews(names, seen)) continue;
    for (const name of names) seen.add(name);
    last = lastNew;
  }
  const untold = recordings.filter(({ lastNew }) => lastNew === undefined);
  return untold.some(({ names }) => isNews(names, seen)) ? undefined : last;
}

function isNews(names: Iterable<string>, seen: ReadonlySet<string>): boolean {
  return [...names].some((name) => !seen.has(name));
}

function timeOf({ lastNew = '' }: TimedNames): string {
  return lastNew;
}
