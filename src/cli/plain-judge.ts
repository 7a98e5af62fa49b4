// SPDX-License-Identifier: Apache-2.0
// `spoc diff`, `score` and `explain` as nearly everybody types them, read without commander, which takes longer to load
// than the answer itself. All other words are commander's, which knows every option and says what is wrong.

/** A command of these words. */
export type PlainJudgement =
  | { readonly type: 'diff'; readonly before: string; readonly after: string; readonly output: 'text' | 'json' }
  | { readonly type: 'score'; readonly file: string; readonly min: number; readonly output: 'text' | 'json' }
  | {
      readonly type: 'explain';
      readonly file: string;
      readonly call: string | undefined;
      readonly output: 'text' | 'json';
    };

const OUTPUT = ['-o', '--output'];
const MIN = ['-m', '--min'];

/** Sides of diff that are no files. */
const NO_FILE = /^(?:oci:|pid:)/;
const POINTS = /^(?:\d{1,2}|100)$/;

interface Parted {
  readonly words: readonly string[];
  readonly output: 'text' | 'json';
  readonly min: number | undefined;
}

/** Options and words; undefined where there is something else. */
function partsOf(all: readonly string[]): Parted | undefined {
  const words: string[] = [];
  let [output, min]: ['text' | 'json', number | undefined] = ['text', undefined];
  for (let at = 0; at < all.length; at += 1) {
    const [word = '', value = ''] = all.slice(at);
    if (word === '' || word === '--') return undefined;
    if (word === '-' || !word.startsWith('-')) {
      words.push(word);
      continue;
    }
    at += 1;
    if (OUTPUT.includes(word) && (value === 'text' || value === 'json')) output = value;
    else if (MIN.includes(word) && POINTS.test(value)) min = Number(value);
    else return undefined;
  }
  return { words, output, min };
}

/** The command of these words; undefined where commander has to read them. */
export function plainJudgement([name, ...rest]: readonly string[]): PlainJudgement | undefined {
  const parts = partsOf(rest);
  if (parts === undefined) return undefined;
  const { words, output, min } = parts;
  const [first, second, ...others] = words;
  if (first === undefined || others.length > 0) return undefined;
  if (name === 'score') return second === undefined ? { type: name, file: first, min: min ?? 0, output } : undefined;
  if (min !== undefined) return undefined;
  if (name === 'explain') return { type: name, file: first, call: second, output };
  if (name !== 'diff' || second === undefined || words.some((word) => NO_FILE.test(word))) return undefined;
  return { type: name, before: first, after: second, output };
}
