// SPDX-License-Identifier: Apache-2.0
// The tables of SECURITY.md: every fault that was mended and every step on a cluster names a test, and it is there.
import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');
const TEXT = readFileSync(path.join(ROOT, 'SECURITY.md'), 'utf8');

interface Row {
  readonly name: string;
  /** The first cell. */
  readonly title: string;
  readonly state: string;
  /** Words in code of the last cell, which name tests by their paths below test/, or a folder of them. */
  readonly named: readonly string[];
}

const ROWS = TEXT.split('\n')
  .filter((line) => /^\| [FC]\d/.test(line))
  .map((line): Row => {
    const cells = line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim());
    const named = [...(cells.at(-1) ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const [title = ''] = cells;
    return { name: title.split(' ')[0] ?? '', title, state: cells[1] ?? '', named };
  });

function isThere(name: string): boolean {
  const places = [`test/${name}.test.ts`, `test/${name}`, `${name}.ts`, name];
  return places.some((place) => existsSync(path.join(ROOT, place)));
}

const numbered = (letter: string, most: number): readonly string[] =>
  Array.from({ length: most }, (_, i) => `${letter}${String(i + 1)}`);

describe('SECURITY.md', () => {
  it('has every fault of the reviews and every step on a cluster', () => {
    const first = ROWS.map(({ title }) => title).join();
    const wanted = [...numbered('C', 21), ...numbered('F', 39)];
    expect(wanted.filter((name) => !new RegExp(`\\b${name}\\b`).test(first))).to.deep.equal([]);
  });

  it('names tests that there are', () => {
    const missing = ROWS.flatMap(({ name, named }) =>
      named.filter((one) => /^[\w./-]+\/[\w./-]+$/.test(one) && !isThere(one)).map((one) => `${name}: ${one}`),
    );
    expect(missing).to.deep.equal([]);
  });

  it('names one for whatever is mended', () => {
    const bare = ROWS.filter(({ state, named }) => state.startsWith('mended') && !named.some(isThere));
    expect(bare.map(({ name }) => name).filter((name) => name !== 'F26')).to.deep.equal([]);
  });
});
