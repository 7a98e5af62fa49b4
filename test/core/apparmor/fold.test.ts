// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { MOST_STATES, statesOf } from '../../../src/core/apparmor/automaton-size.ts';
import { fold } from '../../../src/core/apparmor/fold.ts';
import { literalPattern } from '../../../src/core/apparmor/pattern.ts';
import { renderProfile } from '../../../src/core/apparmor/render.ts';
import { modesOf } from '../../../src/core/apparmor/rules.ts';
import { FileRules } from '../../../src/core/apparmor/spec.ts';
import type { FileRule } from '../../../src/core/apparmor/spec.ts';
import { sha256Hex } from '../../../src/core/sha256.ts';

const READ = { read: true, write: false, map: false, execute: false };
const WRITE = { read: false, write: true, map: false, execute: false };

function rules(paths: readonly string[], access = READ): ReadonlyMap<string, FileRule> {
  const files = new FileRules();
  for (const path of paths) files.add({ pattern: literalPattern(path), access, owned: false });
  return files.sorted();
}

/** Names of 32 hexadecimal digits, of which apparmor_parser compiles 2,000 and refuses 2,500. */
const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => sha256Hex(String(at)).slice(0, 32));

const states = (files: ReadonlyMap<string, FileRule>): number => statesOf(files, ({ access }) => modesOf(access));

describe('the automaton of many paths', () => {
  it('has states for different names, not for different folders with the same names', () => {
    expect(states(rules(names(2500).map((name) => `/d/${name}`)))).to.be.above(MOST_STATES);
    expect(states(rules(names(1800).map((name) => `/d/${name}`)))).to.be.below(MOST_STATES);
    const sameNames = Array.from({ length: 5000 }, (_, at) => `/${String(at).padStart(5, '0')}/usr/share/common/names`);
    expect(states(rules(sameNames))).to.be.below(20_000);
  });

  it('is told of before a node tries', () => {
    const readOnlyPaths = names(2500).map((name) => `/d/${name}`);
    expect(() => renderProfile('a', { abstract: { filesystem: { readOnlyPaths } } })).to.throw(
      /too many and too different/,
    );
  });
});

describe('fold()', () => {
  it('leaves what there is room for', () => {
    const files = rules(names(100).map((name) => `/d/${name}`));
    expect(fold(files)).to.deep.equal({ files, folded: [] });
  });

  it('gives up the names of the largest folder, and of no other one', () => {
    const few = names(20).map((name) => `/few/${name}`);
    const { files, folded } = fold(rules([...names(2500).map((name) => `/many/${name}`), ...few]));
    expect(folded).to.deep.equal(['/many/*']);
    expect([...files.keys()]).to.deep.equal([...few, '/many/*'].sort());
  });

  it('keeps folders, files and different accesses apart', () => {
    const folders = names(2300).map((name) => `/d/${name}/`);
    const written = names(100).map((name) => `/d/${name}`);
    const { files } = fold(new Map([...rules(folders), ...rules(written, WRITE)]));
    const texts = Array.from(files, ([text, { access }]) => `${text} ${modesOf(access)}`);
    expect(texts).to.have.length(101).and.include('/d/*/ r').and.not.include('/d/* wlk');
  });

  it('gives up the names of folders where those hold one file each', () => {
    const { folded } = fold(rules(names(2500).map((name, at) => `/d/${name}/${String(at % 7)}`)));
    expect(folded[0]).to.match(/^\/d\/\*\/\d$/);
  });
});
