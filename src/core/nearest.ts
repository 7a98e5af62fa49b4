// SPDX-License-Identifier: Apache-2.0
// The name that a misspelt one was probably meant to be, so that a message can suggest it.

/**
 * Steps from one word to another: a letter added, dropped, changed, or exchanged with the next (optimal string
 * alignment).
 */
function distance(a: string, b: string, most: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const change = (last[column - 1] ?? 0) + (isSame ? 0 : 1);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = isSwap ? (before[column - 2] ?? 0) + 1 : Infinity;
      current.push(Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, change, swap));
    }
    if (Math.min(...current) > most) return Infinity;
    before = last;
    last = current;
  }
  return last[b.length] ?? Infinity;
}

/** Letters by which a long word may differ; a short one is allowed fewer, because many short words are alike. */
const MOST_STEPS = 2;

/** The candidate nearest to a word; undefined where none is near, or the word is one itself. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const plain = word.toLowerCase();
  let most = Math.min(MOST_STEPS, Math.floor(word.length / 3));
  let found: string | undefined;
  for (const candidate of candidates) {
    if (candidate === word) return undefined;
    if (Math.abs(candidate.length - word.length) > most) continue;
    const steps = distance(plain, candidate.toLowerCase(), most);
    if (steps > most || (steps === most && found !== undefined)) continue;
    most = steps;
    found = candidate;
  }
  return found;
}
